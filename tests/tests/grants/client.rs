//! Client sockets: what a send grant gives beside sending.

use crate::guest::guest;
use crate::peer::{peer, unused};

#[test]
fn a_client_socket_hears_the_exact_peers_that_it_wrote_to_and_nobody_else() {
    for bind in ["", "bind 0.0.0.0:0 -> ok 0.0.0.0:*", "bind -> ok 0.0.0.0:*"] {
        let server = peer("127.0.0.1:0");
        let (other_port, other_address) = (peer("127.0.0.1:0"), peer(format!("127.0.0.2:{}", server.port())));
        let to = server.address;
        let story = guest().allow_send("@loopback:*").starts(format!(
            "create ipv4 -> ok
             {bind}
             send {to} question -> ok
             receive 10000 -> message \"answer\" from {to}
             receive 50 -> nothing"
        ));
        let (question, client) = server.receives();
        assert_eq!(question, "question");
        let client = ([127, 0, 0, 1], client.port()).into();
        other_port.sends("not asked", client);
        other_address.sends("not asked", client);
        server.sends("answer", client);
        other_port.sends("not asked", client);
        story.ends().refuses("");
    }
}

#[test]
fn a_client_socket_over_ipv6_hears_exact_peers_too() {
    let (server, other) = (peer("[::1]:0"), peer("[::1]:0"));
    let to = server.address;
    let story = guest().allow_send(to).starts(format!(
        "create ipv6 -> ok
         bind [::]:0 -> ok [::]:*
         send {to} question -> ok
         receive 10000 -> message \"answer\" from {to}
         receive 50 -> nothing"
    ));
    let (_, client) = server.receives();
    other.sends("not asked", client);
    server.sends("answer", client);
    story.ends().refuses("");
}

#[test]
fn what_one_client_socket_asked_another_does_not_hear() {
    let (one, two) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let (to_one, to_two) = (one.address, two.address);
    let story = guest().allow_send("@loopback:*").starts(format!(
        "a: create ipv4 -> ok
         b: create ipv4 -> ok
         a: send {to_one} question -> ok
         b: send {to_two} question -> ok
         b: receive 10000 -> message \"answer\" from {to_two}
         a: receive 10000 -> message \"answer\" from {to_one}
         a: receive 50 -> nothing"
    ));
    let (_, a) = one.receives();
    let (_, b) = two.receives();
    two.sends("for another", a);
    one.sends("for another", b);
    one.sends("answer", a);
    two.sends("answer", b);
    story.ends().refuses("");
}

#[test]
fn a_send_grant_gives_no_chosen_port_and_no_chosen_address() {
    let at = unused("127.0.0.1");
    let port = at.port();
    guest()
        .allow_send("@loopback:*")
        .allow_send("*:*")
        .tells(format!(
            "create ipv4 -> ok
             bind {at} -> access-denied
             bind 0.0.0.0:{port} -> access-denied
             bind 127.0.0.1:0 -> access-denied
             b: create ipv6 -> ok
             b: bind [::]:{port} -> access-denied
             b: bind [::1]:0 -> access-denied"
        ))
        .refuses(format!(
            "grants: bind {at}: not granted; fix: bind {at}
             grants: bind 0.0.0.0:{port}: not granted; fix: bind 0.0.0.0:{port}
             grants: bind 127.0.0.1:0: not granted; fix: bind 127.0.0.1:0
             grants: bind [::]:{port}: not granted; fix: bind [::]:{port}
             grants: bind [::1]:0: not granted; fix: bind [::1]:0"
        ));
}

#[test]
fn an_implicit_bind_is_judged_too() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    guest()
        .allow_send(to)
        .deny_bind("0.0.0.0:*")
        .tells(format!(
            "create ipv4 -> ok
             send {to} x -> access-denied
             connect {to} -> access-denied
             bind -> access-denied
             local -> invalid-state
             events -> nothing"
        ))
        .refuses(
            "grants: bind 0.0.0.0:0: denied (deny bind 0.0.0.0:*)
             grants: bind 0.0.0.0:0: denied (deny bind 0.0.0.0:*)
             grants: bind 0.0.0.0:0: denied (deny bind 0.0.0.0:*)",
        );
    other.has_nothing();
}

#[test]
fn a_bind_grant_makes_a_server_of_what_also_sends() {
    let (server, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let to = server.address;
    let story = guest().allow_send(to).allow_bind("0.0.0.0:0").starts(format!(
        "create ipv4 -> ok
         send {to} question -> ok
         receive 10000 -> message \"who are you?\" from {}
         reply a server -> ok",
        other.address
    ));
    let (_, client) = server.receives();
    other.sends("who are you?", client);
    story.ends().refuses("");
    assert_eq!(other.receives().0, "a server");
}
