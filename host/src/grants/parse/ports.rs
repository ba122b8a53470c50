//! Ports: `80`, `1-5`, `80,443,1000-2000`, `*`.

use std::ops::RangeInclusive;

use super::super::error::{Broken, broken};
use super::super::{PortSet, Right};

/// Reads the ports, which begin at byte `start` of the pattern.
pub(super) fn ports(text: &str, start: usize, right: Right) -> Result<PortSet, Broken> {
    if text.is_empty() {
        return broken(start, "the list of ports is empty", "write a port, or * for every port");
    }
    if right == Right::Broadcast && (text == "*" || text.contains([',', '-'])) {
        return broken(
            start,
            "a broadcast pattern has one port",
            "write one pattern for each port",
        );
    }
    if text == "*" {
        return Ok(PortSet::from_ranges([1..=u16::MAX]));
    }
    let mut at = start;
    let mut ranges = Vec::new();
    for item in text.split(',') {
        ranges.push(range(item, at, right)?);
        at += item.len() + 1;
    }
    Ok(PortSet::from_ranges(ranges))
}

fn range(item: &str, at: usize, right: Right) -> Result<RangeInclusive<u16>, Broken> {
    match item {
        "" => {
            return broken(at, "an empty place in the list of ports", "remove the comma");
        }
        "*" => return broken(at, "* stands by itself", "write * alone, or a list"),
        _ => {}
    }
    let Some((first, last)) = item.split_once('-') else {
        let port = number(item, at)?;
        if port == 0 && right != Right::Bind {
            return broken(at, "port 0 is no destination", "write a port from 1 to 65535");
        }
        return Ok(port..=port);
    };
    let last_at = at + first.len() + 1;
    if first.is_empty() || last.is_empty() {
        let place = if first.is_empty() { at } else { last_at };
        return broken(place, "a range needs both ends", "write FIRST-LAST");
    }
    let (first, last) = (number(first, at)?, number(last, last_at)?);
    if first == 0 {
        let mend = match right {
            Right::Bind => "write it apart, as in 0,1-5",
            _ => "begin at 1",
        };
        return broken(at, "port 0 is in no range", mend);
    }
    if first > last {
        return broken(at, "the range is reversed", format!("write {last}-{first}"));
    }
    Ok(first..=last)
}

fn number(text: &str, at: usize) -> Result<u16, Broken> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return broken(
            at,
            format!("{text:?} is no port"),
            "write a number, a range such as 1-5, or *",
        );
    }
    if text.len() > 1 && text.starts_with('0') {
        let digits = match text.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        };
        return broken(at, "a port has no leading zero", format!("write {digits}"));
    }
    match text.parse() {
        Ok(port) => Ok(port),
        Err(_) => broken(
            at,
            format!("port {text} is above 65535"),
            "write a port from 1 to 65535",
        ),
    }
}
