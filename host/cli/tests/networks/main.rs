//! Networks that a test makes for itself, in a namespace of its own: what loopback as it is cannot show. They need root and
//! `ip` (Debian: iproute2). Elsewhere they say that they do not run; with CI=true that is a failure.

#[path = "../common/mod.rs"]
mod common;

use common::Program;
use datagrant_tests::{ECHO_SERVER, PROVIDER_VARIABLE};
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A network namespace. Gone with the test.
struct Namespace(String);

impl Namespace {
    /// One with a loopback device of this MTU, in bytes; or why there can be none.
    fn with_mtu(bytes: u32) -> Result<Namespace, String> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "datagrant-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        ip(&["netns", "add", &name])?;
        let namespace = Namespace(name);
        ip(&["-n", &namespace.0, "link", "set", "lo", "mtu", &bytes.to_string(), "up"])?;
        Ok(namespace)
    }

    /// `datagrant run COMPONENT` in it.
    fn run(&self, component: &Path) -> Program {
        Program::new(Command::new("ip"))
            .args(["netns", "exec", &self.0, env!("CARGO_BIN_EXE_datagrant"), "run"])
            .arg(component)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = ip(&["netns", "delete", &self.0]);
    }
}

fn ip(args: &[&str]) -> Result<(), String> {
    let output = Command::new("ip").args(args).output().map_err(|e| format!("ip: {e}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "ip {args:?}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )),
    }
}

/// The kernel refuses to cut segments that the route would have to cut again: the host sends them one by one.
#[test]
fn segments_larger_than_the_route_takes_are_sent_one_by_one() {
    let namespace = match Namespace::with_mtu(1500) {
        Ok(namespace) => namespace,
        Err(why) => {
            let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!ci, "{why}");
            // Not by a macro, whose output a test that passes does not show.
            let how = "as root, with apt-get install iproute2";
            writeln!(io::stderr(), "not run: {why}; to run it: {how}").expect("stderr");
            return;
        }
    };
    let guest = Path::new(ECHO_SERVER).with_file_name("burst_options.wasm");
    let grants = [
        "--allow-bind=127.0.0.1:0,1-65535",
        "--allow-bind=[::1]:0",
        "--allow-bind=0.0.0.0:0",
    ];
    let program = namespace.run(&guest).args(grants).arg("--allow-send=@loopback:*");
    let ended = program.arg("--env").arg(format!("{PROVIDER_VARIABLE}=native")).output();
    ended.status(0);
}
