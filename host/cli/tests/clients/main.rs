//! Clients that are not ours talk to the echo server: under the program, and through the adapter in a host that has
//! stock wasmtime-wasi and nothing of ours. What each sends comes back byte for byte. When all are through, a table
//! tells what was tried.

#[path = "../common/mod.rs"]
mod common;

mod client;
mod server;
mod table;

use client::{Client, NC, NODE, PYTHON, SOCAT};
use server::Server;
use std::net::IpAddr;
use table::{Outcome, Row};

/// The lengths in bytes. 65,507 is the longest datagram of IPv4, 1472 what fits into an Ethernet frame.
const LENGTHS: [usize; 4] = [0, 1, 1472, 65_507];
const HOSTS: [&str; 2] = ["127.0.0.1", "::1"];

macro_rules! every_client {
    ($name:literal, $server:expr) => {
        use super::*;

        #[test]
        fn answers_socat() {
            talk(&SOCAT, $name, $server);
        }

        #[test]
        fn answers_nc() {
            talk(&NC, $name, $server);
        }

        #[test]
        fn answers_python() {
            talk(&PYTHON, $name, $server);
        }

        #[test]
        fn answers_node() {
            talk(&NODE, $name, $server);
        }
    };
}

mod the_program {
    every_client!("datagrant run", Server::native);
}

mod the_adapter_in_a_stock_host {
    every_client!("adapter, stock host", Server::stock);
}

fn talk(client: &Client, name: &'static str, server: fn(IpAddr) -> Server) {
    let _test = table::Test;
    for host in HOSTS {
        let host: IpAddr = host.parse().expect("an address");
        let mut row = Row::begin(client.name, host, name);
        if !client.is_there() {
            row.add(Outcome::Missing(client.package));
            let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!ci, "{} is missing: apt-get install {}", client.name, client.package);
            continue;
        }
        let mut server = server(host);
        for length in LENGTHS {
            row.add(match (client.limit)(length) {
                Some(limit) => Outcome::Cannot(limit),
                None => {
                    returns(client, &mut server, length);
                    Outcome::Same
                }
            });
        }
    }
}

/// A datagram of this length comes back as it was sent.
fn returns(client: &Client, server: &mut Server, length: usize) {
    let sent: Vec<u8> = (0..length).map(|n| (n * 31 + n / 251) as u8).collect();
    let got = client.exchange(&sent, server.address());
    assert_eq!(got.len(), length, "{}: what came back", client.name);
    assert!(got == sent, "{}: {length} bytes came back changed", client.name);
    server.wait_for_line(&format!("{length} bytes from "));
}
