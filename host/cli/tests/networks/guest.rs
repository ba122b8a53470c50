//! The guest of a story, on one of the hosts.

use crate::common::{Program, Started, run_on};
use datagrant_tests::SCRIPTED;
use datagrant_tests::network::Host;
pub use datagrant_tests::network::receives;
use std::net::UdpSocket;
use std::process::Stdio;

/// How a story begins that is told twice: by the contract, and by `wasi:sockets`.
pub const TWICE: [&str; 2] = ["", "wasi on -> ok\n"];

/// Runs the guest `scripted` there with these grants. The story is its transcript: operation, ` -> `, and how it ends.
pub fn guest(host: &Host, grants: &[&str], story: impl AsRef<str>) -> Guest {
    let story = story.as_ref().to_owned();
    let operations: Vec<&str> = story
        .lines()
        .map(|line| line.split(" -> ").next().unwrap_or_default())
        .collect();
    let program: Program = run_on(host, SCRIPTED).args(grants).stdin(Stdio::piped());
    let started = program.story(operations.join("\n")).start();
    Guest { started, story }
}

/// A guest in the middle of its story.
pub struct Guest {
    started: Started,
    story: String,
}

impl Guest {
    /// Waits until an operation that begins so has ended: then it prints its line.
    #[track_caller]
    pub fn has_done(&mut self, operation: &str) {
        self.started.wait_for_line(operation);
    }

    /// Lets it go on, when its story has come to `input -> "\\n"`.
    #[track_caller]
    pub fn goes_on(&mut self) {
        self.started.says("\n");
    }

    /// Waits for the end, which must be as the story says. `*` at the end of a line stands for the rest of it. The
    /// operator must have read these lines, each with `datagrant: ` before, and no others.
    #[track_caller]
    pub fn ends(self, operator: &str) {
        let operator: Vec<String> = operator
            .lines()
            .map(|line| format!("datagrant: {}", line.trim()))
            .collect();
        let ended = self.started.ends().status(0).stdout(&self.story);
        ended.stderr(operator.join("\n"));
    }
}

/// Sends a datagram from a socket of the test's.
#[track_caller]
pub fn sends(socket: &UdpSocket, text: &str, to: &str) {
    socket
        .send_to(text.as_bytes(), to)
        .unwrap_or_else(|e| panic!("{to}: {e}"));
}
