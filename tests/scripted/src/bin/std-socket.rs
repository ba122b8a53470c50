//! The network that every Rust program knows, and what it gets of it, a line each: UDP by `std::net`, which is `wasi:sockets`
//! here. With `reach`, what else there is: TCP, and names.
//!
//! It talks to itself, and says of addresses what does not change from run to run.

use std::fmt::Debug;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::time::{Duration, Instant};

fn main() {
    if std::env::args().nth(1).as_deref() == Some("reach") {
        return reach();
    }
    for loopback in [
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        (Ipv6Addr::LOCALHOST, 0).into(),
    ] {
        println!("- {}", loopback.ip());
        datagrams(loopback);
        sizes(loopback);
        waiting(loopback);
        connected(loopback);
        options(loopback);
    }
}

fn bound(at: SocketAddr) -> UdpSocket {
    UdpSocket::bind(at).expect("loopback, any port")
}

fn at(socket: &UdpSocket) -> SocketAddr {
    socket.local_addr().expect("it is bound")
}

fn datagrams(loopback: SocketAddr) {
    let (a, b) = (bound(loopback), bound(loopback));
    say(
        "the port is another",
        at(&a).port() != at(&b).port() && at(&a).port() != 0,
    );
    say("bind to the same", UdpSocket::bind(at(&a)).map(drop));
    say("send_to", a.send_to(b"hello", at(&b)));
    say("recv_from", received(&b).map(|(text, from)| (text, from == at(&a))));
    say("send_to nothing", b.send_to(b"", at(&a)));
    say(
        "recv_from nothing",
        received(&a).map(|(text, from)| (text, from == at(&b))),
    );
    for text in ["one", "two", "three"] {
        say("send_to", a.send_to(text.as_bytes(), at(&b)));
    }
    for _ in 0..3 {
        say("recv_from", received(&b).map(|(text, _)| text));
    }
    let any = match loopback {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let any = bound(any);
    say("bound to the wildcard", at(&any).ip());
    say("send_to from the wildcard", any.send_to(b"hello", at(&b)));
    say("recv_from", received(&b).map(|(_, from)| from.ip()));
    let other_family = match loopback {
        SocketAddr::V4(_) => SocketAddr::from((Ipv6Addr::LOCALHOST, 9)),
        SocketAddr::V6(_) => (Ipv4Addr::LOCALHOST, 9).into(),
    };
    say("send_to the other family", a.send_to(b"x", other_family));
}

fn sizes(loopback: SocketAddr) {
    let (a, b) = (bound(loopback), bound(loopback));
    let large = vec![7; 65_507];
    say("send_to 65,507 bytes", a.send_to(&large, at(&b)));
    let mut buffer = vec![0; 70_000];
    say("recv_from", b.recv_from(&mut buffer).map(|(length, _)| length));
    say("the same", buffer[..large.len()] == large);
    say("send_to 70,000 bytes", a.send_to(&buffer, at(&b)));
    say("send_to", a.send_to(b"longer than the buffer", at(&b)));
    say("recv_from 6 bytes", b.recv_from(&mut [0; 6]).map(|(length, _)| length));
    say("send_to", a.send_to(b"next", at(&b)));
    say("recv_from", received(&b).map(|(text, _)| text));
}

fn waiting(loopback: SocketAddr) {
    let (a, b) = (bound(loopback), bound(loopback));
    say("set_nonblocking", a.set_nonblocking(true));
    say("recv_from", received(&a));
    say("send_to", b.send_to(b"there", at(&a)));
    say("recv_from", until_there(&a));
    say("recv_from", received(&a));
    say("set_nonblocking", a.set_nonblocking(false));
    say("set_read_timeout", a.set_read_timeout(Some(Duration::from_millis(30))));
    say("send_to", b.send_to(b"in time", at(&a)));
    say("recv_from", received(&a).map(|(text, _)| text));
}

/// What was sent over loopback is there at once, but tokio may tell of it a moment later.
fn until_there(socket: &UdpSocket) -> io::Result<String> {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        match received(socket) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < until => {}
            ended => return ended.map(|(text, _)| text),
        }
    }
}

fn connected(loopback: SocketAddr) {
    let (a, b, other) = (bound(loopback), bound(loopback), bound(loopback));
    say("peer_addr", a.peer_addr());
    say("send", a.send(b"x"));
    say("connect", a.connect(at(&b)));
    say("peer_addr is the other's", a.peer_addr().map(|peer| peer == at(&b)));
    say("send", a.send(b"hello"));
    say("recv", received(&b).map(|(text, from)| (text, from == at(&a))));
    say("send_to by another", other.send_to(b"not the peer", at(&a)));
    say("send_to by the peer", b.send_to(b"the peer", at(&a)));
    say("recv", received(&a).map(|(text, _)| text));
    say("connect to another", a.connect(at(&other)));
    say("peer_addr is the other's", a.peer_addr().map(|peer| peer == at(&other)));
    say("send_to by the old peer", b.send_to(b"the old peer", at(&a)));
    say("send", a.send(b"hello"));
    say("recv", received(&other).map(|(text, _)| text));
    say("send_to by the peer", other.send_to(b"the peer", at(&a)));
    say("recv", received(&a).map(|(text, _)| text));
    let nobody = {
        let closed = bound(loopback);
        at(&closed)
    };
    say("connect to nobody", a.connect(nobody));
    say("send", a.send(b"x"));
    a.set_nonblocking(true).expect("an option");
    say("recv", until_there(&a));
    say("send", a.send(b"x"));
}

fn options(loopback: SocketAddr) {
    let a = bound(loopback);
    if loopback.is_ipv4() {
        say("set_ttl", a.set_ttl(17));
        say("ttl", a.ttl());
        say("set_ttl 0", a.set_ttl(0));
    }
    say("take_error", a.take_error().map(|error| error.is_some()));
}

/// What may differ from host to host.
fn reach() {
    say("udp bind", UdpSocket::bind("127.0.0.1:0").map(drop));
    say(
        "udp bind to localhost",
        UdpSocket::bind("localhost:0").map(|socket| at(&socket).ip()),
    );
    say("tcp bind", TcpListener::bind("127.0.0.1:0").map(drop));
    say("tcp connect", TcpStream::connect("127.0.0.1:9").map(drop));
    for name in std::env::args().skip(2) {
        let found = (name.as_str(), 9).to_socket_addrs();
        say(
            &format!("lookup {name}"),
            found.map(|all| all.map(|address| address.to_string()).collect::<Vec<_>>()),
        );
    }
}

fn received(socket: &UdpSocket) -> io::Result<(String, SocketAddr)> {
    let mut buffer = [0; 100];
    let (length, from) = socket.recv_from(&mut buffer)?;
    Ok((String::from_utf8_lossy(&buffer[..length]).into_owned(), from))
}

fn say(what: &str, ended: impl Told) {
    println!("{what} -> {}", ended.told());
}

trait Told {
    fn told(self) -> String;
}

impl<T: Debug> Told for io::Result<T> {
    fn told(self) -> String {
        match self {
            Ok(value) => format!("ok {value:?}").replace(" ()", ""),
            Err(error) => error.to_string(),
        }
    }
}

impl Told for bool {
    fn told(self) -> String {
        self.to_string()
    }
}

impl Told for std::net::IpAddr {
    fn told(self) -> String {
        self.to_string()
    }
}
