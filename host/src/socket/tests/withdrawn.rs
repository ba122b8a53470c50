//! Grants that are replaced while other threads use the sockets.

use super::{asleep, bound, in_a_runtime, wanted};
use crate::grants::{Endpoint, Grants, Right};
use crate::socket::{Authority, CreateFlags, ErrorCode, Event, Family, Socket};
use crate::wait::{Wanted, wait};
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

const ROUNDS: u32 = 100;

fn grants(phrases: &[(Right, &str)]) -> Grants {
    let mut grants = Grants::new();
    for (right, pattern) in phrases {
        grants.allow(*right, pattern).unwrap();
    }
    grants
}

fn create(authority: &Arc<Authority>) -> Arc<Socket> {
    Socket::create(1, Family::Ipv4, CreateFlags::default(), authority.clone()).unwrap()
}

fn loopback() -> Option<SocketAddr> {
    Some("127.0.0.1:0".parse().unwrap())
}

/// Replaces the grants again and again, while `work` is done by another thread, which is given the number of the grants:
/// odd while nothing is granted, and never odd before `replace` has returned.
fn while_replaced(authority: &Arc<Authority>, full: &Grants, work: impl Fn(&dyn Fn() -> u32) + Sync) {
    let (number, done, over) = (AtomicU32::new(0), AtomicU32::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let worker = scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                work(&|| number.load(Ordering::SeqCst));
                done.fetch_add(1, Ordering::SeqCst);
            }
        });
        let some_work = || {
            let before = done.load(Ordering::SeqCst);
            // One that has panicked does no more.
            while done.load(Ordering::SeqCst) < before + 3 && !worker.is_finished() {
                thread::yield_now();
            }
        };
        for _ in 0..ROUNDS {
            some_work();
            authority.replace(Grants::new());
            number.fetch_add(1, Ordering::SeqCst);
            some_work();
            number.fetch_add(1, Ordering::SeqCst);
            authority.replace(full.clone());
        }
        over.store(true, Ordering::SeqCst);
    });
}

/// Whether nothing was granted all the time that an operation took.
fn is_withdrawn(before: u32, after: u32) -> bool {
    before == after && before % 2 == 1
}

#[test]
fn no_datagram_is_sent_by_grants_that_were_replaced_before() {
    let full = grants(&[(Right::Bind, "127.0.0.1:0"), (Right::Send, "@loopback:*")]);
    let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
    let to = receiver.local_addr().unwrap();
    let authority = Arc::new(Authority::new(full.clone(), None));
    let header = {
        let mut headers = Vec::new();
        let remote = Endpoint::new(to).unwrap();
        super::header::write(&mut headers, 32, 1, remote, false, &Default::default());
        headers
    };
    while_replaced(&authority, &full, |number| {
        // Bound by nothing: it has nothing to lose but the right to send.
        let socket = create(&authority);
        for by_burst in [false, true] {
            let before = number();
            let sent = match by_burst {
                false => socket.send(b"x", Some(to)),
                true => socket.send_burst(32, &header, b"x").stopped.map_or(Ok(()), Err),
            };
            if is_withdrawn(before, number()) {
                assert!(matches!(sent, Err(ErrorCode::AccessDenied | ErrorCode::InvalidState)));
            }
        }
    });
}

#[test]
fn no_socket_stays_bound_or_connected_by_grants_that_were_replaced() {
    let full = grants(&[(Right::Bind, "127.0.0.1:0"), (Right::Send, "@loopback:*")]);
    let (_, peer) = bound();
    let authority = Arc::new(Authority::new(full.clone(), None));
    while_replaced(&authority, &full, |number| {
        let (server, client) = (create(&authority), create(&authority));
        let before = number();
        let (served, connected) = (server.bind(loopback(), false), client.connect(peer));
        let after = number();
        if is_withdrawn(before, after) {
            assert_eq!(
                (served, connected),
                (Err(ErrorCode::AccessDenied), Err(ErrorCode::AccessDenied))
            );
        } else if is_withdrawn(after, number()) {
            // Whichever came of it, both are gone.
            for socket in [&server, &client] {
                assert_eq!(socket.local_address(), Err(ErrorCode::InvalidState));
            }
        }
    });
}

