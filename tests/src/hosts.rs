//! A hosts file of one thread's own, for hosts that ask the system for names: a mount namespace has it in place of the
//! machine's. What is not in it is asked of no name server.

use crate::network::sys;
use std::io;
use std::panic::resume_unwind;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process, thread};

/// Whether that can be done here, and why not.
///
/// # Errors
/// What it lacks, and how to get it.
pub fn can_be_given() -> Result<(), String> {
    let tried = thread::spawn(|| give("127.0.0.1 localhost\n").map_err(|e| e.to_string()));
    let tried = tried.join().expect("it does not panic");
    tried.map_err(|e| format!("a hosts file of its own takes a mount namespace: {e}; run it as root"))
}

/// Does something where the hosts file has these lines: what it starts, too.
///
/// # Errors
/// If there can be no such file ([`can_be_given`]).
///
/// # Panics
/// If `work` does.
pub fn within<T: Send>(lines: &str, work: impl FnOnce() -> T + Send) -> io::Result<T> {
    let on_thread = || give(lines).map(|()| work());
    thread::scope(|scope| scope.spawn(on_thread).join()).unwrap_or_else(|panic| resume_unwind(panic))
}

/// Gives this thread, and the threads and programs that it starts, a hosts file with these lines.
pub(crate) fn give(lines: &str) -> io::Result<()> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    sys::own_mounts()?;
    // Nothing that is mounted here is seen outside.
    mount(&["--make-rprivate", "/"])?;
    // Nobody listens there, which is told at once.
    let nobody = "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n";
    for (place, text) in [("/etc/hosts", lines), ("/etc/resolv.conf", nobody)] {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let file = env::temp_dir().join(format!("datagrant-names-{}-{count}", process::id()));
        fs::write(&file, text)?;
        let mounted = mount(&["--bind", &file.to_string_lossy(), place]);
        // The mount keeps what is in it.
        fs::remove_file(&file)?;
        mounted?;
    }
    Ok(())
}

fn mount(arguments: &[&str]) -> io::Result<()> {
    let output = Command::new("mount").args(arguments).output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        )),
    }
}
