//! `native`: recvmmsg and sendmmsg in an event loop. `native-blocking`: the same without one.

use super::{BATCH, Looped, PATIENCE, SLOT_BYTES, Subject, is_echo};
use crate::cell::Work;
use crate::datagram;
use crate::order::Order;
use crate::sys::Batch;
use anyhow::{Context, Result};
use std::net::SocketAddr;

pub struct Native {
    batch: Batch,
    socket: Option<Looped>,
    loops: bool,
}

impl Native {
    pub fn new(loops: bool) -> Self {
        Self {
            batch: Batch::new(BATCH, SLOT_BYTES),
            socket: None,
            loops,
        }
    }
}

impl Subject for Native {
    fn open(&mut self, order: &Order) -> Result<SocketAddr> {
        let Looped { socket, .. } = self.socket.insert(Looped::bound(order.family)?);
        if !self.loops {
            socket.set_nonblocking(false)?;
            socket.set_read_timeout(Some(PATIENCE))?;
        }
        Ok(socket.local_addr()?)
    }

    fn run(&mut self, order: &Order) -> Result<u64> {
        let Native { batch, socket, loops } = self;
        let looped = socket.as_ref().context("open comes first")?;
        let socket = &looped.socket;
        let (mut done, mut empty) = (0, false);
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
            let came = match loops {
                true => looped.receive(&mut empty, BATCH, || batch.receive(socket)),
                false => batch.receive(socket),
            };
            let came = came.with_context(|| format!("{done} of {} came", order.count))?;
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