#[test]
fn what_lives_is_known_for_as_long_as_it_lives() {
    let authority = Arc::new(Authority::new(grants(&[(Right::Bind, "127.0.0.1:0")]), None));
    for _ in 0..1_000 {
        drop(create(&authority));
    }
    assert_eq!(authority.living.count(), 0);
    let kept: Vec<_> = (0..3).map(|_| create(&authority)).collect();
    kept[0].bind(loopback(), false).unwrap();
    kept[1].close();
    assert_eq!(authority.living.count(), 3);
    authority.replace(Grants::new());
    let withdrawn: Vec<bool> = kept.iter().map(|socket| socket.is_withdrawn()).collect();
    assert_eq!(withdrawn, [true, false, false], "one is bound, one closed, one unbound");
}

#[test]
fn who_waits_is_woken_from_another_thread_and_the_port_is_free_then() {
    in_a_runtime(1, async {
        let (socket, local) = bound();
        let first = asleep(&socket, Wanted::Event(socket.clone())).await;
        let second = asleep(&socket, Wanted::Event(socket.clone())).await;
        let authority = socket.authority.clone();
        thread::spawn(move || authority.replace(Grants::new())).join().unwrap();
        UdpSocket::bind(local).expect("the port is free, though nobody has woken yet");
        assert_eq!((first.await.unwrap(), second.await.unwrap()), (vec![true], vec![true]));
        assert_eq!(wait(&wanted(&socket), None).await.unwrap(), [true]);
        assert_eq!(
            socket.next_events(64),
            [Event::Error(ErrorCode::AccessDenied), Event::Close]
        );
        assert_eq!(socket.next_events(64), []);
    });
}

#[test]
fn a_burst_tells_why_the_socket_was_closed_once() {
    let (socket, _) = bound();
    socket.authority.replace(Grants::new());
    assert_eq!(socket.receive_burst(64, 65_535).map(drop), Err(ErrorCode::AccessDenied));
    assert_eq!(socket.receive_burst(64, 65_535).map(drop), Err(ErrorCode::InvalidState));
    assert_eq!(socket.next_events(64), [Event::Close]);
}

#[test]
fn a_guest_that_takes_no_events_is_told_all_the_same() {
    let (socket, _) = bound();
    let (_peer, to) = bound();
    while socket.connect(to).is_ok() {
        socket.disconnect().unwrap();
    }
    assert_eq!(socket.connect(to), Err(ErrorCode::NoBufferSpace));
    socket.authority.replace(Grants::new());
    let all = [socket.next_events(64), socket.next_events(64)].concat();
    assert_eq!(
        all[all.len() - 2..],
        [Event::Error(ErrorCode::AccessDenied), Event::Close]
    );
}

#[test]
fn what_is_left_of_a_coalesced_datagram_goes_with_its_source() {
    let (receiver, to) = bound();
    let all = crate::sys::BurstOptions {
        coalesce: true,
        ..Default::default()
    };
    assert!(receiver.configure(all).unwrap().coalesce);
    let (sender, _) = bound();
    let arrival = crate::sys::Arrival {
        segment_size: 10,
        ..Default::default()
    };
    for (from, left) in [("127.0.0.0/8", 2), ("127.0.0.2", 0)] {
        let mut headers = Vec::new();
        super::header::write(&mut headers, 32, 50, Endpoint::new(to).unwrap(), false, &arrival);
        sender.send_burst(32, &headers, &[0; 50]);
        assert_eq!(receiver.next_events(3).len(), 3, "five came as one");
        receiver
            .authority
            .replace(grants(&[(Right::Bind, &format!("127.0.0.1:0 from {from}"))]));
        assert_eq!(receiver.next_events(64).len(), left);
    }
}

#[test]
fn grants_that_are_replaced_by_the_same_change_nothing() {
    let full = grants(&[(Right::Bind, "127.0.0.1:0"), (Right::Send, "@loopback:*")]);
    let authority = Arc::new(Authority::new(full.clone(), None));
    let (peer, to) = bound();
    let (server, client, connected) = (create(&authority), create(&authority), create(&authority));
    let at = server.bind(loopback(), false).unwrap();
    client.send(b"hello", Some(to)).unwrap();
    connected.connect(to).unwrap();
    connected.send(b"hello", None).unwrap();
    for socket in [&server, &client, &connected] {
        socket.next_events(64);
        let mut local = socket.local_address().unwrap();
        local.set_ip([127, 0, 0, 1].into());
        peer.send(b"queued", Some(local)).unwrap();
    }
    authority.replace(full);
    for (name, socket) in [("server", &server), ("client", &client), ("connected", &connected)] {
        let queued = Event::Message {
            data: b"queued".to_vec(),
            remote: to,
        };
        assert_eq!(socket.next_events(64), [queued], "{name}");
    }
    server.send(b"an answer", Some(to)).unwrap();
    assert_eq!(server.local_address(), Ok(at));
}
