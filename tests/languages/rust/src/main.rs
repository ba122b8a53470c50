//! The checks of the Rust SDK: the same, by the same names, as those of the other languages (see `../README.md`).

mod refusals;
mod settings;
mod time;
mod traffic;

use std::io::{self, Write};
use std::process::ExitCode;

type Check = fn() -> anyhow::Result<()>;

const CHECKS: [(&str, Check); 14] = [
    ("echo", traffic::echo),
    ("ipv6", traffic::ipv6),
    ("sizes", traffic::sizes),
    ("order", traffic::order),
    ("connect", traffic::connect),
    ("refused", refusals::refused),
    ("in-use", refusals::in_use),
    ("too-long", refusals::too_long),
    ("denied", refusals::denied),
    ("closed", time::closed),
    ("timers", time::timers),
    ("names", settings::names),
    ("multicast", settings::multicast),
    ("options", settings::options),
];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if wanted == ["throw"] {
        deeper();
    }
    let mut chosen = CHECKS.to_vec();
    if !wanted.is_empty() {
        let find = |name: &String| CHECKS.into_iter().find(|(check, _)| check == name);
        let Some(found) = wanted.iter().map(find).collect() else {
            eprintln!("checks: no check has one of these names: {}", wanted.join(" "));
            return ExitCode::from(2);
        };
        chosen = found;
    }
    let mut ended = ExitCode::SUCCESS;
    for (name, check) in chosen {
        let line = match check() {
            Ok(()) => format!("{name} ok"),
            Err(reason) => {
                ended = ExitCode::FAILURE;
                format!("{name} failed: {reason:#}").replace('\n', " ")
            }
        };
        say(&line);
    }
    ended
}

/// A line, visible at once also where stdout is a pipe.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush()); // who has gone reads nothing
}

/// Not inlined: its name is looked for in what the operator is told.
#[inline(never)]
fn deeper() {
    panic!("the reason that it gives");
}
