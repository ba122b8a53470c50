//! Reads patterns. The grammar is the table in the documentation of [`grants`](super).

mod host;
mod interface;
mod ports;
mod suffixes;

use suffixes::Suffixes;

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
            Right::Join => "write a group, such as 224.0.0.251@eth0",
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
        let Suffixes { shared, source } = suffixes::suffixes(rest, place.len() + 1, &host, right, list)?;
        return Ok(Pattern {
            host,
            ports: PortSet::new(),
            shared,
            source,
        });
    }
    let Place { host, interface, ports } = split(place, right)?;
    let mut host = host::host(host, interface, right)?;
    let ports = match ports {
        Some(at) => ports::ports(&place[at..], at, right)?,
        None => PortSet::new(),
    };
    if right == Right::Bind
        && let Host::Address { ip, .. } = &host
        && ip.is_unspecified()
    {
        host = host::wildcard(*ip);
    }
    let Suffixes { shared, source } = suffixes::suffixes(rest, place.len() + 1, &host, right, list)?;
    Ok(Pattern {
        host,
        ports,
        shared,
        source,
    })
}

/// The parts of what stands before the suffixes.
struct Place<'a> {
    host: &'a str,
    /// What follows `@`, and where.
    interface: Option<(usize, &'a str)>,
    /// Where the ports begin; none in a join.
    ports: Option<usize>,
}

fn split(place: &str, right: Right) -> Result<Place<'_>, Broken> {
    let close = match place.starts_with('[') {
        true => match place.find(']') {
            Some(close) => close + 1,
            None => {
                return broken(
                    0,
                    "the bracket is not closed",
                    format!("write {}", shape("[ADDRESS]", right)),
                );
            }
        },
        false => 0,
    };
    // A class begins with its `@`.
    let end = match place[close..].find(['@', ':']) {
        Some(0) if close == 0 && place.starts_with('@') => place.find(':').unwrap_or(place.len()),
        Some(end) => close + end,
        None => place.len(),
    };
    let (host, rest) = place.split_at(end);
    if close > 0 && end > close {
        let rule = match right {
            Right::Join => "only @ and an interface follow the bracket",
            _ => "only a colon and ports follow the bracket",
        };
        return broken(close, rule, format!("write {}", shape("[ADDRESS]", right)));
    }
    let (interface, colon) = match rest.strip_prefix('@') {
        Some(text) => {
            let length = text.find(':').unwrap_or(text.len());
            (Some((end + 1, &text[..length])), end + 1 + length)
        }
        None => (None, end),
    };
    let Some(ports) = place[colon..].strip_prefix(':') else {
        return match right {
            Right::Join => Ok(Place {
                host,
                interface,
                ports: None,
            }),
            _ => broken(
                place.len(),
                "no port",
                format!("write {place}:PORT, or {place}:* for every port"),
            ),
        };
    };
    if close == 0 && ports.contains(':') && looks_like_ipv6(place) {
        let example = match right {
            Right::Join => "such as [ff02::fb]",
            _ => "such as [::1]:53",
        };
        return broken(
            0,
            "IPv6 addresses stand in brackets",
            format!("write {}, {example}", shape("[ADDRESS]", right)),
        );
    }
    if right == Right::Join {
        return broken(colon, "a join has no ports", format!("write {}", &place[..colon]));
    }
    if close == 0
        && let Some(second) = ports.find(':')
    {
        return broken(
            colon + 1 + second,
            "a second colon",
            "write HOST:PORTS, with commas between ports",
        );
    }
    Ok(Place {
        host,
        interface,
        ports: Some(colon + 1),
    })
}

/// What a pattern looks like.
fn shape(host: &str, right: Right) -> String {
    match right {
        Right::Join => host.to_owned(),
        _ => format!("{host}:PORTS"),
    }
}

fn looks_like_ipv6(place: &str) -> bool {
    let parses = |text: &str| {
        let end = text.find(['%', '/', '@']).unwrap_or(text.len());
        text[..end].parse::<std::net::Ipv6Addr>().is_ok()
    };
    parses(place) || place.rsplit_once(':').is_some_and(|(host, _)| parses(host))
}
