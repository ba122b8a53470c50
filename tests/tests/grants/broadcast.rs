//! Broadcasts need their own grant and the guest's own switch (rule 8). On the loopback interface 127.255.255.255 is
//! the subnet's broadcast address.

use crate::guest::guest;
use crate::peer::{peer, unused};

const KERNEL: &str = "Permission denied (os error 13)";

#[test]
fn a_granted_broadcast_is_sent_when_the_guest_switched_it_on() {
    let other = peer("127.255.255.255:0");
    let to = other.address;
    guest()
        .allow_broadcast(to)
        .tells(format!(
            "create ipv4 -> ok
             broadcast on -> ok
             send {to} everyone -> ok
             broadcast off -> ok
             send {to} everyone -> access-denied"
        ))
        .refuses(format!("grants: send {to}: the guest did not switch broadcast on"));
    assert_eq!(other.receives().0, "everyone");
    other.has_nothing();
}

#[test]
fn a_granted_broadcast_over_a_dual_stack_socket_is_sent() {
    let other = peer("127.255.255.255:0");
    let port = other.port();
    guest()
        .allow_broadcast(other.address)
        .tells(format!(
            "create ipv6 -> ok
             broadcast on -> ok
             send [::ffff:127.255.255.255]:{port} everyone -> ok"
        ))
        .refuses("");
    assert_eq!(other.receives().0, "everyone");
}

#[test]
fn broadcast_is_off_until_the_guest_switches_it_on() {
    let other = peer("127.255.255.255:0");
    let to = other.address;
    let port = to.port();
    guest()
        .allow_broadcast(to)
        .allow_broadcast(format!("255.255.255.255:{port}"))
        .tells(format!(
            "create ipv4 -> ok
             send {to} x -> access-denied
             send 255.255.255.255:{port} x -> access-denied"
        ))
        .refuses(format!(
            "grants: send {to}: the guest did not switch broadcast on
             grants: send 255.255.255.255:{port}: the guest did not switch broadcast on"
        ));
    other.has_nothing();
}

#[test]
fn no_send_grant_covers_the_limited_broadcast_address() {
    let port = unused("127.0.0.1").port();
    guest()
        .allow_send("0.0.0.0/0:*")
        .allow_send("*:*")
        .allow_send("@loopback:*")
        .tells(format!(
            "create ipv4 -> ok
             send 255.255.255.255:{port} x -> access-denied
             broadcast on -> ok
             send 255.255.255.255:{port} x -> access-denied
             connect 255.255.255.255:{port} -> access-denied
             b: create ipv6 -> ok
             b: broadcast on -> ok
             b: send [::ffff:255.255.255.255]:{port} x -> access-denied"
        ))
        .refuses(format!(
            "grants: send 255.255.255.255:{port}: the guest did not switch broadcast on
             grants: send 255.255.255.255:{port}: a broadcast needs a broadcast grant; fix: broadcast 255.255.255.255:{port}
             grants: connect 255.255.255.255:{port}: a broadcast address is no peer to connect to
             grants: send 255.255.255.255:{port}: a broadcast needs a broadcast grant; fix: broadcast 255.255.255.255:{port}"
        ));
}

#[test]
fn a_send_grant_over_the_subnet_does_not_cover_its_broadcast_address() {
    let other = peer("127.255.255.255:0");
    let to = other.address;
    guest()
        .allow_send("127.0.0.0/8:*")
        .tells(format!(
            "create ipv4 -> ok
             send {to} x -> access-denied
             broadcast on -> ok
             send {to} x -> access-denied
             connect {to} -> access-denied"
        ))
        .refuses(format!(
            "kernel: send {to}: {KERNEL}
             kernel: send {to}: {KERNEL}
             kernel: connect {to}: {KERNEL}"
        ));
    other.has_nothing();
}

