//! How questions are put, and answers told, that are more than one value. docs/record.md has them all.

use crate::sys::{Arrival, BindOptions, BurstOptions, Membership, Outgoing, Received};
use crate::tape::Answer;
use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

pub(super) fn or_any(ip: Option<IpAddr>) -> String {
    ip.map_or_else(|| "any".to_owned(), |ip| ip.to_string())
}

pub(super) fn interface_index(name: &str) -> String {
    format!("interface-index {name:?}")
}

pub(super) fn interface_name(index: u32) -> String {
    format!("interface-name {index}")
}

pub(super) fn family(ipv6: bool) -> &'static str {
    if ipv6 { "ipv6" } else { "ipv4" }
}

pub(super) fn bind(id: u32, local: SocketAddr, options: BindOptions) -> String {
    let mut text = format!("bind {id} {local}");
    for (on, word) in [
        (options.reuse_address, " reuse-address"),
        (options.reuse_port, " reuse-port"),
        (options.ipv6_only, " ipv6-only"),
    ] {
        text += if on { word } else { "" };
    }
    text
}

pub(super) fn member(verb: &str, id: u32, membership: &Membership) -> String {
    let Membership {
        group,
        interface,
        source,
    } = membership;
    format!("{verb} {id} {group} interface {interface} from {}", or_any(*source))
}

/// What one message is, but for its bytes.
pub(super) fn message(text: &mut String, message: &Outgoing<'_>) {
    // Writing to a string does not fail.
    let _ = match message.to {
        Some(to) => write!(text, " {to} {}", message.data.len()),
        None => write!(text, " peer {}", message.data.len()),
    };
    if message.segment_size != 0 {
        let _ = write!(text, " segments {}", message.segment_size);
    }
    if message.ecn != 0 {
        let _ = write!(text, " ecn {}", message.ecn);
    }
    if let Some(source) = message.source {
        let _ = write!(text, " source {source}");
    }
    if message.interface != 0 {
        let _ = write!(text, " interface {}", message.interface);
    }
}

impl Answer for BurstOptions {
    fn to_text(&self) -> String {
        vec![self.packet_info, self.coalesce, self.ecn].to_text()
    }

    fn from_text(text: &str) -> Option<BurstOptions> {
        match Vec::from_text(text)?[..] {
            [packet_info, coalesce, ecn] => Some(BurstOptions {
                packet_info,
                coalesce,
                ecn,
            }),
            _ => None,
        }
    }

    fn none() -> BurstOptions {
        BurstOptions::default()
    }
}

/// What recvmmsg(2) took out of the queue, and what of it the socket may see.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// How many there were.
    pub(super) count: usize,
    /// Those that the socket may see. Where they are in the buffer says nothing but how long they are.
    pub(super) taken: Vec<Received>,
}

/// The number; and for each: source, bytes, segment size, congestion bits, whether it was cut, interface and destination.
impl Answer for Batch {
    fn to_text(&self) -> String {
        let mut text = self.count.to_string();
        for received in &self.taken {
            let Arrival {
                segment_size,
                ecn,
                local,
            } = received.arrival;
            let (interface, local) = local.map_or((0, None), |(interface, ip)| (interface, Some(ip)));
            let _ = write!(
                text,
                ", {} {} {segment_size} {ecn} {} {interface} {}",
                received.source,
                received.at.len(),
                if received.truncated { "cut" } else { "whole" },
                or_any(local)
            );
        }
        text
    }

    fn from_text(text: &str) -> Option<Batch> {
        let mut parts = text.split(", ");
        let count = parts.next()?.parse().ok()?;
        let taken: Vec<_> = parts.map(received).collect::<Option<_>>()?;
        (taken.len() <= count).then_some(Batch { count, taken })
    }

    fn none() -> Batch {
        Batch::default()
    }
}

fn received(text: &str) -> Option<Received> {
    let mut words = text.split(' ');
    let mut word = || words.next();
    let source = word()?.parse().ok()?;
    let length = word()?.parse().ok()?;
    let segment_size = word()?.parse().ok()?;
    let ecn = word()?.parse().ok()?;
    let truncated = word()? == "cut";
    let interface = word()?.parse().ok()?;
    let local = match word()? {
        "any" => None,
        ip => Some((interface, ip.parse().ok()?)),
    };
    Some(Received {
        at: 0..length,
        source,
        truncated,
        arrival: Arrival {
            segment_size,
            ecn,
            local,
        },
    })
}
