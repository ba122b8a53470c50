//! Sockets that were handed in: granted by their names, whatever else is granted.

use crate::guest::guest;
use crate::peer::{peer, unused};

#[test]
fn it_stays_when_nothing_else_is_granted() {
    let (at, client) = (unused("127.0.0.1"), peer("127.0.0.1:0"));
    let story = guest().socket("dns", at).allow_send("@loopback:*").starts(format!(
        "take dns -> ok {at}
         receive -> message \"question\" from {0}
         reply answer -> ok
         send 127.0.0.1:9 x -> access-denied",
        client.address
    ));
    story.address("take dns");
    story.replaces(guest());
    client.sends("question", at);
    story
        .ends()
        .refuses("grants: send 127.0.0.1:9: not granted; fix: send 127.0.0.1:9");
    assert_eq!(client.receives().0, "answer");
}

#[test]
fn it_goes_when_a_bind_to_its_address_is_denied() {
    for (host, denied) in [
        ("127.0.0.1", "127.0.0.1:*"),
        ("0.0.0.0", "127.0.0.1:*"),
        ("0.0.0.0", "0.0.0.0:*"),
    ] {
        let at = unused(host);
        let story = guest().socket("dns", at).starts(format!(
            "take dns -> ok {at}
             receive -> error access-denied, close
             take dns -> invalid-state"
        ));
        story.address("take dns");
        story.replaces(guest().deny_bind(denied));
        story.ends().refuses(format!("withdrawn: bind {at}: *"));
    }
}

#[test]
fn one_that_is_denied_is_not_taken_until_it_is_denied_no_more() {
    let (at, go) = (unused("127.0.0.1"), peer("127.0.0.1:0"));
    let story = guest()
        .socket("dns", at)
        .allow_bind("127.0.0.9:0")
        .deny_bind(at)
        .starts(format!(
            "b: create ipv4 -> ok
             b: bind 127.0.0.9:0 -> ok 127.0.0.9:*
             take dns -> access-denied
             b: receive -> message \"go\" from {}
             take dns -> ok {at}",
            go.address
        ));
    story.has_done("take dns");
    story.replaces(guest().allow_bind("127.0.0.9:0"));
    go.sends("go", story.address("b: bind 127.0.0.9:0"));
    story
        .ends()
        .refuses(format!("grants: bind {at}: denied (deny bind {at})"));
}

#[test]
fn it_goes_with_the_grant_of_its_peer() {
    let (at, server) = (unused("127.0.0.1"), peer("127.0.0.1:0"));
    let to = server.address;
    let story = guest().socket("dns", at).allow_send(to).starts(format!(
        "take dns -> ok {at}
         connect {to} -> ok {at}
         receive -> error access-denied, close"
    ));
    story.address(&format!("connect {to}"));
    story.replaces(guest());
    story
        .ends()
        .refuses(format!("withdrawn: connect {to}: not granted; fix: send {to}"));
}
