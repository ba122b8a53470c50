//! `native`: recvmmsg and sendmmsg.

use super::{BATCH, SLOT_BYTES, Subject, bound, is_echo};
use crate::cell::Work;
use crate::datagram;
use crate::order::Order;
use crate::sys::Batch;
use anyhow::{Context, Result};
use std::net::{SocketAddr, UdpSocket};

pub struct Native {
    batch: Batch,
    socket: Option<UdpSocket>,
}

impl Default for Native {
    fn default() -> Self {
        Self {
            batch: Batch::new(BATCH, SLOT_BYTES),
            socket: None,
        }
    }
}

impl Subject for Native {
    fn open(&mut self, order: &Order) -> Result<SocketAddr> {
        let socket = self.socket.insert(bound(order.family)?);
        Ok(socket.local_addr()?)
    }

    fn run(&mut self, order: &Order) -> Result<u64> {
        let Native { batch, socket } = self;
        let socket = socket.as_ref().context("open comes first")?;
        let mut done = 0;
        if order.work == Work::Send {
            let data = datagram::make(order.bytes, 1);
            for i in 0..BATCH {
                batch.slot(i)[..order.bytes].copy_from_slice(&data);
            }
            batch.address(order.destination()?, order.bytes);
            while done < order.count {
                batch.send(socket, BATCH)?;
                done += BATCH as u64;
            }
            return Ok(done);
        }
        while done < order.count {
            let came = batch
                .receive(socket)
                .with_context(|| format!("{done} of {} came", order.count))?;
            for i in 0..came {
                datagram::check(batch.datagram(i), order.bytes)?;
            }
            if is_echo(order.work) {
                batch.send(socket, came)?;
            }
            done += came as u64;
        }
        Ok(done)
    }
}
