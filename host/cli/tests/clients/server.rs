//! The echo server, in either host.

use crate::common::{Started, run, unused};
use datagrant_tests::{ECHO_SERVER, Provider, Run, Running};
use std::net::{IpAddr, SocketAddr};

pub struct Server {
    address: SocketAddr,
    running: Host,
}

enum Host {
    Native(Started),
    Stock(Running),
}

impl Server {
    /// Under `datagrant run`, with exactly the grant that it needs.
    #[track_caller]
    pub fn native(host: IpAddr) -> Server {
        let address = unused_at(host);
        let at = address.to_string();
        let program = run(ECHO_SERVER).args(["--allow-bind", &at, "--", &at]);
        Server::listening(address, Host::Native(program.start()))
    }

    /// Joined with the adapter, in a host that has stock wasmtime-wasi alone.
    #[track_caller]
    pub fn stock(host: IpAddr) -> Server {
        let address = unused_at(host);
        let run = Run::new(Provider::Adapter, ECHO_SERVER).arg(address.to_string());
        Server::listening(address, Host::Stock(run.start()))
    }

    #[track_caller]
    fn listening(address: SocketAddr, running: Host) -> Server {
        let mut server = Server { address, running };
        server.wait_for_line(&format!("listening on {address}"));
        server
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    #[track_caller]
    pub fn wait_for_line(&mut self, text: &str) {
        match &mut self.running {
            Host::Native(program) => program.wait_for_line(text),
            Host::Stock(running) => running.wait_for_line(text),
        };
    }
}

#[track_caller]
fn unused_at(host: IpAddr) -> SocketAddr {
    match host {
        IpAddr::V4(ip) => unused(&ip.to_string()),
        IpAddr::V6(ip) => unused(&format!("[{ip}]")),
    }
}
