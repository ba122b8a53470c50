//! Which binds outlive which grants.

use crate::guest::{Guest, guest};
use crate::peer::{peer, unused};
use std::net::UdpSocket;

/// Told by the guest when its bind has gone.
const GONE: &str = "receive -> error access-denied, close";

#[test]
fn a_socket_whose_bind_is_granted_no_more_is_closed_and_its_port_is_free() {
    let (at, other) = (unused("127.0.0.1"), unused("127.0.0.1"));
    let story = guest().allow_bind(at).starts(format!(
        "create ipv4 -> ok
         bind {at} -> ok {at}
         {GONE}
         events -> nothing
         send {other} x -> invalid-state
         local -> invalid-state
         b: create ipv4 -> ok
         b: bind {at} -> access-denied
         b: bind {other} -> ok {other}"
    ));
    story.address(&format!("bind {at}"));
    story.replaces(guest().allow_bind(other));
    UdpSocket::bind(at).expect("the port is free when the grants are replaced");
    story.ends().refuses(format!(
        "withdrawn: bind {at}: not granted; fix: bind {at}
         grants: bind {at}: not granted; fix: bind {at}"
    ));
}

#[test]
fn what_the_guest_has_not_taken_is_told_first_and_its_datagrams_are_not() {
    let (client, at) = (peer("127.0.0.1:0"), unused("127.0.0.1"));
    let story = guest().allow_bind(at).allow_bind("127.0.0.1:0").starts(format!(
        "create ipv4 -> ok
         bind {at} -> ok {at}
         b: create ipv4 -> ok
         b: bind 127.0.0.1:0 -> ok 127.0.0.1:*
         b: receive -> message \"go\" from {}
         events -> listening {at}, error access-denied, close
         events -> nothing",
        client.address
    ));
    let b = story.address("b: bind 127.0.0.1:0");
    client.sends("too late", at);
    story.replaces(guest().allow_bind("127.0.0.1:0"));
    client.sends("go", b);
    story
        .ends()
        .refuses(format!("withdrawn: bind {at}: not granted; fix: bind {at}"));
}

#[test]
fn empty_grants_close_every_socket_that_holds_something() {
    let (at, other) = (unused("127.0.0.1"), unused("[::1]"));
    let to = peer("127.0.0.1:0");
    let story = guest()
        .allow_bind(at)
        .allow_bind(other)
        .allow_send("@loopback:*")
        .starts(format!(
            "create ipv4 -> ok
             bind {at} -> ok {at}
             b: create ipv6 -> ok
             b: bind {other} -> ok {other}
             c: create ipv4 -> ok
             c: send {} x -> ok
             d: create ipv4 -> ok
             {GONE}
             b: {GONE}
             c: {GONE}
             d: receive 20 -> nothing
             d: bind {at} -> access-denied",
            to.address
        ));
    story.has_done("d: create ipv4");
    story.replaces(guest());
    story.ends().refuses(format!(
        "withdrawn: bind *
         withdrawn: bind *
         withdrawn: bind *
         grants: bind {at}: not granted; fix: bind {at}"
    ));
}

/// Whether a socket, bound by the grants of one guest, stays under those of another, which may be about its port.
#[track_caller]
fn stays(create: &str, bind: &str, before: Guest, after: impl Fn(u16) -> Guest) -> bool {
    // What is granted by all of them tells when they were replaced.
    let go = peer("127.0.0.1:0");
    let with_go = |guest: Guest| guest.allow_bind("127.0.0.9:0");
    let story = with_go(before).starts(format!(
        "go: create ipv4 -> ok
         go: bind 127.0.0.9:0 -> ok 127.0.0.9:*
         {create} -> ok
         {bind} -> ok *
         go: receive -> message \"go\" from {}
         local -> *
         events -> *",
        go.address
    ));
    let port = story.address(bind).port();
    story.replaces(with_go(after(port)));
    go.sends("go", story.address("go: bind 127.0.0.9:0"));
    let told = story.ends();
    match (told.has("local -> ok "), told.has("error access-denied, close")) {
        (true, false) => true,
        (false, true) => false,
        _ => panic!("{told:#?}"),
    }
}

#[test]
fn a_bind_to_a_port_stays_while_that_port_is_granted() {
    let at = unused("127.0.0.1");
    let (create, bind, port) = ("create ipv4", format!("bind {at}"), at.port());
    let stays = |after: Guest| stays(create, &bind, guest().allow_bind(at), |_| after.clone());
    assert!(stays(guest().allow_bind(at)));
    assert!(stays(guest().allow_bind("127.0.0.0/8:*")));
    assert!(stays(guest().allow_bind(format!("0.0.0.0:{port}"))));
    assert!(stays(guest().allow_bind(at).deny_bind(format!("127.0.0.2:{port}"))));
    assert!(
        !stays(guest().allow_bind("127.0.0.1:0")),
        "the guest has asked for a number"
    );
    assert!(!stays(guest().allow_bind(format!("127.0.0.2:{port}"))));
    assert!(!stays(guest().allow_bind(format!("127.0.0.1:{}", port ^ 1))));
    assert!(!stays(guest().allow_bind(at).deny_bind(at)));
    assert!(!stays(guest().allow_send("@loopback:*")));
}

