//! What the documentation of `wasi:sockets` 0.2 says of UDP, a line each: what is called, and how it ends. With an argument, one
//! call that is to trap, or one whose end differs from host to host.

#[path = "../wasi/generated.rs"]
mod generated;

use generated::wasi::clocks::monotonic_clock::subscribe_duration;
use generated::wasi::io::poll::poll;
use generated::wasi::sockets::instance_network::instance_network;
use generated::wasi::sockets::ip_name_lookup::resolve_addresses;
use generated::wasi::sockets::network::{
    ErrorCode, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress,
};
use generated::wasi::sockets::udp::{IncomingDatagramStream, OutgoingDatagram, OutgoingDatagramStream, UdpSocket};
use generated::wasi::sockets::udp_create_socket::create_udp_socket;
use std::fmt::Debug;

type Streams = (IncomingDatagramStream, OutgoingDatagramStream);

fn main() {
    match std::env::args().nth(1).as_deref() {
        None => {
            states();
            options();
            streams();
            sends();
            polls();
            names();
        }
        Some("send without check-send") => drop(streams_of(&bound()).1.send(&[datagram(b"x", Some(v4(9)))])),
        Some("send of more than check-send permitted") => {
            let (_, outgoing) = streams_of(&bound());
            let permitted = outgoing.check_send().expect("there is room") as usize;
            let list: Vec<OutgoingDatagram> = (0..=permitted).map(|_| datagram(b"x", Some(v4(9)))).collect();
            let _ = outgoing.send(&list);
        }
        Some("streams that were replaced") => replaced_streams(),
        Some(other) => panic!("{other:?} is not understood"),
    }
}

fn states() {
    let socket = create_udp_socket(IpAddressFamily::Ipv4).expect("a socket");
    let network = instance_network();
    say("address-family", socket.address_family());
    say("local-address", socket.local_address().map(port_is_set));
    say("remote-address", socket.remote_address().map(drop));
    say("finish-bind", socket.finish_bind());
    say("stream", socket.stream(None).map(drop));
    say("stream to a peer", socket.stream(Some(v4(9))).map(drop));
    say("start-bind to the other family", socket.start_bind(&network, v6(0, 0)));
    say(
        "start-bind to what is no address of this host",
        socket.start_bind(&network, elsewhere()),
    );
    say("finish-bind", socket.finish_bind());
    say("start-bind", socket.start_bind(&network, v4(0)));
    say("start-bind", socket.start_bind(&network, v4(0)));
    say("finish-bind", socket.finish_bind());
    say("finish-bind", socket.finish_bind());
    say("start-bind", socket.start_bind(&network, v4(0)));
    say("local-address", socket.local_address().map(port_is_set));
    say("remote-address", socket.remote_address().map(drop));

    let six = create_udp_socket(IpAddressFamily::Ipv6).expect("a socket");
    say("address-family", six.address_family());
    say("start-bind to a mapped address", six.start_bind(&network, mapped()));
    say("start-bind", six.start_bind(&network, v6(0, 0)));
    say("finish-bind", six.finish_bind());
    say("stream to a mapped address", six.stream(Some(mapped())).map(drop));
    say("stream to the other family", six.stream(Some(v4(9))).map(drop));
}

fn options() {
    let socket = bound();
    say("set-unicast-hop-limit 0", socket.set_unicast_hop_limit(0));
    say("set-unicast-hop-limit", socket.set_unicast_hop_limit(255));
    say("unicast-hop-limit", socket.unicast_hop_limit());
    say("set-receive-buffer-size 0", socket.set_receive_buffer_size(0));
    say("set-receive-buffer-size", socket.set_receive_buffer_size(20_000));
    say("receive-buffer-size", socket.receive_buffer_size());
    say("set-send-buffer-size 0", socket.set_send_buffer_size(0));
    say("set-send-buffer-size", socket.set_send_buffer_size(30_000));
    say("send-buffer-size", socket.send_buffer_size());
    say(
        "set-send-buffer-size without bounds",
        socket.set_send_buffer_size(u64::MAX),
    );
    say("send-buffer-size", socket.send_buffer_size());
}

