//! The event loop of the Rust SDK over a provider: options, names and bursts, as far as one host can show them
//! (docs/api.md).

use datagrant_conformance::sdk::*;
use datagrant_conformance::*;
use datagrant_guest::burst::SendBurst;
use datagrant_guest::event_loop::{AbortSignal, Reply, SocketOptions};
use datagrant_guest::{BlockList, Error, Family, UdpSocket, granted_names};
use std::cell::RefCell;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;
use std::time::Duration;

checks!(
    a_close_during_a_lookup_is_silent,
    own_lookups_serve_bind_connect_and_send,
    a_denied_lookup_goes_to_the_callback,
    names_serve_bind_connect_and_send,
    a_name_that_does_not_exist_is_an_error_of_its_own,
    groups_are_joined_left_and_heard,
    an_abort_closes,
    block_lists_hold_in_both_directions,
    buffers_and_hops_need_a_bound_socket,
    addresses_are_told_with_their_family,
    bursts_are_delivered_and_sent,
    sockets_that_were_handed_in_are_taken_by_name,
);

fn a_close_during_a_lookup_is_silent() {
    let (events, log) = (event_loop(), Log::default());
    let replies = Rc::new(RefCell::new(Vec::<Reply>::new()));
    for step in 0..3 {
        let kept = replies.clone();
        let own = move |_: &str, _, reply| kept.borrow_mut().push(reply);
        let options = SocketOptions::new(Family::Ipv4).lookup(own);
        let socket = events.socket_with(options).expect("a socket");
        log.all("it", &socket);
        let unseen = log.clone();
        match step {
            0 => socket.bind("here.test:0"),
            1 => socket.connect("there.test:9"),
            _ => socket.send_with("x", "there.test:9", move |_| unseen.add("told")),
        }
        .expect("begun");
        socket.close().expect("close");
    }
    for reply in replies.take() {
        reply.answer(Ok(Ipv4Addr::LOCALHOST.into()));
    }
    events.run().expect("a run");
    log.is(&["it closed"; 3]);
}

fn own_lookups_serve_bind_connect_and_send() {
    let (events, log) = (event_loop(), Log::default());
    let to = collector(&events, &log, 2);
    let own = |name: &str, family, reply: Reply| {
        assert_eq!((name, family), ("home.test", Family::Ipv4));
        reply.answer(Ok(Ipv4Addr::LOCALHOST.into()));
    };
    let make = || {
        let socket = events
            .socket_with(SocketOptions::new(Family::Ipv4).lookup(own))
            .expect("a socket");
        socket.unref();
        socket
    };
    let one = make();
    one.bind("home.test:0").expect("begun");
    assert_eq!(code_of(one.bind(HOME)), "ERR_SOCKET_ALREADY_BOUND");
    one.send("sent while binding", ("home.test", to.port())).expect("begun");
    let two = make();
    two.connect(("home.test", to.port())).expect("begun");
    two.on_connect(|two| two.send_connected("connected"));
    events.run().expect("a run");
    let mut seen = log.0.take();
    seen.sort();
    assert_eq!(seen, ["connected", "sent while binding"]);
}

fn a_denied_lookup_goes_to_the_callback() {
    let (events, log) = (event_loop(), Log::default());
    let (socket, _) = bound_in(&events);
    log.all("it", &socket);
    let told = log.clone();
    let done = move |result: io::Result<usize>| {
        let error = result.expect_err("not granted");
        let inside = Error::of(&error).expect("of the SDK");
        assert_eq!(
            (inside.syscall(), inside.host()),
            ("getaddrinfo", Some("nobody.granted.test"))
        );
        told.add(code(&error));
    };
    socket.send_with("x", "nobody.granted.test:9", done).expect("begun");
    socket.unref();
    events.run().expect("a run");
    let told = log.0.take();
    let is_as_expected = |code| code == "EACCES" || differs(Difference::NoNameGrants) && code == "ENOTFOUND";
    assert!(
        matches!(&told[..], [listening, code] if listening == "it listening" && is_as_expected(code)),
        "{told:?}"
    );
    let found = datagrant_guest::lookup("localhost", Some(Family::Ipv4)).expect("granted");
    assert_eq!(found, [Ipv4Addr::LOCALHOST]);
}

