//! The guest of a story.

use crate::{BEGIN, BINDS_FIRST};
use datagrant::grants::{Operation, Right, Subject};
use datagrant_tests::dns::NameServer;
use datagrant_tests::{Outcome, Provider, Run, Running, SCRIPTED, Status};
use std::fmt::Display;
use std::net::SocketAddr;
use std::time::Duration;

/// The longest of the stories wait for what lasts 60 s to end.
const LIMIT: Duration = Duration::from_secs(100);

/// A guest without grants.
pub fn guest() -> Guest {
    Guest(Run::new(Provider::Native, SCRIPTED).limit(LIMIT))
}

#[derive(Clone)]
pub struct Guest(pub Run);

macro_rules! rights {
    ($($name:ident = $list:ident $right:ident;)+) => {$(
        #[track_caller]
        pub fn $name(self, pattern: impl Display) -> Guest {
            Guest(self.0.$list(Right::$right, &pattern.to_string()))
        }
    )+};
}

#[allow(dead_code, reason = "each target tells its own stories")]
impl Guest {
    rights! {
        allow_bind = allow Bind;
        allow_broadcast = allow Broadcast;
        allow_resolve = allow Resolve;
        allow_send = allow Send;
        deny_bind = deny Bind;
        allow_join = allow Join;
        deny_broadcast = deny Broadcast;
        deny_resolve = deny Resolve;
        deny_join = deny Join;
        deny_send = deny Send;
    }

    /// Hands in a socket.
    pub fn socket(self, name: &str, address: impl Display) -> Guest {
        Guest(self.0.socket(name, &address.to_string()))
    }

    /// Its names are answered by this server.
    pub fn asks(self, server: &NameServer) -> Guest {
        Guest(self.0.name_server(server.address()))
    }

    /// The embedder's own code has to permit what the grants permit.
    pub fn narrowed(self, code: impl Fn(Operation, &Subject) -> bool + Send + Sync + 'static) -> Guest {
        Guest(self.0.narrow(code))
    }

    /// Tells the whole story: its operations end as it says. `*` at the end of a line stands for the rest of it.
    #[track_caller]
    pub fn tells(self, story: impl AsRef<str>) -> Told {
        self.starts(story).ends()
    }

    /// Begins to tell a story in which others have a part.
    pub fn starts(self, story: impl AsRef<str>) -> Telling {
        let begin = BEGIN.iter().map(|line| (*line).to_owned());
        let lines: Vec<String> = begin.chain(lines(story.as_ref())).collect();
        let operations = lines.iter().map(|line| line.split(" -> ").next().unwrap_or_default());
        let run = operations.fold(self.0, |run, operation| run.arg(operation));
        Telling {
            running: run.start(),
            story: lines,
        }
    }

    /// Tells the story again and again, each time with the grants that the operator was told to add, until nothing is
    /// refused; then it ends as it says.
    #[track_caller]
    pub fn tells_when_fixed(self, story: impl AsRef<str>) {
        let (story, mut guest) = (story.as_ref(), self);
        for _ in lines(story) {
            let told = guest.clone().starts(story).outcome();
            if told.refusals.is_empty() {
                guest.tells(story).refuses("");
                return;
            }
            for refusal in &told.refusals {
                let fixes = refusal.split_once("; fix: ");
                let (_, fixes) = fixes.unwrap_or_else(|| panic!("no fix: {refusal}"));
                for fix in fixes.split(" and ") {
                    let (right, pattern) = fix.split_once(' ').expect("a right and a pattern");
                    let right = right.parse().expect("a right");
                    guest = Guest(guest.0.allow(right, pattern));
                }
            }
        }
        panic!("the fixes do not fix it: {:#?}", guest.starts(story).outcome());
    }
}

/// What the operator is told of a send or connect when nothing at all is granted.
pub fn nothing_granted(operation: &str, to: SocketAddr) -> String {
    let any = match to {
        SocketAddr::V4(_) => "0.0.0.0:0",
        SocketAddr::V6(_) => "[::]:0",
    };
    match BINDS_FIRST {
        true => format!("grants: bind {any}: not granted; fix: bind {any}"),
        false => format!("grants: {operation} {to}: not granted; fix: send {to}"),
    }
}

/// A guest in the middle of its story.
pub struct Telling {
    pub running: Running,
    story: Vec<String>,
}

#[allow(dead_code, reason = "each target tells its own stories")]
impl Telling {
    /// The address with which an operation ended, waited for.
    #[track_caller]
    pub fn address(&self, operation: &str) -> SocketAddr {
        let line = self.running.wait_for_line(&format!("{operation} -> "));
        let address = line.split(" -> ok ").nth(1).and_then(|address| address.parse().ok());
        address.unwrap_or_else(|| panic!("no address: {line}"))
    }

    /// From now on it has the grants of that other guest, and these alone.
    pub fn replaces(&self, other: Guest) {
        self.running.replace_grants(other.0.grants());
    }

    /// It is judged anew, by the grants that it has.
    pub fn reviews(&self) {
        self.running.review_grants();
    }

    /// Waits until an operation has ended.
    #[track_caller]
    pub fn has_done(&self, operation: &str) {
        self.running.wait_for_line(&format!("{operation} -> "));
    }

    /// Waits for the end, which must be as the story says.
    #[track_caller]
    pub fn ends(self) -> Told {
        let story = self.story.clone();
        let outcome = self.outcome();
        let told = lines(&outcome.stdout);
        let same = told.len() == story.len() && told.iter().zip(&story).all(|(told, story)| is_as(told, story));
        assert!(
            same && outcome.status == Status::Exited(0),
            "the story was to be\n{story:#?}\nand was\n{outcome:#?}"
        );
        Told(outcome)
    }

    fn outcome(self) -> Outcome {
        self.running.wait()
    }
}

fn is_as(told: &str, story: &str) -> bool {
    match story.strip_suffix('*') {
        Some(beginning) => told.starts_with(beginning),
        None => told == story,
    }
}

/// A story that ended as it should.
#[must_use]
#[derive(Debug)]
pub struct Told(pub Outcome);

#[allow(dead_code, reason = "each target tells its own stories")]
impl Told {
    /// Whether a line that the guest printed has this in it.
    pub fn has(&self, text: &str) -> bool {
        self.0.stdout.contains(text)
    }

    /// What the operator was told meanwhile: these lines and no others. `*` at the end of a line stands for the rest of it.
    #[track_caller]
    pub fn refuses(self, expected: impl AsRef<str>) {
        let (told, expected) = (&self.0.refusals, lines(expected.as_ref()));
        let same = told.len() == expected.len() && told.iter().zip(&expected).all(|(told, line)| is_as(told, line));
        assert!(same, "the operator was to be told\n{expected:#?}\nof\n{:#?}", self.0);
    }
}

/// The lines of an indented text, empty ones left out.
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}