fn streams() {
    let peer = bound();
    let (incoming, outgoing) = streams_of(&peer);
    say("receive of nothing", incoming.receive(10).map(texts));
    for text in ["one", "two", "three"] {
        send(&outgoing, text, local(&peer));
    }
    say("receive 0", incoming.receive(0).map(texts));
    say("receive 2", received(&incoming, 2, 2));
    say("receive without bounds", received(&incoming, 1, u64::MAX));

    let (socket, other, peer) = (bound(), bound(), bound());
    let (_, to_peer) = streams_of(&socket);
    let (_, of_other) = streams_of(&other);
    drop(peer.stream(Some(local(&other))).expect("loopback"));
    send(&to_peer, "not of the peer", local(&peer));
    let (incoming, _) = peer.stream(Some(local(&socket))).expect("loopback");
    say(
        "remote-address",
        peer.remote_address().map(|remote| same(remote, local(&socket))),
    );
    send(&of_other, "of the old peer", local(&peer));
    send(&to_peer, "of the peer", local(&peer));
    say("receive", received(&incoming, 1, 10));
    say("receive", incoming.receive(10).map(texts));

    let peer = bound();
    drop(peer.stream(Some(local(&other))).expect("loopback"));
    drop(peer.stream(None).expect("loopback"));
    say("remote-address", peer.remote_address().map(drop));
}

fn sends() {
    let (socket, peer) = (bound(), bound());
    let to = local(&peer);
    let (incoming, outgoing) = streams_of(&socket);
    let (heard, _) = streams_of(&peer);
    let send = |list: &[OutgoingDatagram]| {
        assert!(outgoing.check_send().expect("there is room") >= list.len() as u64);
        outgoing.send(list)
    };
    let large = vec![0; 70_000];
    say("send of nothing", send(&[]));
    say("send to nobody", send(&[datagram(b"x", None)]));
    say("send to the other family", send(&[datagram(b"x", Some(v6(9, 0)))]));
    say(
        "send of a list",
        send(&[datagram(b"one", Some(to)), datagram(b"two", Some(to))]),
    );
    say("receive", received(&heard, 2, 10));
    say("send of too much", send(&[datagram(&large, Some(to))]));
    let list = [
        datagram(b"one", Some(to)),
        datagram(&large, Some(to)),
        datagram(b"two", Some(to)),
    ];
    say("send until too much", send(&list));
    say("receive", received(&heard, 1, 10));
    say("receive", heard.receive(10).map(texts));
    drop((incoming, outgoing));

    let (incoming, outgoing) = socket.stream(Some(to)).expect("loopback");
    let send = |list: &[OutgoingDatagram]| {
        assert!(outgoing.check_send().expect("there is room") >= list.len() as u64);
        outgoing.send(list)
    };
    say("send to the peer", send(&[datagram(b"one", None)]));
    say("send to the peer by its address", send(&[datagram(b"two", Some(to))]));
    say("send to another", send(&[datagram(b"x", Some(v4(9)))]));
    say("receive", received(&heard, 2, 10));
    drop((incoming, outgoing));

    let nobody = local(&bound());
    let (incoming, outgoing) = socket.stream(Some(nobody)).expect("loopback");
    say("check-send", outgoing.check_send().map(|permitted| permitted > 0));
    say("send to nobody there", outgoing.send(&[datagram(b"x", None)]));
    incoming.subscribe().block();
    say("receive", incoming.receive(10).map(texts));
}

fn polls() {
    let (socket, peer) = (bound(), bound());
    say("ready", socket.subscribe().ready());
    let (incoming, outgoing) = streams_of(&socket);
    say("ready to send", outgoing.subscribe().ready());
    let there = incoming.subscribe();
    say("ready to receive", there.ready());
    let late = subscribe_duration(20_000_000);
    say("poll", poll(&[&there, &late]));
    send(&streams_of(&peer).1, "hello", local(&socket));
    there.block();
    let late = subscribe_duration(20_000_000_000);
    say("poll", poll(&[&late, &there]));
    say("receive", received(&incoming, 1, 10));
    say("receive", incoming.receive(10).map(texts));
}

/// Of what takes no name server.
fn names() {
    for name in ["127.0.0.1", "::1", "", "a b"] {
        let ended = resolve_addresses(&instance_network(), name).and_then(|stream| {
            stream.subscribe().block();
            let mut all = vec![];
            while let Some(address) = stream.resolve_next_address()? {
                all.push(address);
            }
            assert!(stream.resolve_next_address()?.is_none());
            Ok(all)
        });
        say(&format!("resolve-addresses {name:?}"), ended);
    }
}

