//! One line of JSON: the time and what happened first, the count last.

use datagrant::Refusal;
use datagrant::grants::{Grounds, Right};
use std::fmt::Write;
use std::time::SystemTime;

/// A line under way, without its time. What a value contains, a quote or a line end, is escaped by the library.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line(String);

/// What decisions are counted by where they are too many: a closed list.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    operation: &'static str,
    verdict: &'static str,
    reason: &'static str,
}

/// A decision: what it is counted by, and its line.
#[derive(Clone, Debug)]
pub struct Decision {
    pub kind: Kind,
    pub line: Line,
}

impl Line {
    pub fn event(event: &str) -> Line {
        Line(String::new()).text("event", event)
    }

    pub fn text(self, key: &str, text: &str) -> Line {
        self.value(key, &text.into())
    }

    pub fn number(self, key: &str, number: u64) -> Line {
        self.value(key, &number.into())
    }

    fn list(self, key: &str, list: Vec<String>) -> Line {
        self.value(key, &list.into())
    }

    fn kind(self, kind: &Kind) -> Line {
        self.text("verdict", kind.verdict).text("reason", kind.reason)
    }

    fn value(mut self, key: &str, value: &serde_json::Value) -> Line {
        // Writing to a string does not fail.
        let _ = write!(self.0, ",{key:?}:{value}");
        self
    }

    /// The whole of it, as of now.
    pub fn finish(&self) -> String {
        let time = humantime::format_rfc3339_millis(SystemTime::now());
        format!("{{\"time\":\"{time}\"{}}}\n", self.0)
    }

    /// That so many decisions of a kind have no line.
    pub fn left_out(worker: usize, kind: &Kind, count: u64) -> Line {
        let line = Line::event("left-out").number("worker", worker as u64);
        line.text("operation", kind.operation).kind(kind).number("count", count)
    }
}

impl Decision {
    pub fn allowed(worker: usize, grounds: &Grounds) -> Decision {
        let kind = Kind {
            operation: grounds.operation().as_str(),
            verdict: "allowed",
            reason: grounds.ground().as_str(),
        };
        let rules = grounds.rules().iter().map(|rule| format!("allow {}", phrase(rule)));
        let line = begin(worker, &kind, &grounds.subject().to_string());
        Decision {
            kind,
            line: line
                .list("rules", rules.collect())
                .list("needs", grounds.needs().iter().map(phrase).collect()),
        }
    }

    /// By the grants, at once or when others took their place; or by the kernel, after the grants had allowed it.
    pub fn refused(worker: usize, refusal: &Refusal) -> Decision {
        let (operation, verdict, reason) = refusal.labels();
        let kind = Kind {
            operation,
            verdict,
            reason,
        };
        let subject = match refusal {
            Refusal::Grants(denial) | Refusal::Withdrawn(denial) => denial.subject().to_string(),
            Refusal::Kernel { address, .. } => address.to_string(),
            // Of another protocol.
            _ => String::new(),
        };
        let mut line = begin(worker, &kind, &subject);
        let (mut rules, mut needs) = (vec![], vec![]);
        if let Refusal::Grants(denial) | Refusal::Withdrawn(denial) = refusal {
            if let Some(ip) = denial.embedded() {
                line = line.text("embedded", &ip.to_string());
            }
            rules.extend(denial.rule().map(|(right, rule)| format!("deny {right} {rule}")));
            needs.extend(denial.fixes().iter().map(phrase));
        }
        Decision {
            kind,
            line: line.list("rules", rules).list("needs", needs),
        }
    }
}

fn begin(worker: usize, kind: &Kind, subject: &str) -> Line {
    let line = Line::event("decision").number("worker", worker as u64);
    line.text("operation", kind.operation)
        .text("subject", subject)
        .kind(kind)
}

/// A grant as it is read: the right, then the pattern.
fn phrase((right, pattern): &(Right, String)) -> String {
    format!("{right} {pattern}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagrant::grants::Operation;
    use std::io;

    #[test]
    fn a_line_is_one_line_whatever_is_in_it() {
        let line = Line::event("decision").text("subject", "a\"b\\\n\u{1b}[2J\u{2028}\",\"verdict\":\"allowed");
        let text = line.finish();
        assert_eq!(text.matches('\n').count(), 1);
        assert!(!text.contains('\u{1b}'));
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["subject"], "a\"b\\\n\u{1b}[2J\u{2028}\",\"verdict\":\"allowed");
        assert_eq!(read.get("verdict"), None);
    }

    #[test]
    fn a_refusal_of_the_kernel_is_told_as_its_code() {
        let refused = |code| {
            let refusal = Refusal::Kernel {
                operation: Operation::Send,
                address: "127.255.255.255:9".parse().unwrap(),
                error: io::Error::from_raw_os_error(code),
            };
            Decision::refused(2, &refusal)
        };
        let line = refused(13).line.finish();
        let (_, rest) = line.split_once("Z\",").unwrap();
        assert_eq!(
            rest,
            "\"event\":\"decision\",\"worker\":2,\"operation\":\"send\",\"subject\":\"127.255.255.255:9\",\
             \"verdict\":\"refused\",\"reason\":\"EACCES\",\"rules\":[],\"needs\":[]}\n"
        );
        assert_eq!(refused(1).kind.reason, "EPERM");
    }
}
