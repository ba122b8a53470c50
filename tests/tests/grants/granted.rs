//! Sockets that are handed in: they receive from anyone and reply, without a grant, and give nothing else.

use crate::guest::guest;
use crate::peer::{peer, unused};

#[test]
fn a_socket_that_was_handed_in_receives_and_replies_without_a_grant() {
    let at = unused("127.0.0.1");
    let telling = guest().socket("dns", at).starts(format!(
        "names -> dns
         take dns -> ok {at}
         events -> listening {at}
         receive 20000 -> message \"question\" from 127.0.0.1:*
         reply answer -> ok"
    ));
    // Not before: `events` would take it.
    telling.has_done("events");
    let client = peer("127.0.0.1:0");
    client.sends("question", at);
    assert_eq!(client.receives().0, "answer");
    telling.ends().refuses("");
}

#[test]
fn it_gives_no_send_to_others_no_connect_and_no_broadcast() {
    let (at, other) = (unused("127.0.0.1"), unused("127.0.0.1"));
    let broadcast = "127.255.255.255:9";
    guest()
        .socket("dns", at)
        .tells(format!(
            "take dns -> ok {at}
             send {other} hello -> access-denied
             connect {other} -> access-denied
             broadcast on -> ok
             send {broadcast} hello -> access-denied"
        ))
        .refuses(format!(
            "grants: send {other}: not granted; fix: send {other}
             grants: connect {other}: not granted; fix: send {other}
             grants: send {broadcast}: not granted; fix: send {broadcast}"
        ));
}

#[test]
fn its_only_holder_connects_it_with_a_send_grant_and_keeps_its_port() {
    let client = peer("127.0.0.1:0");
    let to = client.address;
    // Port 0, which Linux gives up on disconnect.
    let telling = guest().socket("dns", "127.0.0.1:0").allow_send(to).starts(format!(
        "take dns -> ok 127.0.0.1:*
         connect {to} -> ok 127.0.0.1:*
         send - hello -> ok
         disconnect -> ok
         local -> ok 127.0.0.1:*"
    ));
    let taken = telling.address("take dns");
    let (text, from) = client.receives();
    assert_eq!((text.as_str(), from), ("hello", taken));
    assert_eq!(telling.address("local"), taken);
    telling.ends().refuses("");
}

#[test]
fn a_deny_holds_for_its_replies_too() {
    let at = unused("127.0.0.1");
    let client = peer("127.0.0.1:0");
    let to = client.address;
    let telling = guest().socket("dns", at).deny_send(to).starts(format!(
        "take dns -> ok {at}
         receive 20000 -> message \"question\" from {to}
         reply answer -> access-denied"
    ));
    telling.address("take dns");
    client.sends("question", at);
    telling
        .ends()
        .refuses(format!("grants: send {to}: denied (deny send {to})"));
}

#[test]
fn what_was_handed_in_is_not_bound_a_second_time() {
    let at = unused("127.0.0.1");
    guest()
        .socket("dns", at)
        .tells(format!(
            "create ipv4 -> ok
             bind {at} -> access-denied"
        ))
        .refuses(format!("grants: bind {at}: not granted; fix: bind {at}"));
    guest()
        .socket("dns", at)
        .allow_bind(at)
        .tells(format!(
            "create ipv4 -> ok
             bind {at} -> address-in-use"
        ))
        .refuses("");
}

/// Rule 9: as if the host had opened it for the guest.
#[test]
fn it_hears_no_group_that_it_did_not_join() {
    guest()
        .socket("dns", "0.0.0.0:0")
        .allow_bind("0.0.0.0:0")
        .allow_join("239.1.2.1@lo")
        .allow_send("239.1.2.1@lo:*")
        .allow_send("@loopback:*")
        .tells(
            "take dns -> ok 0.0.0.0:*
             events -> listening *
             b: create ipv4 -> ok
             b: bind -> ok 0.0.0.0:*
             b: join 239.1.2.1@lo -> ok
             b: multicast-interface lo -> ok
             b: send 239.1.2.1:@a not-for-a -> ok
             b: send 127.0.0.1:@a for-a -> ok
             receive 5000 -> message \"for-a\" from *",
        )
        .refuses("");
}
