//! The grants file.

use super::seen::{Patterns, Seen, Use};
use datagrant::grants::Right;
use std::fmt::Write;
use std::path::Path;

pub fn print(seen: &Seen, audit: &Path, include_denied: bool) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut text, seen, audit, include_denied);
    text
}

fn write(text: &mut String, seen: &Seen, audit: &Path, include_denied: bool) -> std::fmt::Result {
    let path = audit.to_string_lossy();
    writeln!(
        text,
        "# What {} says was used, and no more: for a person to review.",
        path.escape_debug()
    )?;
    let when = match seen.time.count {
        0 => "no decisions".to_owned(),
        1 => format!("1 decision, {}", times(&seen.time)),
        n => format!("{n} decisions, {}", times(&seen.time)),
    };
    writeln!(text, "# {}: {when}.", counted(seen.runs, "run"))?;
    if seen.replies > 0 {
        let replies = if seen.replies == 1 { "reply" } else { "replies" };
        writeln!(text, "# {} {replies}, which bind includes.", seen.replies)?;
    }
    if seen.client_sockets > 0 {
        writeln!(
            text,
            "# {}, which send includes.",
            counted(seen.client_sockets, "client socket")
        )?;
    }
    if seen.refused > 0 {
        writeln!(
            text,
            "# {} by the kernel, of what the grants allowed.",
            counted(seen.refused, "refusal")
        )?;
    }
    if seen.withdrawn > 0 {
        let count = counted(seen.withdrawn, "withdrawal");
        writeln!(text, "# {count}: grants were replaced while it ran.")?;
    }
    if seen.left_out > 0 {
        let count = counted(seen.left_out, "decision");
        writeln!(
            text,
            "# {count} had no place in the audit: some of what was used may be missing here."
        )?;
    }
    if seen.cut > 0 {
        let count = counted(seen.cut, "line");
        writeln!(text, "# {count} of the audit ended too early, as a crash leaves them.")?;
    }
    let suggested = seen.suggested();
    let sends = |patterns: &Patterns| {
        patterns
            .keys()
            .any(|(right, _)| matches!(right, Right::Send | Right::Broadcast))
    };
    if seen.client_sockets > 0 && !sends(&suggested) {
        writeln!(
            text,
            "# Nothing was sent: a client socket takes some grant to send, or a bind grant of port 0."
        )?;
    }
    writeln!(text, "[allow]")?;
    for right in Right::ALL {
        list(text, right, &suggested, &seen.denied, include_denied)?;
    }
    for (address, usage) in &seen.handed_in {
        let address = address.escape_debug();
        writeln!(
            text,
            "# Handed in, as by --socket or [sockets]: {address}; taken {}",
            used("", usage)
        )?;
    }
    for (what, usage) in &seen.hopeless {
        let what = what.escape_debug();
        writeln!(text, "# No grant allows: {what}; {}", used("denied ", usage))?;
    }
    Ok(())
}

/// A right's patterns; those that were denied as comments, unless they are wanted.
fn list(text: &mut String, right: Right, used_ones: &Patterns, denied: &Patterns, include: bool) -> std::fmt::Result {
    let of_right = |patterns: &'_ Patterns| -> Vec<(String, Use)> {
        let own = patterns.iter().filter(|((own, _), _)| *own == right);
        own.map(|((_, pattern), (_, usage))| (pattern.clone(), usage.clone()))
            .collect()
    };
    let (allowed, denied) = (of_right(used_ones), of_right(denied));
    if allowed.is_empty() && denied.is_empty() {
        return Ok(());
    }
    writeln!(text, "{right} = [")?;
    for (pattern, usage) in &allowed {
        writeln!(text, "    {pattern:?}, # {}", used("", usage))?;
    }
    let off = if include { "" } else { "# " };
    for (pattern, usage) in denied
        .iter()
        .filter(|(pattern, _)| allowed.iter().all(|(other, _)| other != pattern))
    {
        writeln!(text, "    {off}{pattern:?}, # {}", used("denied ", usage))?;
    }
    writeln!(text, "]")
}

/// How often, and when.
fn used(how: &str, usage: &Use) -> String {
    let often = match usage.count {
        1 => "once".to_owned(),
        n => format!("{n} times"),
    };
    format!("{how}{often}, {}", times(usage))
}

fn times(usage: &Use) -> String {
    let Use { first, last, .. } = usage;
    let (first, last) = (first.escape_debug(), last.escape_debug());
    match usage.first == usage.last {
        true => first.to_string(),
        false => format!("{first} to {last}"),
    }
}

fn counted(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}