/// A name of this run, which has the address of loopback.
fn names_serve_bind_connect_and_send() {
    let (events, log) = (event_loop(), Log::default());
    let to = collector(&events, &log, 4);
    let one = events.socket(Family::Ipv4).expect("a socket");
    one.unref();
    one.bind("home.test:0").expect("begun");
    one.send("sent while binding", ("home.test", to.port())).expect("begun");
    let two = events.socket(Family::Ipv4).expect("a socket");
    two.unref();
    two.connect(("home.test", to.port())).expect("begun");
    two.on_connect(|two| two.send_connected("connected"));
    let blocking = UdpSocket::bind("home.test:0").expect("bind");
    blocking.send_to(b"blocking", ("home.test", to.port())).expect("send");
    let client = UdpSocket::connected(("home.test", to.port())).expect("connect");
    client.send(b"blocking, connected").expect("send");
    events.run().expect("a run");
    let mut seen = log.0.take();
    seen.sort();
    assert_eq!(
        seen,
        ["blocking", "blocking, connected", "connected", "sent while binding"]
    );
}

fn a_name_that_does_not_exist_is_an_error_of_its_own() {
    let (events, log) = (event_loop(), Log::default());
    let (socket, to) = bound_in(&events);
    log.all("it", &socket);
    let told = log.clone();
    socket
        .connect_with(("nobody.home.test", to.port()), move |result| {
            let error = result.expect_err("no such name");
            told.add(format!("connect {error}"));
        })
        .expect("begun");
    socket.send("x", ("nobody.home.test", to.port())).expect("begun");
    socket.unref();
    events.run().expect("a run");
    let text = "connect getaddrinfo ENOTFOUND nobody.home.test: no such name";
    log.is(&["it listening", text, "it error ENOTFOUND"]);
}

fn groups_are_joined_left_and_heard() {
    if differs(Difference::NoMulticast) {
        return;
    }
    let (events, log) = (event_loop(), Log::default());
    let (group, other) = (IpAddr::from([239, 255, 77, 1]), Ipv4Addr::new(239, 255, 77, 2));
    let member = events.socket(Family::Ipv4).expect("a socket");
    member.add_membership(group, "127.0.0.1").expect("binds and joins");
    let port = member.local_addr().expect("bound").port();
    assert_eq!(code_of(member.add_membership(group, "127.0.0.1")), "EADDRINUSE");
    let (sender, _) = bound_in(&events);
    sender.set_multicast_interface("127.0.0.1").expect("an interface");
    sender.send("to the group", (group, port)).expect("begun");
    sender.unref();
    let heard = log.clone();
    member.on_message(move |member, data, _| {
        heard.add(String::from_utf8_lossy(data));
        member.drop_membership(group, "127.0.0.1")?;
        assert_eq!(code_of(member.drop_membership(group, "127.0.0.1")), "EADDRNOTAVAIL");
        member.close()
    });
    events.run().expect("a run");
    log.is(&["to the group"]);

    let blocking = UdpSocket::bind("0.0.0.0:0").expect("bind");
    blocking.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    blocking.join_multicast_v4(&other, &Ipv4Addr::LOCALHOST).expect("join");
    blocking.set_multicast_interface("127.0.0.1").expect("an interface");
    let port = blocking.local_addr().expect("bound").port();
    blocking.send_to(b"to itself", (other, port)).expect("send");
    assert_eq!(blocking.recv(&mut [0; 99]).expect("the loop is on"), 9);
}

fn an_abort_closes() {
    let (events, log, signal) = (event_loop(), Log::default(), AbortSignal::new());
    let make = |name| {
        let options = SocketOptions::new(Family::Ipv4).signal(&signal);
        let socket = events.socket_with(options).expect("a socket");
        log.all(name, &socket);
        socket
    };
    make("one").bind(HOME).expect("bind");
    let abort = signal.clone();
    events.set_timeout(Duration::from_millis(1), move || abort.abort());
    events.run().expect("a run");
    let late = make("two");
    assert_eq!(code_of(late.bind(HOME)), "ERR_SOCKET_DGRAM_NOT_RUNNING");
    events.run().expect("a run");
    log.is(&["one listening", "one closed", "two closed"]);
}

fn block_lists_hold_in_both_directions() {
    let (events, log) = (event_loop(), Log::default());
    let to = collector(&events, &log, 1);
    let mut list = BlockList::new();
    list.add_subnet(Ipv4Addr::LOCALHOST.into(), 8).expect("a subnet");
    let options = || SocketOptions::new(Family::Ipv4);
    let deaf = events
        .socket_with(options().receive_block_list(list.clone()))
        .expect("a socket");
    log.all("deaf", &deaf);
    let deaf_at = deaf.bind_sync(HOME).expect("bind");
    let mute = events.socket_with(options().send_block_list(list)).expect("a socket");
    let told = log.clone();
    let done = move |result: io::Result<usize>| told.add(code_of(result));
    mute.send_with("x", to, done).expect("begun");
    assert_eq!(code_of(mute.connect_sync(to)), "ERR_IP_BLOCKED");
    let (sender, _) = bound_in(&events);
    sender.send("dropped", deaf_at).expect("send");
    sender.send("heard", to).expect("send");
    for socket in [&deaf, &mute, &sender] {
        socket.unref();
    }
    events.run().expect("a run");
    let mut log = log.0.take();
    log.sort();
    assert_eq!(log, ["ERR_IP_BLOCKED", "deaf listening", "heard"]);
}

