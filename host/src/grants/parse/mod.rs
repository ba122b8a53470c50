//! Reads patterns. The grammar is the table in the documentation of [`grants`](super).

mod host;
mod ports;

use super::error::{Broken, broken};
use super::pattern::{List, Pattern};
use super::{Host, PatternError, PortSet, Right};

/// Reads a pattern of one of the lists of a right.
pub(super) fn parse(text: &str, right: Right, list: List) -> Result<Pattern, PatternError> {
    pattern(text, right, list).map_err(|rule| PatternError::new(text, rule))
}

fn pattern(text: &str, right: Right, list: List) -> Result<Pattern, Broken> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        let mend = match right {
            Right::Resolve => "write a name, such as example.com",
            _ => "write HOST:PORTS, such as 127.0.0.1:53",
        };
        return broken(0, "the pattern is empty", mend);
    }
    if text.starts_with(char::is_whitespace) {
        return broken(0, "space before the pattern", format!("write {trimmed}"));
    }
    if trimmed.len() < text.len() {
        return broken(trimmed.len(), "space after the pattern", format!("write {trimmed}"));
    }
    let (place, rest) = text.split_once(' ').unwrap_or((text, ""));
    if right == Right::Resolve {
        let host = host::to_resolve(place)?;
        let shared = suffixes(rest, place.len() + 1, right, list)?;
        let ports = PortSet::new();
        return Ok(Pattern { host, ports, shared });
    }
    let (host, ports_at) = split(place)?;
    let mut host = host::host(host, right)?;
    let ports = ports::ports(&place[ports_at..], ports_at, right)?;
    if right == Right::Bind
        && let Host::Address { ip, .. } = &host
        && ip.is_unspecified()
    {
        host = host::wildcard(*ip);
    }
    let shared = suffixes(rest, place.len() + 1, right, list)?;
    Ok(Pattern { host, ports, shared })
}

/// The host, and where the ports begin.
fn split(place: &str) -> Result<(&str, usize), Broken> {
    let no_port = |host: &str| {
        broken(
            place.len(),
            "no port",
            format!("write {host}:PORT, or {host}:* for every port"),
        )
    };
    if place.starts_with('[') {
        let Some(close) = place.find(']') else {
            return broken(0, "the bracket is not closed", "write [ADDRESS]:PORTS");
        };
        let (host, rest) = place.split_at(close + 1);
        return match rest.chars().next() {
            Some(':') => Ok((host, host.len() + 1)),
            Some('@') => host::no_interface(host.len()),
            Some(_) => broken(
                host.len(),
                "only a colon and ports follow the bracket",
                "write [ADDRESS]:PORTS",
            ),
            None => no_port(host),
        };
    }
    match place.split_once(':') {
        None if place.find('@').is_some_and(|at| at > 0) => host::no_interface(place.find('@').unwrap_or(0)),
        None => no_port(place),
        Some((host, ports)) => match ports.find(':') {
            None => Ok((host, host.len() + 1)),
            Some(_) if looks_like_ipv6(place) => broken(
                0,
                "IPv6 addresses stand in brackets",
                "write [ADDRESS]:PORTS, such as [::1]:53",
            ),
            Some(second) => broken(
                host.len() + 1 + second,
                "a second colon",
                "write HOST:PORTS, with commas between ports",
            ),
        },
    }
}

fn looks_like_ipv6(place: &str) -> bool {
    let parses = |text: &str| {
        let end = text.find(['%', '/']).unwrap_or(text.len());
        text[..end].parse::<std::net::Ipv6Addr>().is_ok()
    };
    parses(place) || place.rsplit_once(':').is_some_and(|(host, _)| parses(host))
}

fn suffixes(text: &str, start: usize, right: Right, list: List) -> Result<bool, Broken> {
    let mut shared = false;
    let mut at = start;
    if text.is_empty() {
        return Ok(false);
    }
    for word in text.split(' ') {
        match word {
            "shared" if list == List::Deny => {
                return broken(at, "a denied pattern has no suffix", "remove shared");
            }
            "shared" if right != Right::Bind => {
                let rule = format!("shared is for bind, not for {right}");
                return broken(at, rule, "remove shared");
            }
            "shared" if shared => {
                return broken(at, "shared stands there twice", "write it once");
            }
            "shared" => shared = true,
            "from" => {
                return broken(at, "from is not supported yet", "remove it");
            }
            "" => return broken(at, "two spaces in a row", "write one"),
            _ => {
                let rule = format!("unknown suffix {word:?}");
                let mend = match (right, list) {
                    (Right::Bind, List::Allow) => "write shared, or nothing",
                    _ => "remove it",
                };
                return broken(at, rule, mend);
            }
        }
        at += word.len() + 1;
    }
    Ok(shared)
}
