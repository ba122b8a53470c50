//! Sends each datagram back to where it came from, on each of the addresses that are its arguments, one task each; a task
//! more tells, once a second, how many there were.

use anyhow::{Context, ensure};
use datagrant_guest::aio::{self, UdpSocket};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

datagrant_guest::command!(echo);

async fn echo() -> anyhow::Result<()> {
    let addresses: Vec<String> = std::env::args().skip(1).collect();
    ensure!(!addresses.is_empty(), "usage: echo-async ADDRESS...");

    let answered = Rc::new(Cell::new(0_u64));
    let mut servers = vec![];
    for address in addresses {
        // The error tells the address.
        let socket = UdpSocket::bind(address.as_str()).await?;
        println!("listening on {}", socket.local_addr()?);
        servers.push(aio::spawn(answer(socket, answered.clone())));
    }
    aio::spawn(tell(answered));
    for server in servers {
        server.await.context("nobody aborts it")?;
    }
    Ok(())
}

async fn answer(socket: UdpSocket, answered: Rc<Cell<u64>>) {
    let mut buffer = vec![0; 65_535];
    loop {
        let result = async {
            let (length, from) = socket.recv_from(&mut buffer).await?;
            socket.send_to(&buffer[..length], from).await
        };
        match result.await {
            Ok(_) => answered.set(answered.get() + 1),
            // One that cannot be answered is no reason to stop answering others.
            Err(error) => eprintln!("echo-async: {error}"),
        }
    }
}

async fn tell(answered: Rc<Cell<u64>>) {
    let mut told = 0;
    loop {
        aio::sleep(Duration::from_secs(1)).await;
        if answered.get() != told {
            told = answered.get();
            println!("{told} answered");
        }
    }
}
