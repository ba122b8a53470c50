//! The table of what was tried. It is printed when all of it was, past the harness, which keeps what a test that passes
//! prints to itself.

use crate::LENGTHS;
use std::io::Write;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Four clients, two servers.
const TESTS: usize = 8;

static TABLE: Mutex<Table> = Mutex::new(Table {
    rows: Vec::new(),
    tests: 0,
});

struct Table {
    rows: Vec<String>,
    /// How many tests are over.
    tests: usize,
}

/// A test that adds rows. When the last of them is over, passed or failed, the table is printed.
pub struct Test;

impl Drop for Test {
    fn drop(&mut self) {
        let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        table.tests += 1;
        if table.tests == TESTS {
            table.rows.sort();
            let lengths = LENGTHS.iter().map(|length| format!("{length} bytes"));
            let head = line("client", "at", "server", lengths);
            let text = format!("\n{head}\n{}\n", table.rows.join("\n"));
            // Nothing is lost if nobody reads it.
            let _ = std::io::stdout().write_all(text.as_bytes());
        }
    }
}

pub enum Outcome {
    /// It came back byte for byte.
    Same,
    /// The tool cannot send it.
    Cannot(&'static str),
    /// The tool is missing, and this package has it.
    Missing(&'static str),
}

/// A client at an address of a server. It goes into the table when it is dropped, also by a test that fails.
pub struct Row {
    client: &'static str,
    host: IpAddr,
    server: &'static str,
    outcomes: Vec<Outcome>,
}

impl Row {
    pub fn begin(client: &'static str, host: IpAddr, server: &'static str) -> Row {
        Row {
            client,
            host,
            server,
            outcomes: Vec::new(),
        }
    }

    pub fn add(&mut self, outcome: Outcome) {
        self.outcomes.push(outcome);
    }

    fn text(&self) -> String {
        let cells = LENGTHS.iter().enumerate().map(|(n, _)| match self.outcomes.get(n) {
            Some(Outcome::Same) => "same".to_owned(),
            Some(Outcome::Cannot(why)) => (*why).to_owned(),
            Some(Outcome::Missing(package)) => format!("not run: apt-get install {package}"),
            None if matches!(self.outcomes.first(), Some(Outcome::Missing(_))) => String::new(),
            None => "FAILED".to_owned(),
        });
        line(self.client, &self.host.to_string(), self.server, cells)
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        table.rows.push(self.text());
    }
}

fn line(client: &str, host: &str, server: &str, cells: impl Iterator<Item = String>) -> String {
    let mut line = format!("{client:8} {host:10} {server:20}");
    for cell in cells {
        line += &format!(" {cell:16}");
    }
    line.trim_end().to_owned()
}
