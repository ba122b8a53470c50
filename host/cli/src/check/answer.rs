//! What is printed: a line for each operation, and what else there is to know.

use crate::report;
use datagrant::grants::{Basis, Bind, BindPermit, Denial, Endpoint, Grants, Ports, Request, grounds};
use std::fmt;

/// Whether operations are allowed, all of them, and by which rules.
#[derive(Debug, Default)]
pub struct Answer {
    lines: Vec<Line>,
    notes: Vec<String>,
}

#[derive(Debug)]
struct Line {
    allowed: bool,
    operation: &'static str,
    subject: String,
    /// By what, or why not and what would allow it.
    why: String,
}

impl Answer {
    /// What was decided.
    pub fn of<R: Request>(grants: &Grants, request: &R, decided: Result<R::Permit, Denial>) -> Answer {
        let line = match decided {
            Ok(permit) => {
                let grounds = grounds(grants, request, &permit);
                Line {
                    allowed: true,
                    operation: grounds.operation().as_str(),
                    subject: grounds.subject().to_string(),
                    why: after_colon(&grounds, grounds.subject()),
                }
            }
            Err(denial) => Line {
                allowed: false,
                operation: denial.operation().as_str(),
                subject: denial.subject().to_string(),
                why: format!(
                    "{}; {}",
                    after_colon(&denial, denial.subject()),
                    report::remedy(&denial)
                ),
            },
        };
        Answer {
            lines: vec![line],
            notes: vec![],
        }
    }

    /// What a broadcast is to what is granted as unicast.
    pub fn no_broadcast(remote: Endpoint) -> Answer {
        let line = Line {
            allowed: false,
            operation: "broadcast",
            subject: remote.to_string(),
            why: format!("granted as unicast, which the kernel refuses; to allow it: --allow-broadcast {remote}"),
        };
        Answer {
            lines: vec![line],
            notes: vec![],
        }
    }

    /// Of something else that the address stands for.
    pub fn about(mut self, subject: String) -> Answer {
        for line in &mut self.lines {
            line.subject.clone_from(&subject);
        }
        self
    }

    /// Both.
    pub fn and(mut self, other: Answer) -> Answer {
        self.lines.extend(other.lines);
        self.notes.extend(other.notes);
        self
    }

    pub fn noting(mut self, note: impl fmt::Display) -> Answer {
        self.notes.push(note.to_string());
        self
    }

    /// What a permitted bind gets.
    pub fn bound(self, request: &Bind, permit: &BindPermit) -> Answer {
        let mut answer = self;
        if permit.basis == Basis::Client {
            answer = answer.noting("it hears only from whom it wrote to");
        }
        if let Ports::Within(ports) = &permit.ports {
            answer = answer.noting(format_args!("on a free port of {ports}"));
        }
        if request.dual_stack && permit.ipv6_only && request.local.is_unspecified() {
            answer = answer.noting("for IPv6 alone");
        }
        if request.reuse && !permit.reuse {
            answer = answer.noting("without reuse, which port 0 has none of");
        }
        answer
    }

    pub fn is_allowed(&self) -> bool {
        self.lines.iter().all(|line| line.allowed)
    }
}

/// What is told of an operation, behind its subject.
fn after_colon(told: &impl fmt::Display, subject: &impl fmt::Display) -> String {
    let (line, subject) = (told.to_string(), format!(" {subject}: "));
    match line.split_once(&subject) {
        Some((_, rest)) => rest.to_owned(),
        None => line,
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Line {
            allowed,
            operation,
            subject,
            why,
        } in &self.lines
        {
            let verdict = if *allowed { "allowed" } else { "denied" };
            writeln!(f, "{verdict}: {operation} {subject}: {why}")?;
        }
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        Ok(())
    }
}
