//! What multicast DNS does in another way than DNS.

use hickory_proto::op::{Message, MessageType, Metadata, OpCode, Query};
use hickory_proto::rr::{DNSClass, Name, Record, RecordType};

/// The upper bit of a class says something of its own: of a record that it takes the place of others (cache-flush, RFC 6762,
/// section 10.2), of a question that a unicast answer is welcome (section 5.4).
const CLASS_BIT: u16 = 0x8000;

/// A message without id: nobody waits for its answer alone.
pub fn message(kind: MessageType) -> Message {
    let mut message = Message::new(0, kind, OpCode::Query);
    message.metadata.authoritative = kind == MessageType::Response;
    message
}

pub fn question(name: &Name, kind: RecordType) -> Query {
    Query::query(name.clone(), kind)
}

/// The only one of its name and type.
pub fn unique(mut record: Record) -> Record {
    record.dns_class = DNSClass::from(u16::from(DNSClass::IN) | CLASS_BIT);
    record
}

/// Whether it is of the Internet's class, with or without that bit; a question may ask for any class.
pub fn is_internet(class: DNSClass) -> bool {
    let class = DNSClass::from(u16::from(class) & !CLASS_BIT);
    matches!(class, DNSClass::IN | DNSClass::ANY)
}

/// Reads a datagram, unless it is for others: "messages received with non-zero opcode, or response code, MUST be silently
/// ignored" (section 18).
pub fn read(datagram: &[u8]) -> Option<Message> {
    // As many entries as it says cannot be: a parser would reserve memory for them. The shortest entry has five bytes.
    let counts = datagram.get(4..12)?.chunks_exact(2);
    let entries: usize = counts
        .map(|count| usize::from(u16::from_be_bytes([count[0], count[1]])))
        .sum();
    if entries > datagram.len() / 5 {
        return None;
    }
    let message = Message::from_vec(datagram).ok()?;
    let Metadata {
        op_code, response_code, ..
    } = message.metadata;
    (op_code == OpCode::Query && u16::from(response_code) == 0).then_some(message)
}