/// "Only the most recently returned pair of streams will be operational. Implementations may trap".
fn replaced_streams() {
    let (socket, peer) = (bound(), bound());
    let (incoming, outgoing) = streams_of(&socket);
    let watched = incoming.subscribe();
    let (new_incoming, new_outgoing) = socket.stream(None).expect("loopback");
    send(&streams_of(&peer).1, "hello", local(&socket));
    watched.block();
    say("receive", incoming.receive(10).map(texts));
    say("check-send", outgoing.check_send());
    say("receive of the new ones", new_incoming.receive(10).map(texts));
    drop((incoming, outgoing));
    drop(socket);
    say(
        "check-send without the socket",
        new_outgoing.check_send().map(|permitted| permitted > 0),
    );
    say(
        "send without the socket",
        new_outgoing.send(&[datagram(b"x", Some(v4(9)))]),
    );
    say("receive without the socket", new_incoming.receive(10).map(texts));
    new_incoming.subscribe().block();
}

fn bound() -> UdpSocket {
    let socket = create_udp_socket(IpAddressFamily::Ipv4).expect("a socket");
    socket.start_bind(&instance_network(), v4(0)).expect("loopback");
    socket.finish_bind().expect("it was started");
    socket
}

fn streams_of(socket: &UdpSocket) -> Streams {
    socket.stream(None).expect("it is bound")
}

fn send(outgoing: &OutgoingDatagramStream, text: &str, to: IpSocketAddress) {
    assert!(outgoing.check_send().expect("there is room") > 0);
    let sent = outgoing.send(&[datagram(text.as_bytes(), Some(to))]);
    assert_eq!(sent, Ok(1));
}

/// So many datagrams, waited for, at most `max` at a time.
fn received(incoming: &IncomingDatagramStream, count: usize, max: u64) -> Vec<String> {
    let mut all = vec![];
    while all.len() < count {
        incoming.subscribe().block();
        let some = texts(incoming.receive(max).expect("nothing fails"));
        assert!(some.len() as u64 <= max);
        all.extend(some);
    }
    all
}

fn datagram(data: &[u8], remote_address: Option<IpSocketAddress>) -> OutgoingDatagram {
    OutgoingDatagram {
        data: data.to_vec(),
        remote_address,
    }
}

fn local(socket: &UdpSocket) -> IpSocketAddress {
    socket.local_address().expect("it is bound")
}

fn v4(port: u16) -> IpSocketAddress {
    IpSocketAddress::Ipv4(Ipv4SocketAddress {
        port,
        address: (127, 0, 0, 1),
    })
}

/// TEST-NET-2 (RFC 5737).
fn elsewhere() -> IpSocketAddress {
    IpSocketAddress::Ipv4(Ipv4SocketAddress {
        port: 0,
        address: (198, 51, 100, 1),
    })
}

fn v6(port: u16, sixth: u16) -> IpSocketAddress {
    IpSocketAddress::Ipv6(Ipv6SocketAddress {
        port,
        flow_info: 0,
        address: (0, 0, 0, 0, 0, sixth, if sixth == 0 { 0 } else { 0x7f00 }, 1),
        scope_id: 0,
    })
}

/// ::ffff:127.0.0.1
fn mapped() -> IpSocketAddress {
    v6(9, 0xffff)
}

fn port_is_set(address: IpSocketAddress) -> bool {
    port(address) != 0
}

fn port(address: IpSocketAddress) -> u16 {
    match address {
        IpSocketAddress::Ipv4(address) => address.port,
        IpSocketAddress::Ipv6(address) => address.port,
    }
}

fn same(one: IpSocketAddress, other: IpSocketAddress) -> bool {
    port(one) == port(other)
}

fn texts(received: Vec<generated::wasi::sockets::udp::IncomingDatagram>) -> Vec<String> {
    let text = |data: &[u8]| String::from_utf8_lossy(data).into_owned();
    received.iter().map(|datagram| text(&datagram.data)).collect()
}

fn say(what: &str, ended: impl Told) {
    println!("{what} -> {}", ended.told());
}

trait Told {
    fn told(&self) -> String;
}

impl<T: Debug> Told for Result<T, ErrorCode> {
    fn told(&self) -> String {
        match self {
            Ok(value) => format!("ok {value:?}"),
            Err(code) => code.name().to_owned(),
        }
    }
}

macro_rules! as_they_are {
    ($($type:ty)*) => {$(
        impl Told for $type {
            fn told(&self) -> String {
                format!("{self:?}")
            }
        }
    )*};
}
as_they_are!(bool Vec<u32> Vec<String> IpAddressFamily);