#[test]
fn a_bind_to_any_port_stays_while_any_port_or_that_one_is_granted() {
    let stays = |after: &dyn Fn(u16) -> Guest| {
        stays(
            "create ipv4",
            "bind 127.0.0.1:0",
            guest().allow_bind("127.0.0.1:0"),
            after,
        )
    };
    assert!(stays(&|_| guest().allow_bind("127.0.0.1:0")));
    assert!(stays(&|port| guest().allow_bind(format!("127.0.0.1:{port}"))));
    assert!(stays(&|port| {
        let other = if port == 40_000 { 40_001 } else { 40_000 };
        guest()
            .allow_bind("127.0.0.1:0")
            .deny_bind(format!("127.0.0.1:{other}"))
    }));
    assert!(!stays(&|_| guest().allow_bind("127.0.0.1:1-1023")));
    assert!(!stays(&|port| {
        guest().allow_bind("127.0.0.1:0").deny_bind(format!("127.0.0.1:{port}"))
    }));
}

#[test]
fn a_wildcard_bind_goes_when_an_address_that_it_hears_at_is_denied() {
    let stays =
        |after: &dyn Fn(u16) -> Guest| stays("create ipv4", "bind 0.0.0.0:0", guest().allow_bind("0.0.0.0:0"), after);
    assert!(stays(&|_| guest().allow_bind("0.0.0.0:0").deny_bind("[::1]:*")));
    assert!(!stays(&|port| {
        guest()
            .allow_bind(format!("0.0.0.0:0,{port}"))
            .deny_bind(format!("10.0.0.7:{port}"))
    }));
    assert!(
        !stays(&|_| guest().allow_bind("127.0.0.1:*")),
        "a grant of one address is no wildcard"
    );
}

#[test]
fn a_dual_stack_bind_goes_when_one_family_does() {
    let both = || guest().allow_bind("[::]:0").allow_bind("0.0.0.0:0");
    let stays = |create: &str, before: Guest, after: Guest| stays(create, "bind [::]:0", before, |_| after.clone());
    assert!(stays("create ipv6", both(), both()));
    assert!(!stays("create ipv6", both(), guest().allow_bind("[::]:0")));
    assert!(!stays("create ipv6", both(), guest().allow_bind("0.0.0.0:0")));
    assert!(!stays("create ipv6", both(), both().deny_bind("127.0.0.1:*")));
    // One that was made IPv6 only, for want of the other family, has nothing to lose with it, nor to win.
    assert!(stays("create ipv6", guest().allow_bind("[::]:0"), both()));
    assert!(stays("create ipv6 ipv6-only", both(), guest().allow_bind("[::]:0")));
}

#[test]
fn a_bind_with_reuse_goes_when_its_port_is_shared_no_more() {
    let at = unused("127.0.0.1");
    let (bind, shared) = (format!("bind {at}"), format!("{at} shared"));
    let reuse = "create ipv4 reuse-address reuse-port";
    let stays = |create: &str, after: Guest| stays(create, &bind, guest().allow_bind(&shared), |_| after.clone());
    assert!(stays(reuse, guest().allow_bind(&shared)));
    assert!(!stays(reuse, guest().allow_bind(at)));
    assert!(
        stays("create ipv4", guest().allow_bind(at)),
        "without reuse nothing is shared"
    );
}

#[test]
fn what_is_granted_anew_is_for_what_is_bound_anew() {
    // A client socket does not become a server, whatever is granted.
    let (server, stranger) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let to = server.address;
    let story = guest().allow_send(to).starts(format!(
        "create ipv4 -> ok
         send {to} question -> ok
         receive -> message \"go\" from {to}
         events -> nothing
         b: create ipv4 -> ok
         b: bind 0.0.0.0:0 -> ok 0.0.0.0:*
         b: receive -> message \"hello\" from {}",
        stranger.address
    ));
    let (_, client) = server.receives();
    story.replaces(guest().allow_send(to).allow_bind("0.0.0.0:0"));
    stranger.sends("not asked", client);
    server.sends("go", client);
    let mut b = story.address("b: bind 0.0.0.0:0");
    b.set_ip([127, 0, 0, 1].into());
    stranger.sends("hello", b);
    story.ends().refuses("");
}