fn buffers_and_hops_need_a_bound_socket() {
    let events = event_loop();
    let options = SocketOptions::new(Family::Ipv4).receive_buffer_bytes(20_000);
    let socket = events.socket_with(options).expect("a socket");
    assert_eq!(code_of(socket.receive_buffer_bytes()), "ERR_SOCKET_BUFFER_SIZE");
    assert_eq!(code_of(socket.set_ttl(64)), "EBADF");
    socket.bind_sync(HOME).expect("bind");
    assert!(socket.receive_buffer_bytes().expect("a size") >= 20_000);
    socket.set_send_buffer_bytes(30_000).expect("a size");
    assert!(socket.send_buffer_bytes().expect("a size") >= 30_000);
    socket.set_ttl(64).expect("a TTL");
    assert_eq!(
        (code_of(socket.set_ttl(0)), code_of(socket.set_ttl(256))),
        ("EINVAL", "EINVAL")
    );
    assert_eq!(code_of(socket.set_multicast_ttl(256)), "EINVAL");
    assert_eq!((socket.send_queue_bytes(), socket.send_queue_count()), (0, 0));
}

fn addresses_are_told_with_their_family() {
    let events = event_loop();
    for (family, at, text) in [
        (Family::Ipv4, "127.0.0.1:0", ("127.0.0.1", "IPv4")),
        (Family::Ipv6, "[::1]:0", ("::1", "IPv6")),
    ] {
        let socket = events.socket(family).expect("a socket");
        let at = socket.bind_sync(at.parse().expect("an address")).expect("bind");
        let told = socket.address().expect("bound");
        assert_eq!((told.address.as_str(), told.family.to_string().as_str()), text);
        assert_eq!(told.port, at.port());
    }
}

fn bursts_are_delivered_and_sent() {
    const COUNT: usize = 100;
    let events = event_loop();
    let (server, to) = bound_in(&events);
    let (client, _) = bound_in(&events);
    server.on_burst(|server, burst| server.send_burst(&SendBurst::from(burst.clone())));
    let back = Rc::new(RefCell::new(0));
    let count = back.clone();
    client.on_burst(move |client, burst| {
        for datagram in burst {
            assert_eq!(datagram.data, count.borrow().to_string().as_bytes(), "in order");
            *count.borrow_mut() += 1;
        }
        if *count.borrow() == COUNT {
            server.close()?;
            client.close()?;
        }
        Ok::<(), io::Error>(())
    });
    let mut burst = SendBurst::new();
    for n in 0..COUNT {
        burst.push(n.to_string().as_bytes(), to);
    }
    client.send_burst(&burst).expect("send");
    events.run().expect("a run");
    assert_eq!(*back.borrow(), COUNT);
}

fn sockets_that_were_handed_in_are_taken_by_name() {
    let (events, log) = (event_loop(), Log::default());
    assert_eq!(code_of(events.granted("none of this name")), "EINVAL");
    if differs(Difference::NothingHandedIn) {
        return assert!(granted_names().expect("none").is_empty());
    }
    assert_eq!(granted_names().expect("two"), ["first", "second"]);
    let first = events.granted("first").expect("handed in");
    log.all("first", &first);
    assert_eq!(code_of(events.granted("first")), "EBADF");
    assert_eq!(code_of(first.bind(HOME)), "ERR_SOCKET_ALREADY_BOUND");
    let own = first.local_addr().expect("bound");
    let client = UdpSocket::bind(HOME).expect("a socket");
    client.send_to(b"hello", own).expect("send");
    first.on_message(|first, data, from| {
        first.send(data, from)?;
        first.close()
    });
    events.run().expect("a run");
    log.is(&["first listening", "first closed"]);
    let mut buffer = [0; 9];
    client.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    assert_eq!(client.recv(&mut buffer).expect("an answer"), 5);
    let second = UdpSocket::granted("second").expect("handed in");
    assert!(second.local_addr().expect("bound").is_ipv6());
}
