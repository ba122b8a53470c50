//! The thread that writes: the guest waits for no disk.

use super::block::{self, Head};
use super::comment::{self, About, Comments};
use super::packet;
use super::queue::{Entry, Queue, What};
use crate::status::Status;
use anyhow::Result;
use cap_std::fs::File;
use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{InterfaceDescriptionBlock, InterfaceDescriptionOption};
use pcap_file::pcapng::blocks::name_resolution::{Ipv4Record, Ipv6Record, NameResolutionBlock, Record};
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::pcapng::blocks::unknown::UnknownBlock;
use pcap_file::{DataLink, Endianness, PcapResult};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The interfaces of the capture, by number.
const INTERFACES: [(&str, DataLink, &str); 3] = [
    ("guest", DataLink::RAW, "What the guest's sockets sent and received"),
    (
        "events",
        DataLink::WIRESHARK_UPPER_PDU,
        "What the guest's sockets did, in the comments",
    ),
    (
        "denied",
        DataLink::WIRESHARK_UPPER_PDU,
        "What was refused, in the comments",
    ),
];
pub const DATAGRAMS: u32 = 0;

/// In which way a datagram went: `epb_flags`.
const RECEIVED: u32 = 1;
const SENT: u32 = 2;

/// How many names are remembered until they are answered.
const MAX_LOOKUPS: usize = 1024;

/// The most bytes of steps in a block.
const MAX_STEPS: usize = 1 << 20;

pub struct Writer {
    file: File,
    path: PathBuf,
    queue: Arc<Queue>,
    /// What is not written yet.
    blocks: PcapNgWriter<Vec<u8>>,
    steps: String,
    /// Whether the steps are of use.
    replayable: bool,
    /// Bytes of whole blocks in the file.
    written: u64,
    /// The names under way, by worker and number.
    lookups: HashMap<(Option<usize>, String), String>,
    comments: Comments,
    failed: bool,
}

impl Writer {
    pub fn new(file: File, path: &Path, queue: Arc<Queue>, replayable: bool) -> Writer {
        let section = SectionHeaderBlock {
            endianness: Endianness::Little,
            options: vec![SectionHeaderOption::UserApplication(
                concat!("datagrant ", env!("CARGO_PKG_VERSION")).into(),
            )],
            ..SectionHeaderBlock::default()
        };
        let blocks = PcapNgWriter::with_section_header(vec![], section).expect("memory can be written");
        Writer {
            file,
            path: path.to_owned(),
            queue,
            blocks,
            steps: String::new(),
            replayable,
            written: 0,
            lookups: HashMap::new(),
            comments: Comments::default(),
            failed: false,
        }
    }

    /// What stands before the first entry.
    pub fn begin(&mut self, head: &Head) -> Result<()> {
        for (name, linktype, description) in INTERFACES {
            self.blocks.write_pcapng_block(InterfaceDescriptionBlock {
                linktype,
                snaplen: 0,
                options: vec![
                    InterfaceDescriptionOption::IfName(name.into()),
                    InterfaceDescriptionOption::IfDescription(description.into()),
                    // Nanoseconds.
                    InterfaceDescriptionOption::IfTsResol(9),
                ],
            })?;
        }
        self.own_block(block::HEAD, head.to_text())?;
        Ok(self.put()?)
    }

    /// Until the end.
    pub fn write(mut self) {
        loop {
            let (entries, end) = self.queue.take();
            if !self.failed {
                let written = self.write_some(entries, end);
                self.failed = written.is_err();
                if let Err(error) = written {
                    self.give_up(&error);
                }
            }
            if end.is_some() {
                return;
            }
        }
    }

    fn write_some(&mut self, entries: impl IntoIterator<Item = Entry>, end: Option<Option<Status>>) -> io::Result<()> {
        for entry in entries {
            self.entry(entry).map_err(io::Error::other)?;
            if self.blocks.get_ref().len() > MAX_STEPS {
                self.put()?;
            }
        }
        self.end_steps().map_err(io::Error::other)?;
        if let Some(status) = end {
            self.own_block(block::END, block::end(status))
                .map_err(io::Error::other)?;
        }
        self.put()
    }

    /// The guest goes on; what is in the file is whole, and nothing more comes.
    fn give_up(&mut self, error: &io::Error) {
        let _ = self.file.set_len(self.written);
        let path = self.path.display();
        tell!(
            "datagrant: cannot write the capture file {path}: {error}; it ends here, and cannot be replayed; the guest goes on"
        );
    }

