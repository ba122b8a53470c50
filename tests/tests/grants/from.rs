//! `from` on a bind: the source of a datagram is judged before it is delivered, and before it may be answered (rule 3).

use crate::guest::guest;
use crate::peer::{peer, unused};

#[test]
fn a_source_outside_from_is_neither_delivered_nor_answered() {
    let (inside, outside) = (peer("127.0.0.2:0"), peer("127.0.0.3:0"));
    let (from, other) = (inside.address, outside.address);
    let story = guest().allow_bind("127.0.0.1:0 from 127.0.0.2").starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive 10000 -> message \"two\" from {from}
         send {other} x -> access-denied
         reply pong -> ok
         receive 10000 -> message \"four\" from {from}
         events -> nothing"
    ));
    let at = story.address("bind 127.0.0.1:0");
    outside.sends("one", at);
    inside.sends("two", at);
    assert_eq!(inside.receives(), ("pong".to_owned(), at));
    outside.sends("three", at);
    inside.sends("four", at);
    story
        .ends()
        .refuses(format!("grants: send {other}: not granted; fix: send {other}"));
    outside.has_nothing();
}

#[test]
fn the_binds_that_cover_an_address_add_up() {
    let (one, two, none) = (peer("127.0.0.2:0"), peer("127.0.0.3:0"), peer("127.0.0.4:0"));
    let at = unused("127.0.0.1");
    let story = guest()
        .allow_bind(format!("{at} from 127.0.0.2"))
        .allow_bind(format!("0.0.0.0:{} from 127.0.0.3", at.port()))
        .allow_bind("127.0.0.1:1 from 127.0.0.4")
        .starts(format!(
            "create ipv4 -> ok
             bind {at} -> ok {at}
             receive 10000 -> message \"b\" from {}
             reply b -> ok
             receive 10000 -> message \"c\" from {}
             events -> nothing",
            one.address, two.address
        ));
    story.address(&format!("bind {at}"));
    none.sends("a", at);
    one.sends("b", at);
    assert_eq!(one.receives().0, "b");
    two.sends("c", at);
    story.ends().refuses("");
}

#[test]
fn a_flood_from_outside_ends_no_wait_for_what_is_inside() {
    let (inside, outside) = (peer("127.0.0.2:0"), peer("127.0.0.3:0"));
    let story = guest().allow_bind("127.0.0.1:0 from 127.0.0.2").starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         sleep 300 -> ok
         receive 10000 -> message \"here\" from {}",
        inside.address
    ));
    let at = story.address("bind 127.0.0.1:0");
    for _ in 0..100 {
        outside.sends("x", at);
    }
    inside.sends("here", at);
    story.ends().refuses("");
}

#[test]
fn a_deny_stops_the_answer_and_not_the_question() {
    let other = peer("127.0.0.2:0");
    let to = other.address;
    let story = guest()
        .allow_bind("127.0.0.1:0 from 127.0.0.2")
        .deny_send("127.0.0.2:*")
        .starts(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             receive 10000 -> message \"ping\" from {to}
             reply pong -> access-denied"
        ));
    other.sends("ping", story.address("bind 127.0.0.1:0"));
    story
        .ends()
        .refuses(format!("grants: send {to}: denied (deny send 127.0.0.2:*)"));
    other.has_nothing();
}

#[test]
fn from_holds_for_a_connected_socket_too() {
    let outside = peer("127.0.0.3:0");
    let other = outside.address;
    // `b` hears of the end of what `outside` sends.
    let story = guest()
        .allow_bind("127.0.0.1:0 from 127.0.0.2")
        .allow_bind("127.0.0.4:0")
        .allow_send("127.0.0.3:*")
        .starts(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             b: create ipv4 -> ok
             b: bind 127.0.0.4:0 -> ok 127.0.0.4:*
             connect {other} -> ok 127.0.0.1:*
             send - question -> ok
             b: receive 10000 -> message \"done\" from {other}
             receive 0 -> nothing"
        ));
    let (question, a) = outside.receives();
    assert_eq!(question, "question");
    outside.sends("answer", a);
    outside.sends("done", story.address("b: bind 127.0.0.4:0"));
    story.ends().refuses("");
}
