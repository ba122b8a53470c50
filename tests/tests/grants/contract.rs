//! What is so by the contract and otherwise by `wasi:sockets`: a socket binds itself, has one peer until it disconnects, and
//! has flags and events.

use crate::guest::guest;
use crate::peer::{peer, unused};

#[test]
fn an_implicit_bind_does_not_make_a_server_of_a_client() {
    // The bind grant is for a fixed port. What the first send binds is a client socket all the same.
    let (server, other, granted) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"), unused("127.0.0.1"));
    let to = server.address;
    let story = guest()
        .allow_send(to)
        .allow_bind(format!("0.0.0.0:{}", granted.port()))
        .starts(format!(
            "create ipv4 -> ok
             send {to} question -> ok
             receive 10000 -> message \"answer\" from {to}
             receive 50 -> nothing"
        ));
    let (_, client) = server.receives();
    assert_ne!(client.port(), granted.port());
    other.sends("not asked", client);
    server.sends("answer", client);
    story.ends().refuses("");
}

#[test]
fn a_connected_socket_sends_to_its_peer_alone() {
    let (server, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let to = server.address;
    guest()
        .allow_send("@loopback:*")
        .tells(format!(
            "create ipv4 -> ok
             connect {to} -> ok 127.0.0.1:*
             send {} x -> invalid-state
             connect {} -> invalid-state",
            other.address, other.address
        ))
        .refuses("");
    server.has_nothing();
    other.has_nothing();
}

#[test]
fn a_socket_that_does_nothing_needs_no_grant() {
    guest()
        .tells(
            "create ipv4 -> ok
             broadcast on -> ok
             receive 10 -> nothing
             close -> ok
             events -> close
             b: create ipv6 reuse-address reuse-port ipv6-only -> ok
             b: drop -> ok",
        )
        .refuses("");
}
