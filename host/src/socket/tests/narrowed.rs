//! What an embedder's pool and code leave of what is granted.

use super::bound;
use crate::grants::{Grants, Operation, Reason, Right, Subject};
use crate::socket::{Authority, CreateFlags, ErrorCode, Event, Family, Refusal, Socket};
use cap_primitives::net::Pool;
use cap_std::ambient_authority;
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};

/// Everything here of loopback, and whom else it takes.
fn grants(more: &[(Right, &str)]) -> Grants {
    let mut grants = Grants::new();
    for (right, pattern) in [(Right::Bind, "127.0.0.1:0"), (Right::Send, "@loopback:*")] {
        grants.allow(right, pattern).unwrap();
    }
    for (right, pattern) in more {
        grants.allow(*right, pattern).unwrap();
    }
    grants
}

/// Sockets of an instance with this pool, and the reasons that the operator was told.
struct Instance {
    authority: Arc<Authority>,
    reasons: Arc<Mutex<Vec<(Operation, Reason)>>>,
}

impl Instance {
    fn new(grants: Grants, narrow: impl FnOnce(&mut Authority)) -> Instance {
        let reasons = Arc::new(Mutex::new(vec![]));
        let told = reasons.clone();
        let observer = move |refusal: &Refusal| match refusal {
            Refusal::Grants(denial) | Refusal::Withdrawn(denial) => {
                let granted = denial.reason() != Reason::NotGranted;
                assert_eq!(denial.fixes().is_empty(), granted, "no grant helps: {denial}");
                told.lock().unwrap().push((denial.operation(), denial.reason()));
            }
            Refusal::Kernel { .. } | Refusal::Tcp | Refusal::WasiSockets => {}
        };
        let mut authority = Authority::new(grants, Some(Box::new(observer)));
        narrow(&mut authority);
        let authority = Arc::new(authority);
        Instance { authority, reasons }
    }

    fn with_pool(grants: Grants, pool: &[&str]) -> Instance {
        Instance::new(grants, |authority| authority.narrowing.by_pool(self::pool(pool)))
    }

    fn socket(&self, family: Family) -> Arc<Socket> {
        Socket::create(1, family, CreateFlags::default(), self.authority.clone()).unwrap()
    }

    fn told(&self) -> Vec<(Operation, Reason)> {
        std::mem::take(&mut self.reasons.lock().unwrap())
    }
}

