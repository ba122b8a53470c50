//! `native-single`: recvfrom and sendto in an event loop.

use super::{Looped, SLOT_BYTES, Subject, is_echo};
use crate::cell::Work;
use crate::datagram;
use crate::order::Order;
use anyhow::{Context, Result};
use std::net::SocketAddr;

#[derive(Default)]
pub struct Single {
    socket: Option<Looped>,
}

impl Subject for Single {
    fn open(&mut self, order: &Order) -> Result<SocketAddr> {
        let looped = self.socket.insert(Looped::bound(order.family)?);
        Ok(looped.socket.local_addr()?)
    }

    fn run(&mut self, order: &Order) -> Result<u64> {
        let looped = self.socket.as_ref().context("open comes first")?;
        let socket = &looped.socket;
        if order.work == Work::Send {
            let (data, to) = (datagram::make(order.bytes, 1), order.destination()?);
            for _ in 0..order.count {
                socket.send_to(&data, to)?;
            }
            return Ok(order.count);
        }
        let mut buffer = [0; SLOT_BYTES];
        let mut from = order.family.any_port();
        let mut empty = false;
        for done in 0..order.count {
            let length = looped.receive(&mut empty, 0, || {
                let (length, source) = socket.recv_from(&mut buffer)?;
                from = source;
                Ok(length)
            });
            let length = length.with_context(|| format!("{done} of {} came", order.count))?;
            datagram::check(&buffer[..length], order.bytes)?;
            if is_echo(order.work) {
                socket.send_to(&buffer[..length], from)?;
            }
        }
        Ok(order.count)
    }
}
