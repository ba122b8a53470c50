//! A bind to port 0, and ranges of ports.

use crate::guest::guest;
use crate::peer::{peer, unused};

#[test]
fn port_0_needs_a_grant_that_says_so_or_a_port_to_pick() {
    guest()
        .allow_bind("127.0.0.1:0")
        .tells(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*",
        )
        .refuses("");
    let at = unused("127.0.0.1");
    guest()
        .allow_bind(at)
        .tells(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok {at}"
        ))
        .refuses("");
}

#[test]
fn a_grant_of_port_0_gives_no_port_of_the_guests_choice() {
    let at = unused("127.0.0.1");
    guest()
        .allow_bind("127.0.0.1:0")
        .tells(format!(
            "create ipv4 -> ok
             bind {at} -> access-denied"
        ))
        .refuses(format!("grants: bind {at}: not granted; fix: bind {at}"));
}

#[test]
fn port_0_is_served_with_a_free_port_of_those_that_are_granted() {
    let [taken, also_taken, free] = [(); 3].map(|()| peer("127.0.0.1:0"));
    let ports = format!("{},{},{}", taken.port(), also_taken.port(), free.port());
    let at = free.address;
    drop(free);
    guest()
        .allow_bind(format!("127.0.0.1:{ports}"))
        .tells(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok {at}
             b: create ipv4 -> ok
             b: bind 127.0.0.1:0 -> address-in-use
             a: drop -> ok
             b: bind 127.0.0.1:0 -> ok {at}"
        ))
        .refuses("");
}

#[test]
fn port_0_is_never_served_with_a_denied_port() {
    let [denied, free] = ["127.0.0.1", "127.0.0.1"].map(unused);
    let (low, high) = (denied.port().min(free.port()), denied.port().max(free.port()));
    let both = guest().allow_bind(format!("127.0.0.1:{low},{high}")).deny_bind(denied);
    both.tells(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok {free}
         b: create ipv4 -> ok
         b: bind 127.0.0.1:0 -> address-in-use
         b: bind {denied} -> access-denied"
    ))
    .refuses(format!("grants: bind {denied}: denied (deny bind {denied})"));
}

#[test]
fn port_0_is_refused_where_every_granted_port_is_denied() {
    let at = unused("127.0.0.1");
    guest()
        .allow_bind(at)
        .deny_bind("127.0.0.0/8:*")
        .tells(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> access-denied",
        )
        .refuses("grants: bind 127.0.0.1:0: denied (deny bind 127.0.0.0/8:*)");
}

#[test]
fn a_range_gives_its_ports_and_no_others() {
    let at = unused("127.0.0.1");
    let (below, port, above) = (at.port() - 1, at.port(), at.port() + 1);
    guest()
        .allow_bind(format!("127.0.0.1:{port}-{port}"))
        .tells(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:{below} -> access-denied
             bind 127.0.0.1:{above} -> access-denied
             bind 127.0.0.1:{port} -> ok 127.0.0.1:{port}"
        ))
        .refuses(format!(
            "grants: bind 127.0.0.1:{below}: not granted; fix: bind 127.0.0.1:{below}
             grants: bind 127.0.0.1:{above}: not granted; fix: bind 127.0.0.1:{above}"
        ));
}
