//! A network namespace, without a name.

use super::sys;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::panic::resume_unwind;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

/// A network namespace. It ends when the last handle, and the last process and socket in it, is gone; so it is gone with
/// the test, even when that was killed.
#[derive(Clone, Debug)]
pub(super) struct Namespace(Arc<File>);

impl Namespace {
    pub(super) fn new() -> io::Result<Namespace> {
        let made = thread::spawn(|| {
            sys::leave()?;
            File::open("/proc/thread-self/ns/net")
        });
        Ok(Namespace(Arc::new(made.join().expect("it does not panic")?)))
    }

    /// Where other processes find it.
    pub(super) fn path(&self) -> String {
        format!("/proc/{}/fd/{}", std::process::id(), self.0.as_raw_fd())
    }

    /// Does something on a thread in it. A socket that is made there stays there.
    #[track_caller]
    pub(super) fn within<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let on_thread = || {
            sys::enter(&self.0).expect("a network namespace");
            work()
        };
        thread::scope(|scope| scope.spawn(on_thread).join()).unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// A program in it. Its id is that of the child that is spawned.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net={}", self.path())).arg("--").arg(program);
        command
    }

    /// What ip(8) does by these lines, each without the `ip`.
    #[track_caller]
    pub(super) fn ip(&self, lines: &str) {
        self.tell(Command::new("ip").args(["-batch", "-"]), lines);
    }

    /// Runs a program in it that reads `input`: what it prints.
    #[track_caller]
    pub(super) fn tell(&self, command: &mut Command, input: &str) -> String {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let output = self.within(|| {
            let mut child = command.spawn()?;
            // Dropped, so that it ends.
            child.stdin.take().expect("a pipe").write_all(input.as_bytes())?;
            child.wait_with_output()
        });
        let output = output.unwrap_or_else(|e| panic!("{command:?}: {e}"));
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?} of {input:?}: {problem}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Sets what sysctl(8) sets: `net.ipv4.ip_forward`.
    #[track_caller]
    pub(super) fn sysctl(&self, settings: &[(&str, &str)]) {
        self.within(|| {
            for (name, value) in settings {
                let path = format!("/proc/sys/{}", name.replace('.', "/"));
                fs::write(&path, value).unwrap_or_else(|e| panic!("{path}: {e}"));
            }
        });
    }
}
