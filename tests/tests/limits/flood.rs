//! A flood at a client: "discard at most 256 unwanted datagrams a call; a kernel filter where a client socket has one peer"
//! (rule 11).

use crate::guest::guest;
use crate::peer::peer;

/// Fewer than a buffer of the kernel's default size holds, and far more.
const SOME: usize = 270;
const MANY: usize = 2_000;

#[test]
fn what_is_thrown_away_again_and_again_takes_no_place_in_the_queue() {
    let (asked, second, third, signal) = (
        peer("127.0.0.1:0"),
        peer("127.0.0.2:0"),
        peer("127.0.0.1:0"),
        peer("127.0.0.1:0"),
    );
    let (to, to_second) = (asked.address, second.address);
    let story = guest()
        .allow_send("@loopback:*")
        .allow_bind("127.0.0.1:0")
        .starts(format!(
            "create ipv4 -> ok
         send {to} question -> ok
         local -> ok 0.0.0.0:*
         b: create ipv4 -> ok
         b: bind 127.0.0.1:0 -> ok 127.0.0.1:*
         b: receive 20000 -> message \"go\" from *
         events -> listening 0.0.0.0:*
         events -> nothing
         b: receive 10000 -> message \"go\" from *
         receive 10000 -> message \"answer\" from {to}
         send {to_second} question -> ok
         receive 10000 -> message \"second answer\" from {to_second}
         bursts on -> ok
         send {to} question -> ok
         receive 10000 -> message \"last answer\" from {to}"
        ));
    let at = ([127, 0, 0, 1], story.address("local").port()).into();
    let go = story.address("b: bind 127.0.0.1:0");
    assert_eq!(asked.receives().0, "question");
    (0..SOME).for_each(|_| third.sends("x", at));
    signal.sends("go", go);
    let _ = story.running.wait_for_line("events -> nothing");
    (0..MANY).for_each(|_| third.sends("x", at));
    // Without the filter there would be no room for it.
    asked.sends("answer", at);
    signal.sends("go", go);
    assert_eq!(second.receives().0, "question");
    second.sends("second answer", at);
    assert_eq!(asked.receives().0, "question");
    asked.sends("last answer", at);
    story.ends().refuses("");
}
