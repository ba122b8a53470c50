//! Finds the services of a type.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use anyhow::Context;
use hickory_proto::op::MessageType;
use hickory_proto::rr::rdata::PTR;
use hickory_proto::rr::{LowerName, Name, RData, Record, RecordType};

use crate::message::{is_internet, message, question, read};
use crate::service::kind;

/// Names that are kept: whoever is on the network could invent more.
const MOST: usize = 500;

/// Of these, so many are named in a query, which is to fit a datagram.
const MOST_KNOWN: usize = 10;

/// What was heard of the services of a type.
pub struct Browser {
    kind: Name,
    services: BTreeMap<LowerName, Heard>,
    hosts: BTreeMap<LowerName, Ipv4Addr>,
}

#[derive(Default)]
struct Heard {
    instance: Option<Name>,
    /// For how many seconds it may be remembered.
    seconds: u32,
    place: Option<(Name, u16)>,
    texts: Option<Vec<String>>,
    told: bool,
}

/// A service that was found, and where it is.
#[derive(Debug, PartialEq)]
pub struct Found {
    pub instance: String,
    pub host: String,
    pub address: Ipv4Addr,
    pub port: u16,
    pub texts: Vec<String>,
}

impl Browser {
    /// For services of this type, such as `_http._tcp`.
    pub fn new(text: &str) -> anyhow::Result<Self> {
        let (services, hosts) = Default::default();
        let kind = kind(text)?;
        Ok(Self { kind, services, hosts })
    }

    /// Asks for services, without those that were heard of (RFC 6762, section 7.1), and for what is missing of these.
    pub fn query(&self) -> anyhow::Result<Vec<u8>> {
        let mut query = message(MessageType::Query);
        query.add_query(question(&self.kind, RecordType::PTR));
        for heard in self.services.values().take(MOST_KNOWN) {
            let Some(instance) = &heard.instance else { continue };
            let known = RData::PTR(PTR(instance.clone()));
            query.add_answer(Record::from_rdata(self.kind.clone(), heard.seconds, known));
            match &heard.place {
                Some((host, _)) if self.hosts.contains_key(&host.into()) && heard.texts.is_some() => {}
                Some((host, _)) if heard.texts.is_some() => {
                    query.add_query(question(host, RecordType::A));
                }
                _ => {
                    query.add_query(question(instance, RecordType::ANY));
                }
            }
        }
        query.to_vec().context("a query that cannot be written")
    }

    /// Takes in what a datagram tells.
    pub fn hear(&mut self, datagram: &[u8]) {
        let Some(message) = read(datagram).filter(|message| message.metadata.message_type == MessageType::Response)
        else {
            return;
        };
        for record in message.answers.into_iter().chain(message.additionals) {
            // A time of 0 is a goodbye.
            if record.ttl > 0 && is_internet(record.dns_class) {
                self.note(record);
            }
        }
    }

    fn note(&mut self, record: Record) {
        let name = LowerName::new(&record.name);
        match record.data {
            RData::PTR(PTR(instance)) if record.name == self.kind && self.kind.zone_of(&instance) => {
                if let Some(heard) = self.service(LowerName::new(&instance)) {
                    (heard.instance, heard.seconds) = (Some(instance), record.ttl);
                }
            }
            RData::SRV(srv) if self.kind.zone_of(&record.name) => {
                if let Some(heard) = self.service(name) {
                    heard.place = Some((srv.target, srv.port));
                }
            }
            RData::TXT(txt) if self.kind.zone_of(&record.name) => {
                if let Some(heard) = self.service(name) {
                    let texts = txt.txt_data.iter().filter(|text| !text.is_empty());
                    heard.texts = Some(texts.map(|text| printable(text)).collect());
                }
            }
            RData::A(address) if self.hosts.len() < MOST || self.hosts.contains_key(&name) => {
                self.hosts.insert(name, address.0);
            }
            _ => {}
        }
    }

    fn service(&mut self, name: LowerName) -> Option<&mut Heard> {
        if self.services.len() >= MOST && !self.services.contains_key(&name) {
            return None;
        }
        Some(self.services.entry(name).or_default())
    }

    /// The services of which all is known and that were not told before.
    pub fn found(&mut self) -> Vec<Found> {
        let mut found = vec![];
        for heard in self.services.values_mut().filter(|heard| !heard.told) {
            let (Some(instance), Some((host, port)), Some(texts)) = (&heard.instance, &heard.place, &heard.texts)
            else {
                continue;
            };
            let Some(&address) = self.hosts.get(&host.into()) else {
                continue;
            };
            heard.told = true;
            found.push(Found {
                instance: printable(instance.iter().next().unwrap_or_default()),
                host: host.to_string(),
                address,
                port: *port,
                texts: texts.clone(),
            });
        }
        found
    }
}

/// Text from the network, such that it cannot move a terminal's cursor.
fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.replace(char::is_control, "?")
}

#[cfg(test)]
#[path = "tests/browser.rs"]
mod tests;