    fn entry(&mut self, Entry { time, worker, what }: Entry) -> PcapResult<()> {
        let named = |text: String| match worker {
            Some(worker) => format!("worker {worker}: {text}"),
            None => text,
        };
        match what {
            What::Datagram {
                socket,
                sent,
                source,
                destination,
                ecn,
                truncated,
                data,
            } => {
                self.end_steps()?;
                let cut = if truncated { ", cut: it was longer" } else { "" };
                let comment = named(format!("socket {socket}{cut}"));
                let packet = packet::packet(source, destination, ecn, &data).unwrap_or_default();
                self.frame(
                    DATAGRAMS,
                    time,
                    packet,
                    comment,
                    Some(if sent { SENT } else { RECEIVED }),
                )
            }
            What::Step {
                question,
                answer,
                datagrams,
            } => {
                self.note_name(worker, &question, &answer)?;
                if let Some((about, text)) = self.comments.of_step(&question, &answer) {
                    self.event(about, time, named(text))?;
                }
                if self.replayable {
                    self.steps += &format!("{datagrams}\t{question}\t{answer}\n");
                }
                match self.steps.len() > MAX_STEPS {
                    true => self.end_steps(),
                    false => Ok(()),
                }
            }
            What::Note(text) => self.event(About::Event, time, named(text)),
            What::Lost(count) => {
                self.end_steps()?;
                let text = format!("{count} entries are missing here: they came faster than they could be written");
                self.event(About::Event, time, text)?;
                self.own_block(block::LOST, format!("{count}\n"))
            }
        }
    }

    fn end_steps(&mut self) -> PcapResult<()> {
        match std::mem::take(&mut self.steps) {
            steps if steps.is_empty() => Ok(()),
            steps => self.own_block(block::STEPS, steps),
        }
    }

    /// Text, which Wireshark shows as such.
    fn event(&mut self, about: About, time: Duration, text: String) -> PcapResult<()> {
        let interface = match about {
            About::Event => 1,
            About::Denied => 2,
        };
        self.frame(interface, time, text_pdu(&text), text, None)
    }

    fn frame(
        &mut self,
        interface_id: u32,
        timestamp: Duration,
        data: Vec<u8>,
        comment: String,
        flags: Option<u32>,
    ) -> PcapResult<()> {
        let mut options = vec![EnhancedPacketOption::Comment(comment.into())];
        options.extend(flags.map(EnhancedPacketOption::Flags));
        let block = EnhancedPacketBlock {
            interface_id,
            timestamp,
            original_len: data.len() as u32,
            data: data.into(),
            options,
        };
        self.blocks.write_pcapng_block(block).map(drop)
    }

    fn own_block(&mut self, type_: u32, mut text: String) -> PcapResult<()> {
        while !text.len().is_multiple_of(4) {
            text.push('\n');
        }
        let length = text.len() as u32 + 12;
        let block = UnknownBlock::new(type_, length, text.as_bytes());
        self.blocks.write_pcapng_block(block).map(drop)
    }

    /// Wireshark shows addresses by the names that the guest has looked up.
    fn note_name(&mut self, worker: Option<usize>, question: &str, answer: &str) -> PcapResult<()> {
        let mut words = question.split(' ');
        let (verb, id) = (words.next(), words.next().unwrap_or_default().to_owned());
        let key = (worker, id);
        if verb == Some("lookup") {
            let name = words.next().unwrap_or_default().to_owned();
            if self.lookups.len() >= MAX_LOOKUPS {
                // Of most of them nobody asks any more.
                self.lookups.clear();
            }
            self.lookups.insert(key, name);
            return Ok(());
        }
        if verb != Some("answer") || answer.starts_with("error EAGAIN") {
            return Ok(());
        }
        let Some(name) = self.lookups.remove(&key) else {
            return Ok(());
        };
        let names = vec![Cow::Borrowed(name.as_str())];
        let record = |ip| match ip {
            IpAddr::V4(ip) => Record::Ipv4(Ipv4Record {
                ip_addr: ip.octets().to_vec().into(),
                names: names.clone(),
            }),
            IpAddr::V6(ip) => Record::Ipv6(Ipv6Record {
                ip_addr: ip.octets().to_vec().into(),
                names: names.clone(),
            }),
        };
        let records: Vec<_> = comment::addresses(answer).map(record).collect();
        if !records.is_empty() {
            let options = vec![];
            self.blocks
                .write_pcapng_block(NameResolutionBlock { records, options })?;
        }
        Ok(())
    }

    /// Whole blocks, to the file.
    fn put(&mut self) -> io::Result<()> {
        let blocks = self.blocks.get_mut();
        self.file.write_all(blocks)?;
        self.written += blocks.len() as u64;
        blocks.clear();
        Ok(())
    }
}

/// "Exported PDU": tags that say how Wireshark shows it in its list, and by what dissector; then what that dissects.
fn text_pdu(text: &str) -> Vec<u8> {
    const DISSECTOR: u16 = 12; // EXP_PDU_TAG_DISSECTOR_NAME
    const PROTOCOL: u16 = 33; // EXP_PDU_TAG_COL_PROT_TEXT
    let mut pdu = vec![];
    for (tag, value) in [(DISSECTOR, "data-text-lines"), (PROTOCOL, "datagrant")] {
        // Ends with a zero, and is a multiple of 4.
        let mut value = value.as_bytes().to_vec();
        value.resize((value.len() + 1).next_multiple_of(4), 0);
        pdu.extend(tag.to_be_bytes());
        pdu.extend((value.len() as u16).to_be_bytes());
        pdu.extend(value);
    }
    pdu.extend([0; 4]); // the end of the tags
    pdu.extend(text.as_bytes());
    pdu
}
