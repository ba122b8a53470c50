//! An embedder's own code narrows: it is asked about what the grants permit, and only then.

use crate::guest::guest;
use crate::peer::{peer, unused};
use datagrant::grants::{Operation, Subject};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// What the code was asked about, one line each: operation and subject.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    fn permits(&self) -> impl Fn(Operation, &Subject) -> bool + Send + Sync + use<> {
        let Asked(lines) = self.clone();
        move |operation, subject| {
            lines.lock().unwrap().push(format!("{operation} {subject}"));
            true
        }
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Refuses what is about this text.
fn refuses(about: &str) -> impl Fn(Operation, &Subject) -> bool + Send + Sync + use<> {
    let about = about.to_owned();
    move |operation, subject| format!("{operation} {subject}") != about
}

#[test]
fn it_is_asked_about_each_operation_that_the_grants_permit() {
    let (asked, server) = (Asked::default(), peer("127.0.0.1:0"));
    let (to, at) = (server.address, unused("127.0.0.1"));
    guest()
        .allow_bind(at)
        .allow_send(to)
        .allow_join("239.1.1.1@lo")
        .narrowed(asked.permits())
        .tells(format!(
            "create ipv4 -> ok
             bind {at} -> ok {at}
             send {to} x -> ok
             send 127.0.0.1:9 x -> access-denied
             connect {to} -> ok {at}
             send - x -> ok
             join 239.1.1.1@lo -> ok
             join 239.1.1.2@lo -> access-denied
             b: create ipv4 -> ok
             b: send {to} x -> ok
             lookup one.test ipv4 -> access-denied"
        ))
        .refuses(
            "grants: send 127.0.0.1:9: not granted; fix: send 127.0.0.1:9
             grants: join 239.1.1.2@lo: not granted; fix: join 239.1.1.2@lo
             grants: resolve one.test: not granted; fix: resolve one.test",
        );
    assert_eq!(
        asked.lines(),
        [
            format!("bind {at}"),
            format!("send {to}"),
            format!("connect {to}"),
            format!("send {to}"),
            "join 239.1.1.1@lo".to_owned(),
            format!("send {to}"),
            "bind 0.0.0.0:0".to_owned(),
        ]
    );
}

#[test]
fn what_it_refuses_is_access_denied_with_a_reason_of_its_own_and_no_fix() {
    let server = peer("127.0.0.1:0");
    let (to, at) = (server.address, unused("127.0.0.1"));
    for (refused, denied) in [
        (format!("bind {at}"), format!("bind {at}")),
        (format!("send {to}"), format!("send {to} x")),
        (format!("connect {to}"), format!("connect {to}")),
        ("bind 0.0.0.0:0".to_owned(), format!("send {to} x")),
        ("join 239.1.1.1@lo".to_owned(), "join 239.1.1.1@lo".to_owned()),
        ("resolve one.test".to_owned(), "lookup one.test".to_owned()),
    ] {
        guest()
            .allow_bind(at)
            .allow_send(to)
            .allow_join("239.1.1.1@lo")
            .allow_resolve("one.test")
            .narrowed(refuses(&refused))
            .tells(format!("create ipv4 -> ok\n {denied} -> access-denied"))
            .refuses(format!("grants: {refused}: granted, but refused by the host"));
    }
    server.has_nothing();
}

#[test]
fn it_is_asked_about_replies_and_about_a_run_of_datagrams_in_a_burst_once() {
    let (asked, client, go) = (Asked::default(), peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let (to, other) = (client.address, go.address);
    let story = guest()
        .allow_bind("127.0.0.1:0")
        .narrowed(asked.permits())
        .starts(format!(
            "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive -> message \"hello\" from {to}
         reply one -> ok
         receive -> message \"go\" from {other}
         burst {to} a + {to} b + {other} c + {to} d -> sent 4"
        ));
    let at = story.address("bind 127.0.0.1:0");
    client.sends("hello", at);
    assert_eq!(client.receives().0, "one");
    go.sends("go", at);
    story.ends().refuses("");
    let send = |to| format!("send {to}");
    let asked = asked.lines();
    assert_eq!(asked[1..], [send(to), send(to), send(other), send(to)], "{asked:?}");
}

#[test]
fn it_is_asked_again_when_grants_are_replaced_and_when_the_embedder_says_so() {
    for review in [true, false] {
        let server = peer("127.0.0.1:0");
        let to = server.address;
        let closed = Arc::new(AtomicBool::new(false));
        let code = {
            let closed = closed.clone();
            move |operation, _: &Subject| operation != Operation::Connect || !closed.load(Ordering::Relaxed)
        };
        let story = guest().allow_send(to).narrowed(code).starts(format!(
            "create ipv4 -> ok
             connect {to} -> ok 127.0.0.1:*
             receive -> error access-denied, close"
        ));
        story.address(&format!("connect {to}"));
        closed.store(true, Ordering::Relaxed);
        match review {
            true => story.reviews(),
            false => story.replaces(guest().allow_send("@loopback:*")),
        }
        story
            .ends()
            .refuses(format!("withdrawn: connect {to}: granted, but refused by the host"));
    }
}

#[test]
fn it_outlives_the_grants_and_adds_nothing_to_them() {
    let (at, other) = (unused("127.0.0.1"), unused("127.0.0.1"));
    let story = guest()
        .allow_bind(at)
        .narrowed(refuses(&format!("bind {other}")))
        .starts(format!(
            "create ipv4 -> ok
             bind {at} -> ok {at}
             receive -> error access-denied, close
             b: create ipv4 -> ok
             b: bind {other} -> access-denied
             b: bind {at} -> access-denied"
        ));
    story.address(&format!("bind {at}"));
    story.replaces(guest().allow_bind(other));
    story.ends().refuses(format!(
        "withdrawn: bind {at}: not granted; fix: bind {at}
         grants: bind {other}: granted, but refused by the host
         grants: bind {at}: not granted; fix: bind {at}"
    ));
}
