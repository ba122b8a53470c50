//! The networks that tests make (`datagrant_tests::network`), tried with sockets of the kernel's: what the tests of guests
//! conclude from them holds only if this does.

use datagrant_tests::network::{Host, Network, Packet, Switch, receives};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

/// Two networks, `10.0.1.0/24` and `10.0.2.0/24`, with a host each, and a router between.
struct Routed {
    left: Host,
    right: Host,
    router: Host,
    right_switch: Switch,
}

fn routed(network: &Network) -> Routed {
    let (left_switch, right_switch) = (network.switch(), network.switch());
    let (left, right, router) = (network.host(), network.host(), network.router());
    left.plug(&left_switch, "eth0", &["10.0.1.1/24", "fd00:1::1/64"]);
    right.plug(&right_switch, "eth0", &["10.0.2.1/24", "fd00:2::1/64"]);
    router.plug(&left_switch, "eth0", &["10.0.1.254/24", "fd00:1::254/64"]);
    router.plug(&right_switch, "eth1", &["10.0.2.254/24", "fd00:2::254/64"]);
    left.ip("route add default via 10.0.1.254\nroute add default via fd00:1::254");
    right.ip("route add default via 10.0.2.254\nroute add default via fd00:2::254");
    Routed {
        left,
        right,
        router,
        right_switch,
    }
}

#[track_caller]
fn has_nothing(socket: &UdpSocket) {
    socket.set_nonblocking(true).expect("a socket");
    let received = socket.recv_from(&mut [0; 2048]);
    assert!(received.is_err(), "{received:?}");
}

#[test]
fn datagrams_cross_a_router_and_lose_a_hop() {
    let Some(network) = Network::new() else { return };
    let net = routed(&network);
    for (from, to) in [("10.0.1.1:0", "10.0.2.1:0"), ("[fd00:1::1]:0", "[fd00:2::1]:0")] {
        let (from, to) = (net.left.socket(from), net.right.socket(to));
        let (source, destination) = (from.local_addr().unwrap(), to.local_addr().unwrap());
        let wire = net.right.wire();
        from.send_to(b"hello", destination).expect("a route");
        assert_eq!(receives(&to), ("hello".to_owned(), source));
        let expected = Packet {
            source,
            destination,
            hops: 63,
            fragmented: false,
            payload: "hello".to_owned(),
        };
        assert_eq!(wire.until("hello"), [expected]);
    }
}

#[test]
fn multicast_crosses_a_router_with_two_hops_and_not_with_one() {
    let Some(network) = Network::new() else { return };
    let net = routed(&network);
    let _routing = net.router.routes_multicast("eth0", &["239.1.2.3", "ff15::1"], "eth1");

    let (from, to) = (net.left.socket("10.0.1.1:0"), net.right.socket("0.0.0.0:0"));
    let port = to.local_addr().unwrap().port();
    let group = "239.1.2.3".parse().unwrap();
    to.join_multicast_v4(&group, &"10.0.2.1".parse().unwrap())
        .expect("an interface");
    for (hops, text) in [(1, "one hop"), (2, "two hops")] {
        from.set_multicast_ttl_v4(hops).expect("a socket");
        from.send_to(text.as_bytes(), (group, port)).expect("a route");
    }
    assert_eq!(receives(&to).0, "two hops");
    has_nothing(&to);

    let (from, to) = (net.left.socket("[fd00:1::1]:0"), net.right.socket("[::]:0"));
    let port = to.local_addr().unwrap().port();
    let group = "ff15::1".parse().unwrap();
    to.join_multicast_v6(&group, 0).expect("an interface");
    for (hops, text) in [(1, "one hop"), (2, "two hops")] {
        socket2::SockRef::from(&from)
            .set_multicast_hops_v6(hops)
            .expect("a socket");
        from.send_to(text.as_bytes(), (group, port)).expect("a route");
    }
    assert_eq!(receives(&to).0, "two hops");
    has_nothing(&to);
}

#[test]
fn a_packet_filter_loses_some_and_counts_them() {
    let Some(network) = Network::new() else { return };
    let net = routed(&network);
    let (from, to) = (net.left.socket("10.0.1.1:0"), net.right.socket("10.0.2.1:0"));
    let destination = to.local_addr().unwrap();
    let send = |text: &str| from.send_to(text.as_bytes(), destination).expect("a route");
    // Neighbours are known from here on: nothing waits, and is overtaken.
    send("first");
    assert_eq!(receives(&to).0, "first");
    let loss = net.router.loses(50);
    const SENT: u64 = 100;
    for _ in 0..SENT {
        send("one");
    }
    // The last ones may still be on their way.
    let mut arrived = 0;
    let until = Instant::now() + PATIENCE;
    while arrived + loss.count() < SENT {
        assert!(Instant::now() < until, "{arrived} arrived, {} were lost", loss.count());
        to.set_nonblocking(true).expect("a socket");
        while to.recv(&mut [0; 16]).is_ok() {
            arrived += 1;
        }
    }
    assert_eq!(arrived + loss.count(), SENT);
    assert!((1..SENT).contains(&arrived), "{arrived}");
    has_nothing(&to);
}

#[test]
fn a_source_can_be_spoofed() {
    let Some(network) = Network::new() else { return };
    let net = routed(&network);
    let to = net.right.socket("10.0.2.1:0");
    let SocketAddr::V4(at) = to.local_addr().unwrap() else {
        unreachable!()
    };
    let source = "192.0.2.7:53".parse().unwrap();
    net.left.spoofs(source, at, "it was not me");
    assert_eq!(receives(&to), ("it was not me".to_owned(), source.into()));
}

#[test]
fn an_interface_goes_down_and_up_and_a_cable_out_and_in() {
    let Some(network) = Network::new() else { return };
    let (switch, here, there) = (network.switch(), network.host(), network.host());
    let interface = here.plug(&switch, "eth0", &["10.0.0.1/24", "fd00::1/64"]);
    there.plug(&switch, "eth0", &["10.0.0.2/24", "fd00::2/64"]);
    for (at, other) in [("10.0.0.1:0", "10.0.0.2:0"), ("[fd00::1]:0", "[fd00::2]:0")] {
        let (here, there) = (here.socket(at), there.socket(other));
        let hello = |text: &str| {
            there
                .send_to(text.as_bytes(), here.local_addr().unwrap())
                .expect("a route");
            assert_eq!(receives(&here).0, text);
        };
        hello("before");
        interface.down();
        let refused = here.send_to(b"x", there.local_addr().unwrap());
        assert!(refused.is_err(), "{refused:?}");
        interface.up();
        hello("up again");
        interface.unplug();
        interface.plug();
        hello("plugged in again");
        has_nothing(&there);
    }
}

#[test]
fn nothing_is_left_of_a_network_whose_test_panicked() {
    let Some(network) = Network::new() else { return };
    // It outlives the switch that it is plugged into, and loses its interface with it.
    let witness = network.host();
    let panicked = thread::spawn({
        let witness = witness.clone();
        move || {
            let net = routed(&network);
            let _routing = net.router.routes_multicast("eth0", &["239.1.2.3"], "eth1");
            witness.plug(&net.right_switch, "eth0", &["10.0.2.2/24"]);
            panic!("as a test that fails");
        }
    });
    panicked.join().expect_err("it panics");
    let has_interface = || {
        let shown = witness.command("ip").args(["link", "show", "dev", "eth0"]).output();
        shown.expect("ip").status.success()
    };
    let until = Instant::now() + PATIENCE;
    while has_interface() {
        assert!(Instant::now() < until, "the switch is still there");
        thread::sleep(Duration::from_millis(10));
    }
}
