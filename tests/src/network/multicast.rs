//! Multicast across a router, by smcrouted(8), which needs no neighbours that speak a protocol.

use super::{Host, wait_until};
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A router's multicast routing. Gone with this.
#[derive(Debug)]
pub struct MulticastRouting {
    daemon: Child,
    folder: PathBuf,
}

impl Host {
    /// Forwards what arrives for these groups, of any source, from one interface to another: what has more than one hop
    /// left.
    #[track_caller]
    pub fn routes_multicast(&self, from: &str, groups: &[&str], to: &str) -> MulticastRouting {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("datagrant-{}-{count}", std::process::id()));
        fs::create_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));

        let mut lines = format!("phyint {from} enable\nphyint {to} enable\n");
        for group in groups {
            lines += &format!("mroute from {from} group {group} to {to}\n");
        }
        let (config, ready) = (folder.join("conf"), folder.join("pid"));
        fs::write(&config, lines).unwrap_or_else(|e| panic!("{}: {e}", config.display()));
        // It ends with the thread that began it, whatever becomes of the test.
        let mut command = self.command("setpriv");
        command.args(["--pdeathsig", "KILL", "smcrouted", "-n", "-N", "-l", "error", "-f"]);
        command
            .arg(config)
            .arg("-P")
            .arg(&ready)
            .arg("-u")
            .arg(folder.join("ipc"));
        let daemon = command.stdin(Stdio::null()).spawn().expect("smcrouted");
        let routing = MulticastRouting { daemon, folder };
        wait_until("smcrouted routes", || ready.exists());
        routing
    }
}

impl Drop for MulticastRouting {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
