//! `native-offload`: GRO and GSO, in an event loop.

use super::{Looped, Subject};
use crate::cell::Work;
use crate::datagram;
use crate::order::Order;
use crate::sys::{self, Batch};
use crate::traffic::segments;
use anyhow::{Context, Result};
use std::net::SocketAddr;

/// As many, and as large, as `bursts-offload` asks for.
const SLOTS: usize = 16;
const SLOT_BYTES: usize = 65_535;

pub struct Offload {
    batch: Batch,
    socket: Option<Looped>,
}

impl Default for Offload {
    fn default() -> Self {
        Self {
            batch: Batch::new(SLOTS, SLOT_BYTES),
            socket: None,
        }
    }
}

impl Subject for Offload {
    fn open(&mut self, order: &Order) -> Result<SocketAddr> {
        let Looped { socket, .. } = self.socket.insert(Looped::bound(order.family)?);
        match order.work {
            Work::Send => sys::set_segment_size(socket, order.bytes)?,
            _ => sys::set_coalesce(socket)?,
        }
        Ok(socket.local_addr()?)
    }

    fn run(&mut self, order: &Order) -> Result<u64> {
        let Offload { batch, socket } = self;
        let looped = socket.as_ref().context("open comes first")?;
        let socket = &looped.socket;
        let (mut done, mut empty) = (0, false);
        if order.work == Work::Send {
            let burst = datagram::make(order.bytes, segments(order.bytes));
            let to = order.destination()?;
            while done < order.count {
                socket.send_to(&burst, to)?;
                done += segments(order.bytes) as u64;
            }
            return Ok(done);
        }
        while done < order.count {
            let came = looped
                .receive(&mut empty, SLOTS, || batch.receive(socket))
                .with_context(|| format!("{done} of {} came", order.count))?;
            for i in 0..came {
                let data = batch.datagram(i);
                for one in data.chunks(batch.segment(i).unwrap_or(data.len()).max(1)) {
                    datagram::check(one, order.bytes)?;
                    done += 1;
                }
            }
        }
        Ok(done)
    }
}
