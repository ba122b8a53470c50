//! Asks for the network that every Rust program knows, and prints what it gets: UDP and TCP by `std::net`, which are
//! `wasi:sockets` here, and a name.

use std::net::{TcpListener, TcpStream, ToSocketAddrs, UdpSocket};

fn main() {
    say("udp bind", UdpSocket::bind("127.0.0.1:0").map(drop));
    say("tcp bind", TcpListener::bind("127.0.0.1:0").map(drop));
    say("tcp connect", TcpStream::connect("127.0.0.1:9").map(drop));
    say("lookup", "localhost:9".to_socket_addrs().map(drop));
}

fn say(what: &str, result: std::io::Result<()>) {
    match result {
        Ok(()) => println!("{what} -> ok"),
        Err(error) => println!("{what} -> {}", error.kind()),
    }
}
