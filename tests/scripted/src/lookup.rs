//! The operations on lookups.

use crate::operation::{joined, milliseconds, number, split, times};
use crate::text;
use datagrant_guest::bindings::name_lookup::Lookup;
use datagrant_guest::bindings::types::{ErrorCode, Interest, IpAddress, IpAddressFamily};
use datagrant_guest::bindings::wait::wait;
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The lookups, by name.
#[derive(Default)]
pub struct Lookups {
    named: HashMap<String, Lookup>,
    /// Those of `lookup-many`.
    many: Vec<Lookup>,
}

impl Lookups {
    /// `name` and `verb: rest` as of sockets.
    pub fn perform(&mut self, name: &str, verb: &str, rest: &str) -> Result<String, String> {
        Ok(match verb {
            "lookup" => {
                let (host, family) = asked(rest)?;
                text::result(Lookup::start(host, family).and_then(|lookup| answered(&lookup)))
            }
            "lookup-start" => {
                // First, so that the limit counts it once.
                self.named.remove(name);
                let (host, family) = asked(rest)?;
                text::result(Lookup::start(host, family).map(|lookup| {
                    self.named.insert(name.to_owned(), lookup);
                    String::new()
                }))
            }
            "lookup-answer" => text::result(self.get(name)?.answer().map(addresses)),
            "lookup-wait" => {
                let patience = match rest {
                    "" => None,
                    ms => Some(milliseconds(ms)?.as_nanos() as u64),
                };
                match wait(&receive_of(self.get(name)?), patience) {
                    Ok(ready) if ready.receive.is_empty() => "nothing".to_owned(),
                    Ok(_) => "ready".to_owned(),
                    Err(error) => text::code(error).to_owned(),
                }
            }
            "lookup-drop" => {
                self.named.remove(name);
                "ok".to_owned()
            }
            "lookup-many" => {
                let (count, rest) = split(rest);
                let (host, family) = asked(rest)?;
                let mut ends = BTreeMap::<&str, u64>::new();
                for _ in 0..number(count)? {
                    let end = match Lookup::start(host, family) {
                        Ok(lookup) => {
                            self.many.push(lookup);
                            "ok"
                        }
                        Err(error) => text::code(error),
                    };
                    *ends.entry(end).or_default() += 1;
                }
                times(ends)
            }
            "lookup-drop-many" => {
                self.many.clear();
                "ok".to_owned()
            }
            _ => return Err(format!("no operation {verb}")),
        })
    }

    fn get(&self, name: &str) -> Result<&Lookup, String> {
        self.named.get(name).ok_or_else(|| format!("no lookup {name}"))
    }
}

fn receive_of(lookup: &Lookup) -> Interest {
    Interest {
        receive: vec![lookup.id()],
        send: vec![],
    }
}

/// The answer, waited for.
fn answered(lookup: &Lookup) -> Result<String, ErrorCode> {
    loop {
        match lookup.answer() {
            Err(ErrorCode::WouldBlock) => wait(&receive_of(lookup), None)?,
            answer => return answer.map(addresses),
        };
    }
}

fn asked(text: &str) -> Result<(&str, Option<IpAddressFamily>), String> {
    let (host, family) = split(text);
    let family = match family {
        "" => None,
        "ipv4" => Some(IpAddressFamily::Ipv4),
        "ipv6" => Some(IpAddressFamily::Ipv6),
        _ => return Err("ipv4 or ipv6?".to_owned()),
    };
    Ok((host, family))
}

fn addresses(all: Vec<IpAddress>) -> String {
    joined(all.into_iter().map(|address| {
        match address {
            IpAddress::Ipv4(ip) => IpAddr::V4(Ipv4Addr::from(<[u8; 4]>::from(ip))),
            IpAddress::Ipv6(ip) => IpAddr::V6(Ipv6Addr::from(<[u16; 8]>::from(ip))),
        }
        .to_string()
    }))
}
