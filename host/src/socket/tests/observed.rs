//! What an observer hears, and what is counted.

use crate::grants::{Grants, Ground, Permitted, Right};
use crate::socket::{Authority, CreateFlags, ErrorCode, Family, Observer, Refusal, Socket, Traffic};
use std::net::UdpSocket;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Hears what it asks for.
#[derive(Clone)]
struct Ears {
    all: bool,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Observer for Ears {
    fn refused(&self, refusal: &Refusal) {
        self.heard.lock().unwrap().push(format!("{:?}", refusal.labels()));
    }

    fn hears_permitted(&self) -> bool {
        self.all
    }

    fn permitted(&self, permitted: &Permitted<'_>) {
        let grounds = permitted.grounds();
        assert_eq!(grounds.needs().is_empty(), grounds.ground() == Ground::ClientSocket);
        self.heard.lock().unwrap().push(grounds.to_string());
    }
}

/// Sends what is granted and what is not; what is heard of it.
fn heard(all: bool) -> Vec<String> {
    let heard = Arc::default();
    let ears = Ears { all, heard };
    let mut grants = Grants::new();
    grants.allow(Right::Send, "@loopback:9").unwrap();
    let authority = Arc::new(Authority::new(grants, Some(Box::new(ears.clone()))));
    let socket = Socket::create(1, Family::Ipv4, CreateFlags::default(), authority).unwrap();
    assert_eq!(socket.send(b"x", Some("127.0.0.1:9".parse().unwrap())), Ok(()));
    let denied = socket.send(b"x", Some("127.0.0.1:10".parse().unwrap()));
    assert_eq!(denied, Err(ErrorCode::AccessDenied));
    let refused = socket.send(b"x", Some("127.255.255.255:9".parse().unwrap()));
    assert_eq!(refused, Err(ErrorCode::AccessDenied));
    ears.heard.lock().unwrap().clone()
}

#[test]
fn an_observer_hears_what_is_permitted_only_if_it_asks_for_it() {
    let refusals = [
        "(\"send\", \"denied\", \"not-granted\")",
        "(\"send\", \"refused\", \"EACCES\")",
    ];
    assert_eq!(heard(false), refusals);
    assert_eq!(
        heard(true),
        [
            "send 127.0.0.1:9: granted (allow send @loopback:9)",
            "bind 0.0.0.0:0: a client socket, which a send grant includes",
            refusals[0],
            "send 127.255.255.255:9: granted (allow send @loopback:9)",
            refusals[1],
        ]
    );
}

#[test]
fn datagrams_bytes_and_drops_are_counted() {
    let mut grants = Grants::new();
    grants.allow(Right::Bind, "127.0.0.1:0").unwrap();
    let traffic = Arc::new(Traffic::default());
    let mut authority = Authority::new(grants, None);
    authority.traffic = traffic.clone();
    let socket = Socket::create(1, Family::Ipv4, CreateFlags::default(), Arc::new(authority)).unwrap();
    let local = socket.bind(Some("127.0.0.1:0".parse().unwrap()), false).unwrap();
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    peer.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    peer.send_to(b"12345", local).unwrap();
    // Loopback: it is there when the call returns. `listening` comes first.
    assert_eq!(socket.next_events(64).len(), 2);
    socket.send(b"123", Some(peer.local_addr().unwrap())).unwrap();
    assert_eq!(peer.recv(&mut [0; 9]).unwrap(), 3);
    assert_eq!((traffic.received(), traffic.received_bytes()), (1, 5));
    assert_eq!((traffic.sent(), traffic.sent_bytes()), (1, 3));
    assert_eq!(traffic.dropped(), 0);
    socket.set_receive_buffer_bytes(4096).unwrap();
    for _ in 0..1000 {
        peer.send_to(&[0; 1000], local).unwrap();
    }
    drop(socket);
    assert!((900..1000).contains(&traffic.dropped()), "{}", traffic.dropped());
}
