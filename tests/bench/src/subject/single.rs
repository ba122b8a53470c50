//! `native-single`: recvfrom and sendto.

use super::{SLOT_BYTES, Subject, bound, is_echo};
use crate::cell::Work;
use crate::datagram;
use crate::order::Order;
use anyhow::{Context, Result};
use std::net::{SocketAddr, UdpSocket};

#[derive(Default)]
pub struct Single {
    socket: Option<UdpSocket>,
}

impl Subject for Single {
    fn open(&mut self, order: &Order) -> Result<SocketAddr> {
        let socket = self.socket.insert(bound(order.family)?);
        Ok(socket.local_addr()?)
    }

    fn run(&mut self, order: &Order) -> Result<u64> {
        let socket = self.socket.as_ref().context("open comes first")?;
        if order.work == Work::Send {
            let (data, to) = (datagram::make(order.bytes, 1), order.destination()?);
            for _ in 0..order.count {
                socket.send_to(&data, to)?;
            }
            return Ok(order.count);
        }
        let mut buffer = [0; SLOT_BYTES];
        for done in 0..order.count {
            let (length, from) = socket
                .recv_from(&mut buffer)
                .with_context(|| format!("{done} of {} came", order.count))?;
            datagram::check(&buffer[..length], order.bytes)?;
            if is_echo(order.work) {
                socket.send_to(&buffer[..length], from)?;
            }
        }
        Ok(order.count)
    }
}
