//! Bytes of a query to bytes of its answer. Pure: everything here is tested natively.

use hickory_proto::op::{Edns, Header, Message, MessageType, Metadata, OpCode, Query, ResponseCode};
use hickory_proto::rr::rdata::HINFO;
use hickory_proto::rr::{DNSClass, LowerName, RData, Record, RecordType};
use hickory_proto::serialize::binary::{BinDecodable, BinDecoder};

use crate::zone::Zones;

/// An answer to who says nothing of its size (RFC 1035, section 4.2.1).
const PLAIN_BYTES: u16 = 512;
/// The longest answer at all: it passes every path unfragmented, and bounds what a forged query can make of it (DNS Flag Day
/// 2020).
const MOST_BYTES: u16 = 1232;
const HEADER_BYTES: usize = 12;

/// The answer to a datagram; none if it is no query. Answering answers would let two servers talk for ever.
pub fn answer(zones: &Zones, datagram: &[u8]) -> Option<Vec<u8>> {
    let header = Header::read(&mut BinDecoder::new(datagram)).ok()?;
    let metadata = header.metadata;
    if metadata.message_type != MessageType::Query {
        return None;
    }
    if metadata.op_code != OpCode::Query {
        return bare(&metadata, ResponseCode::NotImp);
    }
    // Before anything is read: a parser reserves memory for as many as a header promises.
    let counts = header.counts;
    let plausible = counts.queries == 1 && counts.answers == 0 && counts.authorities == 0 && counts.additionals <= 2;
    let Some(query) = plausible.then(|| Message::from_vec(datagram).ok()).flatten() else {
        return bare(&metadata, ResponseCode::FormErr);
    };

    let mut answer = Message::response(metadata.id, metadata.op_code);
    answer.metadata = Metadata::response_from_request(&metadata);
    answer.queries = query.queries;
    let mut limit = PLAIN_BYTES;
    if let Some(edns) = &query.edns {
        limit = edns.max_payload().clamp(PLAIN_BYTES, MOST_BYTES);
        let mut ours = Edns::new();
        ours.set_max_payload(MOST_BYTES).set_dnssec_ok(edns.flags().dnssec_ok);
        answer.set_edns(ours);
    }
    match (&query.edns, answer.queries.first().cloned()) {
        (Some(edns), _) if edns.version() > 0 => answer.metadata.response_code = ResponseCode::BADVERS,
        (_, Some(question)) => fill(&mut answer, zones, &question),
        (_, None) => answer.metadata.response_code = ResponseCode::FormErr,
    }

    let bytes = answer.to_vec().ok()?;
    if bytes.len() <= limit.into() {
        return Some(bytes);
    }
    // "TC: some of it did not fit": without any of it, so that nobody keeps half a set (RFC 2181, section 9).
    answer.truncate().to_vec().ok()
}

fn fill(answer: &mut Message, zones: &Zones, question: &Query) {
    let name = LowerName::new(question.name());
    let zone = (question.query_class() == DNSClass::IN)
        .then(|| zones.of(&name))
        .flatten();
    let (Some(zone), false) = (zone, is_transfer(question.query_type())) else {
        answer.metadata.response_code = ResponseCode::Refused;
        return;
    };
    answer.metadata.authoritative = true;
    let found = zone.find(&name, question.query_type());
    if !found.exists {
        answer.metadata.response_code = ResponseCode::NXDomain;
    } else if question.query_type() == RecordType::ANY {
        // A small answer to what amplifies most (RFC 8482, section 4.2).
        let hinfo = RData::HINFO(HINFO::new("RFC8482".into(), String::new()));
        answer.add_answer(Record::from_rdata(question.name().clone(), 3600, hinfo));
        return;
    }
    answer.add_answers(found.records);
    answer.add_authorities(found.soa.cloned());
}

/// Whole zones go over TCP, which there is not.
fn is_transfer(kind: RecordType) -> bool {
    matches!(kind, RecordType::AXFR | RecordType::IXFR)
}

/// A header and nothing else: never longer than what was asked.
fn bare(query: &Metadata, code: ResponseCode) -> Option<Vec<u8>> {
    let mut answer = Message::response(query.id, query.op_code);
    answer.metadata = Metadata::response_from_request(query);
    answer.metadata.response_code = code;
    let bytes = answer.to_vec().ok()?;
    debug_assert_eq!(bytes.len(), HEADER_BYTES);
    Some(bytes)
}

#[cfg(test)]
#[path = "tests/answer.rs"]
mod tests;
