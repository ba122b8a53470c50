//! What no guest can bring about, or only by chance: the order of arrivals, receives and waits.

mod narrowed;
mod observed;
mod withdrawn;

use super::*;
use crate::grants::{Grants, Right};
use crate::wait::{Wanted, wait};
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, mpsc};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);

fn socket() -> Arc<Socket> {
    let mut grants = Grants::new();
    grants.allow(Right::Bind, "127.0.0.1:0").unwrap();
    grants.allow(Right::Send, "@loopback:*").unwrap();
    let authority = Arc::new(Authority::new(grants, None));
    Socket::create(1, Family::Ipv4, CreateFlags::default(), authority).unwrap()
}

/// Bound to loopback; its `listening` is taken.
fn bound() -> (Arc<Socket>, SocketAddr) {
    let socket = socket();
    let local = socket.bind(Some("127.0.0.1:0".parse().unwrap()), false).unwrap();
    assert_eq!(socket.next_events(64), [Event::Listening(local)]);
    (socket, local)
}

fn wanted(socket: &Arc<Socket>) -> [Wanted; 1] {
    [Wanted::Event(socket.clone())]
}

fn in_a_runtime(workers: usize, test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        tokio::time::timeout(PATIENCE, test).await.expect("a wakeup was lost");
    });
}

/// Datagrams come at all moments: before, between and during receives and waits, few at a time or many; receives take
/// all of them or leave some. No order of these may leave a datagram behind a wait that sleeps.
#[test]
fn no_arrival_is_slept_through() {
    const ROUNDS: u32 = 5_000;
    let count = |round| 1 + round % 5;
    in_a_runtime(2, async move {
        let (socket, local) = bound();
        let (taken, told) = mpsc::channel();
        let sender = std::thread::spawn(move || {
            let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
            for round in 0..ROUNDS {
                for i in 0..count(round) {
                    sender.send_to(&[i as u8], local).unwrap();
                    if round.is_multiple_of(3) {
                        std::thread::sleep(Duration::from_micros(u64::from(round % 40)));
                    }
                }
                // Never more under way than the kernel's buffer holds.
                for _ in 0..count(round) {
                    told.recv_timeout(PATIENCE).expect("a wakeup was lost");
                }
            }
        });
        let (mut turn, mut left) = (0, (0..ROUNDS).map(count).sum::<u32>());
        while left > 0 {
            turn += 1;
            wait(&wanted(&socket), None).await.unwrap();
            // Sometimes a part, sometimes nothing at all.
            for _ in socket.next_events([1, 64, 0, 2][turn % 4]) {
                taken.send(()).unwrap();
                left -= 1;
            }
        }
        sender.join().unwrap();
    });
}

#[test]
fn a_wait_for_what_is_left_does_not_sleep() {
    in_a_runtime(1, async {
        let (socket, local) = bound();
        let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
        for _ in 0..3 {
            sender.send_to(b"x", local).unwrap();
        }
        for _ in 0..3 {
            assert_eq!(wait(&wanted(&socket), None).await.unwrap(), [true]);
            assert_eq!(socket.next_events(1).len(), 1);
        }
        assert_eq!(wait(&wanted(&socket), Some(Duration::ZERO)).await.unwrap(), [false]);
    });
}

