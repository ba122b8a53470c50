//! Messages (RFC 7252, section 4): confirmable or not, and each of them once.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use coap_lite::{MessageClass, MessageType, Packet};

use crate::requests::Requests;

/// How long a message id may come again (EXCHANGE_LIFETIME, section 4.8.2).
const REMEMBERED: Duration = Duration::from_secs(247);
/// Messages that are remembered, whoever sends them. When there are more, the oldest are forgotten.
const MOST_REMEMBERED: usize = 1000;
const HEADER_BYTES: usize = 4;

/// Who sent it, and its message id.
type Key = (SocketAddr, u16);

/// A server's part of all exchanges.
#[derive(Default)]
pub struct Messages {
    requests: Requests,
    /// What each message was answered with.
    answers: HashMap<Key, Option<Vec<u8>>>,
    order: VecDeque<(Instant, Key)>,
    /// Of our own messages: answers to what is not confirmable.
    last_id: u16,
}

impl Messages {
    /// The answer to a datagram, if it has one.
    pub fn answer(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) -> Option<Vec<u8>> {
        let &[first, _, high, low] = datagram.first_chunk::<HEADER_BYTES>()?;
        let (version, confirmable, id) = (first >> 6, first >> 4 & 3 == 0, u16::from_be_bytes([high, low]));
        // "MUST be silently ignored."
        if version != 1 {
            return None;
        }
        let packet = Packet::from_bytes(datagram).ok();
        let request = packet.filter(|packet| is_request(packet, datagram));
        let Some(request) = request else {
            // An empty message (a ping), a malformed one, or an answer to what nobody asked.
            return if confirmable { reset(id) } else { None };
        };
        if !matches!(
            request.header.get_type(),
            MessageType::Confirmable | MessageType::NonConfirmable
        ) {
            return None;
        }

        self.forget(now);
        let key = (from, id);
        if let Some(answer) = self.answers.get(&key) {
            // It is done once. That it was done is told again to who waits for it.
            return answer.clone().filter(|_| confirmable);
        }
        let answer = self.requests.answer(&request, from, confirmable);
        let answer = answer.and_then(|answer| self.seal(answer, &request, confirmable));
        self.answers.insert(key, answer.clone());
        self.order.push_back((now, key));
        answer
    }

    /// On the acknowledgement where there is to be one, as a message of its own elsewhere.
    fn seal(&mut self, mut answer: Packet, request: &Packet, confirmable: bool) -> Option<Vec<u8>> {
        answer.set_token(request.get_token().to_vec());
        answer.header.set_version(1);
        if confirmable {
            answer.header.set_type(MessageType::Acknowledgement);
            answer.header.message_id = request.header.message_id;
        } else {
            self.last_id = self.last_id.wrapping_add(1);
            answer.header.set_type(MessageType::NonConfirmable);
            answer.header.message_id = self.last_id;
        }
        answer.to_bytes().ok()
    }

    fn forget(&mut self, now: Instant) {
        while let Some(&(since, key)) = self.order.front() {
            let old = now.saturating_duration_since(since) >= REMEMBERED;
            if !old && self.order.len() < MOST_REMEMBERED {
                break;
            }
            self.order.pop_front();
            self.answers.remove(&key);
        }
    }
}

/// Codes of class 0 but the empty one: those that are no method yet are answered as such.
fn is_request(packet: &Packet, datagram: &[u8]) -> bool {
    let code = u8::from(packet.header.code);
    // "The presence of a marker followed by a zero-length payload MUST be processed as a message format error": the parser
    // lets it pass, but then something is left over.
    let whole = !packet.payload.is_empty()
        || packet
            .to_bytes_unlimited()
            .is_ok_and(|bytes| bytes.len() == datagram.len());
    whole && (1..32).contains(&code)
}

/// "I do not understand this, or do not want it."
fn reset(id: u16) -> Option<Vec<u8>> {
    let mut reset = Packet::new();
    reset.header.set_version(1);
    reset.header.set_type(MessageType::Reset);
    reset.header.code = MessageClass::Empty;
    reset.header.message_id = id;
    reset.to_bytes().ok()
}

#[cfg(test)]
#[path = "tests/messages.rs"]
mod tests;
