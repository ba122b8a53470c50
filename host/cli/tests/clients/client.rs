//! The clients, each as a command that sends what it reads from stdin as one datagram and writes the answer to stdout.

use crate::common::{Folder, Program};
use std::fs::File;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A client gives up after this; none of them takes as long when it is answered.
const SECONDS: u64 = 10;

pub struct Client {
    pub name: &'static str,
    /// Debian's.
    pub package: &'static str,
    /// Why it cannot send a datagram of this length, or none.
    pub limit: fn(usize) -> Option<&'static str>,
    command: fn(SocketAddr) -> Command,
    /// What its help says if it is the right one of several of this name.
    known_by: Option<&'static str>,
}

/// socat sends an empty datagram when its input ends (shut-null) and ends when one comes back (null-eof).
pub const SOCAT: Client = Client {
    name: "socat",
    package: "socat",
    limit: |_| None,
    command: |to| {
        let family = if to.is_ipv4() { 4 } else { 6 };
        let mut socat = Command::new("socat");
        socat.args(["-b", "65536", "-t", &SECONDS.to_string(), "-"]);
        socat.arg(format!("UDP{family}:{to},shut-null,null-eof"));
        socat
    },
    known_by: None,
};

pub const NC: Client = Client {
    name: "nc",
    package: "netcat-openbsd",
    limit: |length| match length {
        0 => Some("sends nothing"),
        1..=16_384 => None,
        _ => Some("splits at 16 KiB"),
    },
    command: |to| {
        let mut nc = Command::new("nc");
        nc.args(["-u", "-W", "1", "-w", &SECONDS.to_string()]);
        nc.args([to.ip().to_string(), to.port().to_string()]);
        nc
    },
    known_by: Some("OpenBSD"),
};

pub const PYTHON: Client = Client {
    name: "python3",
    package: "python3",
    limit: |_| None,
    command: |to| {
        let mut python = Command::new("python3");
        python.args(["-c", include_str!("client.py"), &SECONDS.to_string()]);
        python.args([to.ip().to_string(), to.port().to_string()]);
        python
    },
    known_by: None,
};

pub const NODE: Client = Client {
    name: "node",
    package: "nodejs",
    limit: |_| None,
    command: |to| {
        let mut node = Command::new("node");
        node.args(["-e", include_str!("client.js"), &SECONDS.to_string()]);
        node.args([to.ip().to_string(), to.port().to_string()]);
        node
    },
    known_by: None,
};

impl Client {
    pub fn is_there(&self) -> bool {
        let path = std::env::var_os("PATH").unwrap_or_default();
        if !std::env::split_paths(&path).any(|folder| folder.join(self.name).is_file()) {
            return false;
        }
        let Some(text) = self.known_by else { return true };
        let help = Command::new(self.name).arg("-h").stdin(Stdio::null()).output();
        help.is_ok_and(|help| {
            let printed = [help.stdout, help.stderr].concat();
            String::from_utf8_lossy(&printed).contains(text)
        })
    }

    /// Sends a datagram; the answer.
    #[track_caller]
    pub fn exchange(&self, sent: &[u8], to: SocketAddr) -> Vec<u8> {
        let folder = Folder::new();
        // From a file: a pipe may be read in parts, and each would be a datagram.
        let input = File::open(folder.file("input", sent)).expect("it was written just now");
        let started = Instant::now();
        let ended = Program::new((self.command)(to)).stdin(input).output();
        let ended = ended.status(0).stderr("");
        assert!(started.elapsed() < Duration::from_secs(SECONDS), "no answer: {ended:?}");
        ended.stdout_bytes
    }
}