fn pool(addresses: &[&str]) -> Pool {
    let mut pool = Pool::new();
    for address in addresses {
        pool.insert_socket_addr(address.parse().unwrap(), ambient_authority());
    }
    pool
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

const OUTSIDE: Reason = Reason::OutsidePool;

#[test]
fn an_empty_pool_leaves_nothing_and_one_without_grants_gives_nothing() {
    let (_peer, to) = bound();
    let narrow = Instance::with_pool(grants(&[]), &[]);
    let socket = narrow.socket(Family::Ipv4);
    let denied = ErrorCode::AccessDenied;
    assert_eq!(socket.send(b"x", Some(to)), Err(denied));
    assert_eq!(socket.connect(to), Err(denied));
    assert_eq!(socket.bind(Some(address("127.0.0.1:0")), false), Err(denied));
    let outside = [Operation::Send, Operation::Connect, Operation::Bind].map(|operation| (operation, OUTSIDE));
    assert_eq!(narrow.told(), outside);

    let narrow = Instance::with_pool(Grants::new(), &[&to.to_string()]);
    assert_eq!(narrow.socket(Family::Ipv4).connect(to), Err(denied));
    assert_eq!(narrow.told(), [(Operation::Connect, Reason::NotGranted)]);
}

#[test]
fn a_client_needs_its_destinations_in_the_pool_and_no_address_of_its_own() {
    let (peer, to) = bound();
    let (_other, elsewhere) = bound();
    let narrow = Instance::with_pool(grants(&[]), &[&to.to_string()]);
    let socket = narrow.socket(Family::Ipv4);
    socket.send(b"question", Some(to)).unwrap();
    assert_eq!(socket.send(b"x", Some(elsewhere)), Err(ErrorCode::AccessDenied));
    assert_eq!(narrow.told(), [(Operation::Send, OUTSIDE)]);
    let [Event::Message { .. }] = peer.next_events(64)[..] else {
        panic!("it was sent");
    };
    socket.connect(to).unwrap();
    socket.send(b"more", None).unwrap();
}

#[test]
fn a_reply_needs_its_peer_in_the_pool() {
    let narrow = Instance::with_pool(grants(&[]), &["127.0.0.1:0"]);
    let socket = narrow.socket(Family::Ipv4);
    let at = socket.bind(Some(address("127.0.0.1:0")), false).unwrap();
    let client = UdpSocket::bind("127.0.0.1:0").unwrap();
    client.send_to(b"hello", at).unwrap();
    assert_eq!(socket.next_events(64).len(), 2, "listening, and what was received");
    let reply = socket.send(b"x", Some(client.local_addr().unwrap()));
    assert_eq!(reply, Err(ErrorCode::AccessDenied));
    assert_eq!(narrow.told(), [(Operation::Send, OUTSIDE)]);
}

#[test]
fn of_ports_that_the_host_picks_those_of_the_pool_are_left() {
    let free = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut ports = Grants::new();
    ports.allow(Right::Bind, "127.0.0.1:1024-65535").unwrap();
    let narrow = Instance::with_pool(ports.clone(), &["127.0.0.1:0", &free.to_string()]);
    let local = narrow.socket(Family::Ipv4).bind(Some(address("127.0.0.1:0")), false);
    assert_eq!(local, Ok(free));
    let narrow = Instance::with_pool(ports, &["127.0.0.1:0"]);
    let local = narrow.socket(Family::Ipv4).bind(Some(address("127.0.0.1:0")), false);
    assert_eq!(local, Err(ErrorCode::AccessDenied));
    assert_eq!(narrow.told(), [(Operation::Bind, OUTSIDE)]);
}

#[test]
fn addresses_are_looked_for_as_they_are_judged() {
    let everywhere = [(Right::Send, "0.0.0.0/0:*"), (Right::Send, "[::/0]:*")];
    let narrow = Instance::with_pool(
        grants(&everywhere),
        &["[64:ff9b::a00:7]:9", "10.0.0.8:9", "[64:ff9b::a00:8]:9"],
    );
    let permits = |text: &str| {
        let remote = crate::grants::Endpoint::new(address(text)).unwrap();
        narrow.authority.decide(&crate::grants::Connect::to(remote)).is_ok()
    };
    // IPv4-mapped is IPv4; of an embedded address both are.
    assert!(permits("[::ffff:10.0.0.8]:9"));
    assert!(permits("[64:ff9b::10.0.0.8]:9"));
    assert!(!permits("[64:ff9b::10.0.0.7]:9"));
    assert!(!permits("10.0.0.7:9"));
}

#[test]
fn a_pool_and_code_have_to_agree() {
    let (_peer, to) = bound();
    let (_other, other) = bound();
    let both = Instance::new(grants(&[]), |authority| {
        authority
            .narrowing
            .by_pool(pool(&[&to.to_string(), &other.to_string()]));
        authority.narrowing.by_pool(pool(&[&to.to_string()]));
        let code = move |_: Operation, subject: &Subject| *subject != Subject::Address(to);
        authority.narrowing.by_code(code);
        authority.narrowing.by_code(|_: Operation, _: &Subject| true);
    });
    let socket = both.socket(Family::Ipv4);
    assert_eq!(socket.send(b"x", Some(to)), Err(ErrorCode::AccessDenied));
    assert_eq!(socket.send(b"x", Some(other)), Err(ErrorCode::AccessDenied));
    assert_eq!(
        both.told(),
        [(Operation::Send, Reason::Narrowed), (Operation::Send, OUTSIDE)]
    );
}

#[test]
fn what_is_held_is_judged_by_the_pool_as_it_was_when_it_was_asked_for() {
    let (_peer, to) = bound();
    let free = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let at = free.to_string();
    let all = grants(&[(Right::Bind, &at)]);
    let narrow = Instance::with_pool(all.clone(), &["127.0.0.1:0", &at, &to.to_string()]);
    let [any_port, number, client] = [(); 3].map(|()| narrow.socket(Family::Ipv4));
    any_port.bind(Some(address("127.0.0.1:0")), false).unwrap();
    number.bind(Some(free), false).unwrap();
    client.connect(to).unwrap();
    narrow.authority.replace(all);
    assert_eq!(narrow.told(), []);
    assert!(
        [any_port, number, client]
            .iter()
            .all(|socket| socket.local_address().is_ok())
    );
}

/// An implicit bind that a bind grant would make a server of is a bind by that grant.
#[test]
fn an_implicit_bind_of_a_server_needs_the_pool() {
    let (_peer, to) = bound();
    let server = grants(&[(Right::Bind, "0.0.0.0:0")]);
    let narrow = Instance::with_pool(server.clone(), &[&to.to_string()]);
    let sent = narrow.socket(Family::Ipv4).send(b"x", Some(to));
    assert_eq!(
        (sent, narrow.told()),
        (Err(ErrorCode::AccessDenied), vec![(Operation::Bind, OUTSIDE)])
    );
    let narrow = Instance::with_pool(server, &[&to.to_string(), "0.0.0.0:0"]);
    narrow.socket(Family::Ipv4).send(b"x", Some(to)).unwrap();
}
