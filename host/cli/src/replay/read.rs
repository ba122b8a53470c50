//! Reads what `--record` wrote.

use crate::record::block;
use crate::record::packet;
use anyhow::{Context, Result, anyhow, bail};
use datagrant::Step;
use pcap_file::Endianness;
use pcap_file::pcapng::PcapNgReader;
use std::collections::VecDeque;
use std::fs::File;
use std::path::Path;

/// Enhanced Packet Block, and what stands in it before the packet: interface, time, bytes here, bytes there.
const PACKET: u32 = 6;
const PACKET_HEADER: usize = 20;

/// More than one step can have: 64 messages of 64 segments.
const MAX_DATAGRAMS: usize = 1 << 16;

/// Something in the file that a replay needs.
pub enum Item {
    Head(String),
    Step(Step),
    Lost(String),
    End(String),
}

/// The file, block by block.
pub struct Reader {
    blocks: PcapNgReader<File>,
    /// Of datagrams whose step is still to come.
    payloads: VecDeque<Vec<u8>>,
    /// Of a block of steps.
    lines: VecDeque<String>,
    /// Counted from 1.
    block: u64,
}

impl Reader {
    pub fn open(path: &Path) -> Result<Reader> {
        let file = File::open(path)?;
        // Opening a folder is no error, and reading a pipe a second time none either.
        if !file.metadata()?.is_file() {
            bail!("it is no regular file");
        }
        let blocks = PcapNgReader::new(file).map_err(|_| anyhow!("it is no pcapng file"))?;
        if blocks.section().endianness != Endianness::Little {
            bail!("it was not written by `datagrant run --record`: its numbers are big-endian");
        }
        Ok(Reader {
            blocks,
            payloads: VecDeque::new(),
            lines: VecDeque::new(),
            block: 1,
        })
    }

    /// None at the end.
    pub fn next(&mut self) -> Result<Option<Item>> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                let step = self.step(&line);
                return Ok(Some(Item::Step(step.with_context(|| self.place())?)));
            }
            self.block += 1;
            let Some(block) = self.blocks.next_raw_block() else {
                return Ok(None);
            };
            let block = block.map_err(|error| anyhow!("block {}: {}", self.block, told(&error)))?;
            let text = || String::from_utf8_lossy(&block.body).into_owned();
            match block.type_ {
                PACKET => {
                    let payload = datagram(&block.body).with_context(|| format!("block {}", self.block))?;
                    self.payloads.extend(payload);
                    if self.payloads.len() > MAX_DATAGRAMS {
                        bail!("block {}: {MAX_DATAGRAMS} datagrams belong to no step", self.block);
                    }
                }
                block::STEPS => self.lines = text().lines().filter(|l| !l.is_empty()).map(str::to_owned).collect(),
                block::HEAD => return Ok(Some(Item::Head(text()))),
                block::LOST => return Ok(Some(Item::Lost(text().trim().to_owned()))),
                block::END => return Ok(Some(Item::End(text()))),
                // Interfaces, names, what other programs added.
                _ => {}
            }
        }
    }

    fn step(&mut self, line: &str) -> Result<Step> {
        let mut parts = line.split('\t');
        let (Some(count), Some(question), Some(answer), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            bail!("a step is a number, a question and an answer, between tabs: {line:?}");
        };
        let count: usize = count
            .parse()
            .with_context(|| format!("no number of datagrams: {count:?}"))?;
        if count > self.payloads.len() {
            bail!(
                "{count} datagrams belong to {question:?}, and {} are there",
                self.payloads.len()
            );
        }
        let data = self.payloads.drain(..count).flatten().collect();
        Ok(Step::Asked {
            question: question.to_owned(),
            answer: answer.to_owned(),
            data,
        })
    }

    fn place(&self) -> String {
        format!("block {}", self.block)
    }
}

/// The payload of a packet, where it is one of the guest's.
fn datagram(body: &[u8]) -> Result<Option<Vec<u8>>> {
    let word = |at: usize| Some(u32::from_le_bytes(body.get(at..at + 4)?.try_into().ok()?));
    let (Some(interface), Some(length)) = (word(0), word(12)) else {
        bail!("a packet without a header");
    };
    if interface != crate::record::DATAGRAMS {
        return Ok(None);
    }
    let packet = body.get(PACKET_HEADER..).and_then(|rest| rest.get(..length as usize));
    let packet = packet.ok_or_else(|| anyhow!("a packet that is longer than its block"))?;
    Ok(Some(packet::payload(packet)?.to_owned()))
}

fn told(error: &pcap_file::PcapError) -> String {
    match error {
        pcap_file::PcapError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it is cut: the file ends in the middle of it".to_owned()
        }
        other => other.to_string(),
    }
}
