//! What stands after host and ports: `shared`, `from SOURCE`.

use ipnet::IpNet;

use super::super::Right;
use super::super::address::is_special;
use super::super::error::{Broken, broken};
use super::super::pattern::{Family, Host, List};

/// What the suffixes say.
#[derive(Default)]
pub(super) struct Suffixes {
    pub(super) shared: bool,
    pub(super) source: Option<IpNet>,
}

/// Reads the suffixes, which begin at byte `start` of the pattern. `host` is what they stand behind.
pub(super) fn suffixes(text: &str, start: usize, host: &Host, right: Right, list: List) -> Result<Suffixes, Broken> {
    let mut read = Suffixes::default();
    let mut at = start;
    if text.is_empty() {
        return Ok(read);
    }
    let mut words = text.split(' ');
    while let Some(word) = words.next() {
        match word {
            "shared" | "from" if list == List::Deny => {
                return broken(at, "a denied pattern has no suffix", format!("remove {word}"));
            }
            "shared" if right != Right::Bind => {
                let rule = format!("shared is for bind, not for {right}");
                return broken(at, rule, "remove shared");
            }
            "from" if right != Right::Bind && right != Right::Join => {
                let rule = format!("from is for bind and join, not for {right}");
                return broken(at, rule, "remove it");
            }
            "shared" if read.shared => {
                return broken(at, "shared stands there twice", "write it once");
            }
            "from" if read.source.is_some() => {
                return broken(at, "from stands there twice", "write one pattern for each source");
            }
            "shared" => read.shared = true,
            "from" => {
                let source_at = at + "from ".len();
                let Some(source) = words.next().filter(|source| !source.is_empty()) else {
                    return broken(
                        at + "from".len(),
                        "from needs a source",
                        "write an address or a CIDR after it",
                    );
                };
                read.source = Some(self::source(source, source_at, host)?);
                at = source_at + source.len() + 1;
                continue;
            }
            "" => return broken(at, "two spaces in a row", "write one"),
            _ => {
                let rule = format!("unknown suffix {word:?}");
                let mend = match (right, list) {
                    (Right::Bind, List::Allow) => "write from SOURCE, shared, or nothing",
                    (Right::Join, List::Allow) => "write from SOURCE, or nothing",
                    _ => "remove it",
                };
                return broken(at, rule, mend);
            }
        }
        at += word.len() + 1;
    }
    Ok(read)
}

/// A unicast address, or a CIDR, of the host's family.
fn source(text: &str, at: usize, host: &Host) -> Result<IpNet, Broken> {
    let moved = |rule: Broken| Broken {
        at: rule.at + at,
        ..rule
    };
    let source = match super::host::address(text, Right::Join).map_err(moved)? {
        Host::Address { zone: Some(_), .. } => {
            return broken(
                at,
                "a source has no zone",
                match host {
                    Host::Groups { .. } => "write it without: the group has the interface",
                    _ => "write it without",
                },
            );
        }
        Host::Address { ip, .. } if is_special(ip) => {
            return broken(at, "a source is a unicast address", "write one address, or a CIDR");
        }
        Host::Address { ip, .. } => IpNet::from(ip),
        Host::Net(net) => net,
        _ => return broken(at, "a source is a unicast address", "write one address, or a CIDR"),
    };
    let family = match source {
        IpNet::V4(_) => Family::V4,
        IpNet::V6(_) => Family::V6,
    };
    match host {
        Host::Groups { .. } if !host.is_in(family) => broken(
            at,
            "group and source are of different families",
            "write a source of the group's",
        ),
        _ if !host.is_in(family) => broken(
            at,
            "address and source are of different families",
            "write a source of the address's",
        ),
        _ => Ok(source),
    }
}
