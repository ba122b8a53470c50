//! Whom a bound socket hears and may answer: `from`, and the reply right.

use crate::guest::guest;
use crate::peer::peer;

#[test]
fn what_is_queued_of_a_source_that_is_left_out_is_not_received() {
    let (inside, outside) = (peer("127.0.0.2:0"), peer("127.0.0.3:0"));
    let story = guest()
        .allow_bind("127.0.0.1:0")
        .allow_bind("127.0.0.9:0")
        .starts(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             b: create ipv4 -> ok
             b: bind 127.0.0.9:0 -> ok 127.0.0.9:*
             b: receive -> message \"go\" from {0}
             receive -> message \"two\" from {0}
             receive 20 -> nothing",
            inside.address
        ));
    let (at, b) = (story.address("bind 127.0.0.1:0"), story.address("b: bind 127.0.0.9:0"));
    outside.sends("one", at);
    inside.sends("two", at);
    outside.sends("three", at);
    story.replaces(
        guest()
            .allow_bind("127.0.0.1:0 from 127.0.0.2")
            .allow_bind("127.0.0.9:0"),
    );
    inside.sends("go", b);
    story.ends().refuses("");
}

#[test]
fn a_source_that_is_let_in_is_received_from_then_on() {
    let (first, second) = (peer("127.0.0.2:0"), peer("127.0.0.3:0"));
    let story = guest().allow_bind("127.0.0.1:0 from 127.0.0.2").starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive -> message \"one\" from {}
         receive -> message \"two\" from {}
         reply welcome -> ok",
        first.address, second.address
    ));
    let at = story.address("bind 127.0.0.1:0");
    second.sends("not heard", at);
    first.sends("one", at);
    story.has_done("receive");
    story.replaces(guest().allow_bind("127.0.0.1:0 from 127.0.0.0/8"));
    second.sends("two", at);
    story.ends().refuses("");
    assert_eq!(second.receives().0, "welcome");
}

#[test]
fn who_is_left_out_or_denied_is_not_answered_any_more() {
    let (client, go) = (peer("127.0.0.2:0"), peer("127.0.0.1:0"));
    let to = client.address;
    for after in [
        guest().allow_bind("127.0.0.1:0 from 127.0.0.1"),
        guest().allow_bind("127.0.0.1:0").deny_send("127.0.0.2:*"),
    ] {
        let story = guest().allow_bind("127.0.0.1:0").starts(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             receive -> message \"hello\" from {to}
             reply one -> ok
             receive -> message \"go\" from {}
             send {to} two -> access-denied
             reply two -> ok",
            go.address
        ));
        let at = story.address("bind 127.0.0.1:0");
        client.sends("hello", at);
        assert_eq!(client.receives().0, "one");
        story.replaces(after);
        go.sends("go", at);
        story.ends().refuses(format!("grants: send {to}: *"));
        assert_eq!(go.receives().0, "two");
        client.has_nothing();
    }
}

#[test]
fn who_may_stay_keeps_the_right_to_an_answer() {
    let (client, go) = (peer("127.0.0.2:0"), peer("127.0.0.1:0"));
    let to = client.address;
    let story = guest().allow_bind("127.0.0.1:0").starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive -> message \"hello\" from {to}
         receive -> message \"go\" from {}
         send {to} late -> ok",
        go.address
    ));
    let at = story.address("bind 127.0.0.1:0");
    client.sends("hello", at);
    story.has_done("receive");
    story.replaces(guest().allow_bind("127.0.0.1:* from 127.0.0.0/8"));
    go.sends("go", at);
    story.ends().refuses("");
    assert_eq!(client.receives().0, "late");
}
