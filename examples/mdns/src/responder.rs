//! Advertises a service: asks whether its names are free, announces it, answers who asks.

use std::time::{Duration, Instant};

use anyhow::bail;
use hickory_proto::op::{Message, MessageType, Query};
use hickory_proto::rr::{DNSClass, Record, RecordType};

use crate::PORT;
use crate::message::{is_internet, message, question, read};
use crate::service::Service;

/// "A responder MUST NOT multicast a record until at least one second has elapsed since the last time" (RFC 6762, section 6).
const AGAIN: Duration = Duration::from_secs(1);
/// Unless somebody is about to take the name.
const AGAIN_TO_PROBES: Duration = Duration::from_millis(250);
/// Who asks from another port knows nothing of multicast DNS: it must not remember the answer for long (section 6.7).
const LEGACY_SECONDS: u32 = 10;

/// A service, and when which of its records was told last.
pub struct Responder {
    records: Vec<(Record, Option<Instant>)>,
    /// How many of them others may have too; they come first.
    shared: usize,
}

/// What is to be said.
#[derive(Debug, PartialEq)]
pub enum Answer {
    /// To the group; if `late`, a little later than others that may answer too.
    Group { bytes: Vec<u8>, late: bool },
    /// To who asked.
    Asker(Vec<u8>),
}

impl Responder {
    pub fn new(service: &Service) -> anyhow::Result<Self> {
        let (shared, own) = service.records()?;
        let responder = Self {
            shared: shared.len(),
            records: shared.into_iter().chain(own).map(|record| (record, None)).collect(),
        };
        if responder.everything().len() > 1400 {
            bail!("the texts are longer than a datagram should be");
        }
        Ok(responder)
    }

    /// Asks whether anybody has these names, and tells what is meant to be there (section 8.1).
    pub fn probe(&self) -> Vec<u8> {
        let mut probe = message(MessageType::Query);
        for (record, _) in &self.records[self.shared..] {
            if probe.queries.iter().all(|asked| *asked.name() != record.name) {
                probe.add_query(question(&record.name, RecordType::ANY));
            }
            let mut meant = record.clone();
            meant.dns_class = DNSClass::IN;
            probe.add_authority(meant);
        }
        bytes(&probe)
    }

    /// Tells everybody what there is (section 8.3).
    pub fn announce(&mut self, now: Instant) -> Vec<u8> {
        self.records.iter_mut().for_each(|(_, told)| *told = Some(now));
        self.everything()
    }

    fn everything(&self) -> Vec<u8> {
        let mut announcement = message(MessageType::Response);
        announcement.add_answers(self.records.iter().map(|(record, _)| record.clone()));
        bytes(&announcement)
    }

    /// Whether somebody else says to have one of our own names, with other data (section 9).
    pub fn is_contested_by(&self, datagram: &[u8]) -> bool {
        let Some(message) = read(datagram).filter(|message| message.metadata.message_type == MessageType::Response)
        else {
            return false;
        };
        let own: Vec<&Record> = self.records[self.shared..].iter().map(|(record, _)| record).collect();
        let is_ours = |theirs: &&Record| {
            own.iter()
                .any(|ours| ours.name == theirs.name && ours.record_type() == theirs.record_type())
        };
        let mut theirs = message
            .answers
            .iter()
            .filter(|record| record.ttl > 0 && is_internet(record.dns_class));
        // Several records of a type may be there: those of ours that come back are no conflict.
        theirs.any(|theirs| is_ours(&theirs) && own.iter().all(|ours| ours.data != theirs.data))
    }

    /// The answer to a datagram from this port, if it asks for something that is here.
    pub fn answer(&mut self, datagram: &[u8], from_port: u16, now: Instant) -> Option<Answer> {
        let query = read(datagram).filter(|message| message.metadata.message_type == MessageType::Query)?;
        let mut wanted: Vec<usize> = (0..self.records.len())
            .filter(|&n| query.queries.iter().any(|asked| asks_for(asked, &self.records[n].0)))
            .collect();
        if from_port != PORT {
            return self.legacy(&query, &wanted).map(Answer::Asker);
        }
        let is_probe = !query.authorities.is_empty();
        let again = if is_probe { AGAIN_TO_PROBES } else { AGAIN };
        wanted.retain(|&n| {
            let (record, told) = &self.records[n];
            let recently = told.is_some_and(|told| now.saturating_duration_since(told) < again);
            !recently && !query.answers.iter().any(|known| is_known(known, record))
        });
        if wanted.is_empty() {
            return None;
        }
        let late = wanted[0] < self.shared;
        let mut answer = message(MessageType::Response);
        for (n, (record, told)) in self.records.iter_mut().enumerate() {
            if wanted.contains(&n) {
                answer.add_answer(record.clone());
                *told = Some(now);
            } else if late && n >= self.shared {
                // Who hears of a service wants to know where it is.
                answer.add_additional(record.clone());
            }
        }
        let bytes = bytes(&answer);
        Some(Answer::Group { bytes, late })
    }

    /// As a plain DNS server would answer.
    fn legacy(&self, query: &Message, wanted: &[usize]) -> Option<Vec<u8>> {
        if wanted.is_empty() {
            return None;
        }
        let mut answer = message(MessageType::Response);
        answer.metadata.id = query.metadata.id;
        answer.queries.clone_from(&query.queries);
        for &n in wanted {
            let mut record = self.records[n].0.clone();
            record.dns_class = DNSClass::IN;
            record.ttl = record.ttl.min(LEGACY_SECONDS);
            answer.add_answer(record);
        }
        Some(bytes(&answer))
    }
}

fn asks_for(asked: &Query, record: &Record) -> bool {
    *asked.name() == record.name
        && is_internet(asked.query_class())
        && (asked.query_type() == record.record_type() || asked.query_type() == RecordType::ANY)
}

/// Whether who asks has it already, and for long enough (section 7.1).
fn is_known(known: &Record, record: &Record) -> bool {
    known.name == record.name && known.data == record.data && known.ttl >= record.ttl / 2
}

/// Names that were read or made are written again: there is nothing that cannot be.
fn bytes(message: &Message) -> Vec<u8> {
    message.to_vec().unwrap_or_default()
}

#[cfg(test)]
#[path = "tests/responder.rs"]
mod tests;
