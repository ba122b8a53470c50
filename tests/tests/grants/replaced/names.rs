//! Lookups, and what names were looked up to be.

use crate::guest::guest;
use crate::peer::peer;
use datagrant_tests::dns::NameServer;

#[test]
fn a_lookup_under_way_ends_when_its_name_may_not_be_looked_up_any_more() {
    let server = NameServer::new("one.test * silence\n two.test A 300 127.0.0.2");
    let story = guest().allow_resolve("*").asks(&server).starts(
        "lookup-start one.test ipv4 -> ok
         lookup-wait -> ready
         lookup-answer -> access-denied
         lookup two.test ipv4 -> ok 127.0.0.2",
    );
    story.has_done("lookup-start one.test ipv4");
    story.replaces(guest().allow_resolve("two.test"));
    story
        .ends()
        .refuses("withdrawn: resolve one.test: not granted; fix: resolve one.test");
}

#[test]
fn an_answer_is_judged_when_it_is_taken() {
    let (server, go) = (NameServer::new("one.test A 300 127.0.0.2"), peer("127.0.0.1:0"));
    let with_go = || guest().allow_bind("127.0.0.1:0");
    let story = with_go().allow_resolve("*").asks(&server).starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         lookup-start one.test ipv4 -> ok
         lookup-wait -> ready
         lookup-answer -> ok 127.0.0.2
         receive -> message \"go\" from {}
         lookup-answer -> access-denied",
        go.address
    ));
    story.has_done("lookup-answer");
    story.replaces(with_go().allow_resolve("one.test").deny_resolve("*.test"));
    go.sends("go", story.address("bind 127.0.0.1:0"));
    story
        .ends()
        .refuses("grants: resolve one.test: denied (deny resolve *.test)");
}

#[test]
fn a_name_gives_its_addresses_no_longer_than_it_may_be_looked_up() {
    let (server, go) = (NameServer::new("one.test A 300 8.8.8.8"), peer("127.0.0.1:0"));
    let with_go = || guest().allow_bind("127.0.0.1:0").allow_send("one.test:53");
    let story = with_go().allow_resolve("*").asks(&server).starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         lookup one.test ipv4 -> ok 8.8.8.8
         receive -> message \"go\" from {}
         b: create ipv4 -> ok
         b: connect 8.8.8.8:53 -> access-denied",
        go.address
    ));
    story.has_done("lookup one.test ipv4");
    story.replaces(with_go());
    go.sends("go", story.address("bind 127.0.0.1:0"));
    story
        .ends()
        .refuses("grants: connect 8.8.8.8:53: its name may no longer be looked up; fix: resolve one.test");
}

#[test]
fn a_name_that_is_denied_denies_what_it_was_looked_up_to_be_before() {
    // Whether names mattered then or not, and whether it may still be looked up or not.
    for (before, after) in [(true, true), (true, false), (false, true), (false, false)] {
        let (server, here) = (NameServer::new("bad.test A 300 127.0.0.1"), peer("127.0.0.1:0"));
        let go = peer("127.0.0.2:0");
        let to = here.address;
        let with_go = |names: bool, lookups: bool| {
            let guest = guest().allow_bind("127.0.0.9:0").allow_send("127.0.0.0/8:*");
            let guest = if lookups { guest.allow_resolve("*") } else { guest };
            if names { guest.allow_send("one.test:53") } else { guest }
        };
        let story = with_go(before, true).asks(&server).starts(format!(
            "create ipv4 -> ok
             bind 127.0.0.9:0 -> ok 127.0.0.9:*
             lookup bad.test ipv4 -> ok 127.0.0.1
             send {to} before -> ok
             receive -> message \"go\" from {}
             send {to} after -> access-denied",
            go.address
        ));
        assert_eq!(here.receives().0, "before");
        story.replaces(with_go(false, after).deny_send("bad.test:*"));
        go.sends("go", story.address("bind 127.0.0.9:0"));
        story
            .ends()
            .refuses(format!("grants: send {to}: denied (deny send bad.test:*)"));
        here.has_nothing();
    }
}

#[test]
fn what_is_looked_up_anew_is_given_by_the_new_grants() {
    let (server, go) = (NameServer::new("one.test A 300 8.8.8.8"), peer("127.0.0.1:0"));
    let with_go = || guest().allow_bind("127.0.0.1:0").asks(&server);
    let story = with_go().starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         lookup one.test ipv4 -> access-denied
         receive -> message \"go\" from {}
         lookup one.test ipv4 -> ok 8.8.8.8
         b: create ipv4 -> ok
         b: connect 8.8.8.8:53 -> *",
        go.address
    ));
    story.has_done("lookup one.test ipv4");
    story.replaces(with_go().allow_resolve("one.test").allow_send("one.test:53"));
    go.sends("go", story.address("bind 127.0.0.1:0"));
    story
        .ends()
        .refuses("grants: resolve one.test: not granted; fix: resolve one.test");
}