#[test]
fn a_broadcast_leaves_the_socket_unable_to_send_another_that_is_not_granted() {
    let (granted, other) = (peer("127.255.255.255:0"), peer("127.255.255.255:0"));
    let (to, elsewhere) = (granted.address, other.address);
    let unicast = peer("127.0.0.1:0");
    guest()
        .allow_broadcast(to)
        .allow_send("127.0.0.0/8:*")
        .tells(format!(
            "create ipv4 -> ok
             broadcast on -> ok
             send {to} everyone -> ok
             send {} one -> ok
             send {elsewhere} x -> access-denied
             send {to} everyone -> ok
             connect {elsewhere} -> access-denied",
            unicast.address
        ))
        .refuses(format!(
            "kernel: send {elsewhere}: {KERNEL}
             kernel: connect {elsewhere}: {KERNEL}"
        ));
    assert_eq!(granted.receives().0, "everyone");
    assert_eq!(unicast.receives().0, "one");
    other.has_nothing();
}

#[test]
fn a_broadcast_address_is_no_peer_to_connect_to() {
    let to = unused("127.255.255.255");
    let port = to.port();
    guest()
        .allow_broadcast(to)
        .allow_broadcast(format!("255.255.255.255:{port}"))
        .tells(format!(
            "create ipv4 -> ok
             broadcast on -> ok
             connect {to} -> access-denied
             connect 255.255.255.255:{port} -> access-denied
             local -> invalid-state"
        ))
        .refuses(format!(
            "grants: connect {to}: a broadcast address is no peer to connect to
             grants: connect 255.255.255.255:{port}: a broadcast address is no peer to connect to"
        ));
}

#[test]
fn a_broadcast_grant_gives_its_address_and_port_alone_and_no_unicast() {
    let (to, other) = (unused("127.255.255.255"), peer("127.0.0.1:0"));
    let (elsewhere, port) = (unused("127.255.255.255"), to.port());
    let unicast = other.address;
    guest()
        .allow_broadcast(to)
        .tells(format!(
            "create ipv4 -> ok
             broadcast on -> ok
             send {elsewhere} x -> access-denied
             send 255.255.255.255:{port} x -> access-denied
             send {unicast} x -> access-denied"
        ))
        .refuses(format!(
            "grants: send {elsewhere}: not granted; fix: send {elsewhere}
             grants: send 255.255.255.255:{port}: a broadcast needs a broadcast grant; fix: broadcast 255.255.255.255:{port}
             grants: send {unicast}: not granted; fix: send {unicast}"
        ));
    other.has_nothing();
}

#[test]
fn whoever_answers_a_broadcast_is_heard_only_with_a_bind_grant() {
    for (grant, heard) in [(None, false), (Some("0.0.0.0:0"), true)] {
        let (everyone, other) = (peer("127.255.255.255:0"), peer("127.0.0.1:0"));
        let to = everyone.address;
        let answer = format!("message \"here\" from {}", other.address);
        let story = grant
            .into_iter()
            .fold(guest().allow_broadcast(to), |guest, bind| guest.allow_bind(bind));
        let story = story.starts(format!(
            "create ipv4 -> ok
             broadcast on -> ok
             send {to} anyone? -> ok
             receive {} -> {}",
            if heard { 10_000 } else { 300 },
            if heard { &answer } else { "nothing" }
        ));
        let (_, from) = everyone.receives();
        other.sends("here", ([127, 0, 0, 1], from.port()).into());
        story.ends().refuses("");
    }
}

#[test]
fn a_denied_broadcast_is_denied_by_either_list() {
    let to = unused("127.255.255.255");
    let story = format!(
        "create ipv4 -> ok
         broadcast on -> ok
         send {to} x -> access-denied"
    );
    let granted = guest().allow_broadcast(to).allow_send("127.0.0.0/8:*");
    granted
        .clone()
        .deny_broadcast(to)
        .tells(&story)
        .refuses(format!("grants: send {to}: denied (deny broadcast {to})"));
    granted
        .deny_send("127.0.0.0/8:*")
        .tells(&story)
        .refuses(format!("grants: send {to}: denied (deny send 127.0.0.0/8:*)"));
}

#[test]
fn a_broadcast_is_denied_by_default() {
    let port = unused("127.0.0.1").port();
    guest()
        .tells(format!(
            "create ipv4 -> ok
             broadcast on -> ok
             send 255.255.255.255:{port} all -> access-denied
             send 127.255.255.255:{port} all -> access-denied"
        ))
        .refuses(format!(
            "grants: send 255.255.255.255:{port}: a broadcast needs a broadcast grant; fix: broadcast 255.255.255.255:{port}
             grants: send 127.255.255.255:{port}: not granted; fix: send 127.255.255.255:{port}"
        ));
}
