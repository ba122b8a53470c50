//! The operator's lines about refusals.

use datagrant::grants::{Denial, Operation};
use datagrant::{Limit, LimitExceeded, Quota, Refusal};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Prints each refusal once: a guest that tries again and again must not drown the operator's other lines.
#[derive(Clone, Default)]
pub struct Reporter {
    told: Arc<Mutex<Told>>,
}

#[derive(Default)]
struct Told {
    lines: HashSet<String>,
    untold: u64,
}

/// The most lines of one run.
const MAX_LINES: usize = 100;

impl Reporter {
    pub fn refused(&self, refusal: &Refusal) {
        let line = line(refusal);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.lines.len() < MAX_LINES && !told.lines.contains(&line) {
            tell!("datagrant: {line}");
            told.lines.insert(line);
        } else {
            told.untold += 1;
        }
    }

    /// How many refusals were not told one by one.
    pub fn finish(&self) {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        match told.untold {
            0 => {}
            1 => tell!("datagrant: 1 more refusal"),
            n => tell!("datagrant: {n} more refusals"),
        }
    }
}

/// How often each limit was in the way, and how to raise it.
pub fn limits(quota: &Quota) {
    for limit in Limit::ALL {
        let (times, value) = (quota.exceeded(limit), quota.limits().get(limit));
        if let (1.., Some(value)) = (times, value) {
            let times = if times == 1 {
                "once".to_owned()
            } else {
                format!("{times} times")
            };
            tell!(
                "datagrant: the limit {limit}={value} was in the way {times}; {}",
                raise(limit, value)
            );
        }
    }
}

/// How a guest was ended that did not end by itself.
pub fn end(error: &wasmtime::Error) -> String {
    match error.downcast_ref::<LimitExceeded>() {
        Some(LimitExceeded { limit, value, .. }) => {
            format!("was ended by the limit {limit}={value}; {}", raise(*limit, *value))
        }
        None => format!("trapped: {error:?}"),
    }
}

fn raise(limit: Limit, value: u64) -> String {
    match limit.greatest().min(value.saturating_mul(2).max(1)) {
        more if more > value => format!("to allow more: --limit {limit}={more}"),
        _ => "it cannot be more".to_owned(),
    }
}

fn line(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Grants(denial) => format!("refused by the grants: {denial}; {}", remedy(denial)),
        Refusal::Withdrawn(denial) => {
            format!("closed, as the grants were replaced: {denial}; {}", remedy(denial))
        }
        Refusal::Tcp => format!("refused: {refusal}; no flag allows it"),
        Refusal::WasiSockets => format!("refused: {refusal}"),
        _ => format!("refused by the kernel: {refusal}"),
    }
}

/// The flags that would allow it.
pub fn remedy(denial: &Denial) -> String {
    // More than one for IPv4 embedded in IPv6, where both addresses are judged, and for binds to groups.
    let flags: Vec<String> = denial
        .fixes()
        .iter()
        .map(|(right, pattern)| format!("--allow-{right} {}", shell_word(pattern)))
        .collect();
    match flags.as_slice() {
        // Which group it is about, nobody has said yet.
        [] if denial.operation() == Operation::MulticastInterface => {
            "allow a group on it, by --allow-send or --allow-join".to_owned()
        }
        [] => "no flag allows it".to_owned(),
        flags => format!("to allow it: {}", flags.join(" ")),
    }
}

/// As any shell takes it: brackets too are patterns, and zsh complains of those that match no file.
fn shell_word(text: &str) -> String {
    if text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_./:,@%".contains(c))
    {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
