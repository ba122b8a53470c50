//! Content that is longer than a datagram should be (RFC 7959).

use std::collections::BTreeMap;
use std::net::SocketAddr;

use coap_lite::option_value::OptionValueU32;
use coap_lite::{CoapOption, Packet, ResponseType};

/// The longest block, and so the longest content of an answer.
const BLOCK_BYTES: usize = 1024;
/// The longest content at all.
const MOST_BYTES: usize = 32 * 1024;
/// Uploads under way. Who begins one more ends another.
const MOST_UPLOADS: usize = 16;

/// Which part of the content a message holds or wants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block {
    number: u32,
    more: bool,
    bytes: usize,
}

/// What an upload is after a block.
#[derive(Debug, PartialEq)]
pub enum Part {
    More,
    Whole(Vec<u8>),
}

/// Uploads whose last block has not come, by who sends where.
#[derive(Default)]
pub struct Uploads(BTreeMap<(SocketAddr, String), Vec<u8>>);

impl Block {
    pub fn of(packet: &Packet, option: CoapOption) -> Result<Option<Block>, ResponseType> {
        // Section 2.2: the number, a bit for more, and three bits for the size, of which up to three bytes are sent.
        let Some(value) = packet.get_first_option(option) else {
            return Ok(None);
        };
        if value.len() > 3 {
            return Err(ResponseType::BadOption);
        }
        let value = value.iter().fold(0, |value, &byte| value << 8 | u32::from(byte));
        let (number, more, size) = (value >> 4, value & 8 != 0, value & 7);
        // "7 is reserved, i.e., MUST NOT be sent and MUST lead to a 4.00 Bad Request."
        if size == 7 {
            return Err(ResponseType::BadRequest);
        }
        let bytes = 16 << size;
        Ok(Some(Block { number, more, bytes }))
    }

    pub fn to_bytes(self) -> Vec<u8> {
        let size = self.bytes.ilog2() - 4;
        OptionValueU32(self.number << 4 | u32::from(self.more) << 3 | size).into()
    }

    fn start(&self) -> usize {
        self.number as usize * self.bytes
    }
}

/// Puts the block of `content` that is wanted into the answer: all of it, if nobody asked for less and it fits.
pub fn cut(answer: &mut Packet, content: &[u8], wanted: Option<Block>) -> Result<(), ResponseType> {
    let Some(mut block) = wanted.or_else(|| (content.len() > BLOCK_BYTES).then_some(FIRST)) else {
        answer.payload = content.to_vec();
        return Ok(());
    };
    let start = block.start();
    if start > 0 && start >= content.len() {
        return Err(ResponseType::BadRequest);
    }
    let end = content.len().min(start + block.bytes);
    block.more = end < content.len();
    answer.payload = content[start..end].to_vec();
    answer.add_option(CoapOption::Block2, block.to_bytes());
    Ok(())
}

const FIRST: Block = Block {
    number: 0,
    more: true,
    bytes: BLOCK_BYTES,
};

impl Uploads {
    /// Adds a block to what came before it.
    pub fn add(&mut self, key: (SocketAddr, String), block: &Block, payload: &[u8]) -> Result<Part, ResponseType> {
        // The first one begins again, whatever was before.
        let mut bytes = self.0.remove(&key).filter(|_| block.number > 0).unwrap_or_default();
        if bytes.len() != block.start() {
            return Err(ResponseType::RequestEntityIncomplete);
        }
        if payload.len() > block.bytes || (block.more && payload.len() < block.bytes) {
            return Err(ResponseType::BadRequest);
        }
        if bytes.len() + payload.len() > MOST_BYTES {
            return Err(ResponseType::RequestEntityTooLarge);
        }
        bytes.extend_from_slice(payload);
        if !block.more {
            return Ok(Part::Whole(bytes));
        }
        if self.0.len() >= MOST_UPLOADS {
            self.0.pop_first();
        }
        self.0.insert(key, bytes);
        Ok(Part::More)
    }
}

#[cfg(test)]
#[path = "tests/blocks.rs"]
mod tests;
