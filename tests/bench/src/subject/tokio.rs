//! `tokio`.

use super::{PATIENCE, SLOT_BYTES, Subject, is_echo};
use crate::cell::Work;
use crate::datagram;
use crate::order::Order;
use anyhow::{Context, Result};
use std::net::SocketAddr;
use tokio::net::UdpSocket;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

pub struct Tokio {
    socket: Option<UdpSocket>,
    // After the socket, which needs it to be dropped.
    runtime: Runtime,
}

impl Tokio {
    pub fn new() -> Result<Self> {
        Ok(Self {
            socket: None,
            runtime: Builder::new_current_thread().enable_all().build()?,
        })
    }
}

impl Subject for Tokio {
    fn open(&mut self, order: &Order) -> Result<SocketAddr> {
        let socket = self.runtime.block_on(UdpSocket::bind(order.family.any_port()))?;
        Ok(self.socket.insert(socket).local_addr()?)
    }

    fn run(&mut self, order: &Order) -> Result<u64> {
        let socket = self.socket.as_ref().context("open comes first")?;
        // One time limit for all of it: one for each datagram would be part of what is measured.
        self.runtime.block_on(async {
            timeout(crate::measure::LIMIT, work(socket, order))
                .await
                .with_context(|| format!("not done in {:?}, or silent for {PATIENCE:?}", crate::measure::LIMIT))?
        })
    }
}

async fn work(socket: &UdpSocket, order: &Order) -> Result<u64> {
    if order.work == Work::Send {
        let (data, to) = (datagram::make(order.bytes, 1), order.destination()?);
        for _ in 0..order.count {
            socket.send_to(&data, to).await?;
        }
        return Ok(order.count);
    }
    let mut buffer = [0; SLOT_BYTES];
    for _ in 0..order.count {
        let (length, from) = socket.recv_from(&mut buffer).await?;
        datagram::check(&buffer[..length], order.bytes)?;
        if is_echo(order.work) {
            socket.send_to(&buffer[..length], from).await?;
        }
    }
    Ok(order.count)
}