#[test]
fn a_refusal_wakes_a_wait_that_sleeps() {
    in_a_runtime(1, async {
        let (peer, to) = bound();
        let (socket, _) = bound();
        socket.connect(to).unwrap();
        socket.next_events(64);
        let waiting = tokio::spawn({
            let socket = socket.clone();
            async move { wait(&wanted(&socket), None).await.unwrap() }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        peer.close();
        socket.send(b"anybody there?", None).unwrap();
        assert_eq!(waiting.await.unwrap(), [true]);
        assert_eq!(socket.next_events(64), [Event::Error(ErrorCode::ConnectionRefused)]);
    });
}

/// A wait that sleeps while others go on with the socket.
async fn asleep(socket: &Arc<Socket>, wanted: Wanted) -> tokio::task::JoinHandle<Vec<bool>> {
    let before = socket.waits();
    let waiting = tokio::spawn(async move { wait(&[wanted], None).await.unwrap() });
    while socket.waits() == before {
        tokio::task::yield_now().await;
    }
    waiting
}

#[test]
fn close_ends_the_waits_of_others_and_frees_the_port_at_once() {
    in_a_runtime(1, async {
        let (socket, local) = bound();
        let first = asleep(&socket, Wanted::Event(socket.clone())).await;
        let second = asleep(&socket, Wanted::Event(socket.clone())).await;
        socket.close();
        UdpSocket::bind(local).expect("the port is free, though nobody has woken yet");
        assert_eq!((first.await.unwrap(), second.await.unwrap()), (vec![true], vec![true]));
        assert_eq!(socket.next_events(64), [Event::Close]);
    });
}

#[test]
fn what_another_task_does_to_a_socket_ends_the_wait_for_its_events() {
    in_a_runtime(1, async {
        let (_, peer) = bound();
        let socket = socket();
        let waiting = asleep(&socket, Wanted::Event(socket.clone())).await;
        let local = socket.bind(Some("127.0.0.1:0".parse().unwrap()), false).unwrap();
        assert_eq!(waiting.await.unwrap(), [true]);
        assert_eq!(socket.next_events(64), [Event::Listening(local)]);

        let waiting = asleep(&socket, Wanted::Event(socket.clone())).await;
        socket.connect(peer).unwrap();
        assert_eq!(waiting.await.unwrap(), [true]);
    });
}

#[test]
fn one_datagram_ends_every_wait_for_it() {
    in_a_runtime(1, async {
        let (socket, local) = bound();
        let first = asleep(&socket, Wanted::Event(socket.clone())).await;
        let second = asleep(&socket, Wanted::Event(socket.clone())).await;
        UdpSocket::bind("127.0.0.1:0").unwrap().send_to(b"x", local).unwrap();
        assert_eq!((first.await.unwrap(), second.await.unwrap()), (vec![true], vec![true]));
    });
}

#[test]
fn a_wait_that_is_dropped_leaves_nothing_behind_and_takes_nothing() {
    in_a_runtime(1, async {
        let (socket, local) = bound();
        let waiting = asleep(&socket, Wanted::Event(socket.clone())).await;
        waiting.abort();
        waiting.await.unwrap_err();
        assert_eq!(socket.waits(), 0);
        UdpSocket::bind("127.0.0.1:0").unwrap().send_to(b"x", local).unwrap();
        assert_eq!(wait(&wanted(&socket), None).await.unwrap(), [true]);
        assert_eq!(socket.next_events(64).len(), 1);
    });
}

/// A client socket hears only from whom it wrote to; what others send must not keep the guest from its other work.
#[test]
fn a_flood_of_unwanted_datagrams_takes_a_bounded_time_a_call() {
    let socket = socket();
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.send(b"hello", Some(peer.local_addr().unwrap())).unwrap();
    let mut local = socket.local_address().unwrap();
    local.set_ip([127, 0, 0, 1].into());
    socket.set_receive_buffer_bytes(1 << 20).unwrap();
    socket.next_events(64);
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    for _ in 0..400 {
        stranger.send_to(b"", local).unwrap();
    }
    peer.send_to(b"answer", local).unwrap();
    let remote = peer.local_addr().unwrap();
    let answer = Event::Message {
        data: b"answer".to_vec(),
        remote,
    };
    assert_eq!(socket.next_events(64), [], "the first call gives up on the way");
    assert_eq!(socket.next_events(64), [answer]);
}

/// Each datagram once, by whichever way it went, and segments one by one.
#[test]
fn datagrams_are_counted_however_they_go() {
    let (sender, _) = bound();
    let (receiver, to) = bound();
    let traffic = |socket: &Socket| (socket.authority.traffic.received(), socket.authority.traffic.sent());
    sender.send(b"one", Some(to)).unwrap();
    sender.send(b"two", Some(to)).unwrap();
    let mut headers = Vec::new();
    let remote = crate::grants::Endpoint::new(to).unwrap();
    let arrival = crate::sys::Arrival {
        segment_size: 10,
        ..Default::default()
    };
    header::write(&mut headers, header::SHORT, 25, remote, false, &arrival);
    header::write(&mut headers, header::SHORT, 5, remote, false, &Default::default());
    let report = sender.send_burst(header::SHORT as u32, &headers, &[0; 30]);
    assert_eq!((report.sent, report.stopped), (2, None));
    assert_eq!(traffic(&sender), (0, 6), "two, three segments, and one");

    assert_eq!(receiver.next_events(2).len(), 2);
    assert_eq!(traffic(&receiver), (2, 0));
    let burst = receiver.receive_burst(64, 100).unwrap();
    assert_eq!(burst.headers.len() / burst.stride, 4);
    assert_eq!(traffic(&receiver), (6, 0));
    assert_eq!(receiver.next_events(64), []);
    assert_eq!(traffic(&receiver), (6, 0));

    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    receiver.connect(sender.local_address().unwrap()).unwrap();
    receiver.next_events(64);
    stranger.send_to(b"nobody gets to see it", to).unwrap();
    assert_eq!(receiver.next_events(64), []);
    assert_eq!(traffic(&receiver), (6, 0));
}

#[test]
fn coalesced_datagrams_are_counted_one_by_one() {
    let (receiver, to) = bound();
    let all = crate::sys::BurstOptions {
        coalesce: true,
        ..Default::default()
    };
    assert!(receiver.configure(all).unwrap().coalesce);
    let (sender, _) = bound();
    let mut headers = Vec::new();
    let remote = crate::grants::Endpoint::new(to).unwrap();
    let arrival = crate::sys::Arrival {
        segment_size: 10,
        ..Default::default()
    };
    header::write(&mut headers, header::SHORT, 45, remote, false, &arrival);
    for taken in [5, 10] {
        sender.send_burst(header::SHORT as u32, &headers, &[0; 45]);
        match taken {
            // By burst, then as events, of which two are left for later.
            5 => drop(receiver.receive_burst(64, 65_535).unwrap()),
            _ => drop((receiver.next_events(3), receiver.next_events(64))),
        }
        assert_eq!(receiver.authority.traffic.received(), taken);
    }
}
