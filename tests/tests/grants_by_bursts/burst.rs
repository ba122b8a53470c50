//! Bursts of several datagrams: each is judged, and a burst ends before the first that is refused.

use crate::guest::guest;
use crate::peer::peer;

#[test]
fn each_datagram_of_a_burst_is_judged() {
    let (granted, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let (to, elsewhere) = (granted.address, other.address);
    guest()
        .allow_send(to)
        .tells(format!(
            "create ipv4 -> ok
             burst {to} one + {to} two + {elsewhere} x + {to} y -> sent 2, then access-denied
             burst {elsewhere} x + {to} y -> sent 0, then access-denied
             burst {to} three -> sent 1"
        ))
        .refuses(format!(
            "grants: send {elsewhere}: not granted; fix: send {elsewhere}
             grants: send {elsewhere}: not granted; fix: send {elsewhere}"
        ));
    for text in ["one", "two", "three"] {
        assert_eq!(granted.receives().0, text);
    }
    granted.has_nothing();
    other.has_nothing();
}

#[test]
fn a_burst_that_begins_with_a_refusal_binds_nothing() {
    let to = peer("127.0.0.1:0").address;
    guest()
        .tells(format!(
            "create ipv4 -> ok
             burst {to} x + {to} y -> sent 0, then access-denied
             local -> invalid-state
             events -> nothing"
        ))
        .refuses(format!("grants: send {to}: not granted; fix: send {to}"));
}

#[test]
fn a_burst_answers_those_who_wrote_and_nobody_else() {
    let (wrote, did_not) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let (from, silent) = (wrote.address, did_not.address);
    let story = guest().allow_bind("127.0.0.1:0").starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive 10000 -> message \"ping\" from {from}
         burst {from} pong + {silent} x -> sent 1, then access-denied"
    ));
    wrote.sends("ping", story.address("bind 127.0.0.1:0"));
    story
        .ends()
        .refuses(format!("grants: send {silent}: not granted; fix: send {silent}"));
    assert_eq!(wrote.receives().0, "pong");
    did_not.has_nothing();
}

#[test]
fn a_broadcast_in_a_burst_leaves_those_behind_it_without_the_right() {
    let (granted, other) = (peer("127.255.255.255:0"), peer("127.255.255.255:0"));
    let unicast = peer("127.0.0.1:0");
    let (to, elsewhere, one) = (granted.address, other.address, unicast.address);
    guest()
        .allow_broadcast(to)
        .allow_send("127.0.0.0/8:*")
        .tells(format!(
            "create ipv4 -> ok
             broadcast on -> ok
             burst {to} all + {one} one + {to} all + {elsewhere} x + {to} y -> sent 3, then access-denied"
        ))
        .refuses(format!("kernel: send {elsewhere}: Permission denied (os error 13)"));
    assert_eq!(granted.receives().0, "all");
    assert_eq!(granted.receives().0, "all");
    assert_eq!(unicast.receives().0, "one");
    granted.has_nothing();
    other.has_nothing();
}

#[test]
fn a_burst_from_a_client_socket_makes_peers_of_those_it_went_to_alone() {
    let (asked, not_asked) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let (to, other) = (asked.address, not_asked.address);
    let story = guest().allow_send(to).starts(format!(
        "create ipv4 -> ok
         burst {to} question + {other} x -> sent 1, then access-denied
         receive 10000 -> message \"answer\" from {to}
         receive 50 -> nothing"
    ));
    let (_, client) = asked.receives();
    not_asked.sends("not asked", client);
    asked.sends("answer", client);
    story
        .ends()
        .refuses(format!("grants: send {other}: not granted; fix: send {other}"));
    not_asked.has_nothing();
}
