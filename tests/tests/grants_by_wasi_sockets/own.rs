//! What is `wasi:sockets`' own.

use crate::guest::guest;
use crate::peer::{peer, unused};
use datagrant_tests::dns::NameServer;

#[test]
fn tcp_is_refused_whatever_is_granted_and_the_operator_is_told() {
    guest()
        .allow_bind("0.0.0.0:0,1-65535")
        .allow_send("@loopback:*")
        .tells("tcp -> access-denied")
        .refuses("create a TCP socket: UDP is all that can be granted");
}

#[test]
fn mapped_addresses_are_no_addresses_of_an_ipv6_socket() {
    let other = peer("127.0.0.1:0");
    let port = other.port();
    guest()
        .allow_bind("[::]:0")
        .allow_bind("0.0.0.0:0")
        .allow_send("@loopback:*")
        .tells(format!(
            "create ipv6 -> ok
             bind [::ffff:127.0.0.1]:0 -> invalid-argument
             bind [::]:0 -> ok [::]:*
             send [::ffff:127.0.0.1]:{port} x -> invalid-argument
             connect [::ffff:127.0.0.1]:{port} -> invalid-argument"
        ))
        .refuses("");
    other.has_nothing();
}

#[test]
fn a_wildcard_bind_over_ipv6_leaves_ipv4_to_others_though_both_are_granted() {
    let story = guest().allow_bind("[::]:0").allow_bind("0.0.0.0:0").starts(
        "create ipv6 -> ok
         bind [::]:0 -> ok [::]:*
         receive 10000 -> message \"stop\" from *",
    );
    let port = story.address("bind [::]:0").port();
    drop(peer(format!("0.0.0.0:{port}")));
    peer("[::1]:0").sends("stop", ([0, 0, 0, 0, 0, 0, 0, 1], port).into());
    story.ends().refuses("");
}

#[test]
fn a_change_of_peer_is_judged_and_leaves_the_old_one_when_it_is_denied() {
    let (one, two, denied) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let (to, then, never) = (one.address, two.address, denied.address);
    let story = guest().allow_send(to).allow_send(then).starts(format!(
        "create ipv4 -> ok
         connect {to} -> ok 127.0.0.1:*
         connect {never} -> access-denied
         remote -> ok {to}
         send {never} x -> invalid-argument
         send {to} one -> ok
         receive 10000 -> message \"one\" from {to}
         connect {then} -> ok 127.0.0.1:*
         remote -> ok {then}
         send - two -> ok
         receive 10000 -> message \"two\" from {then}
         receive 50 -> nothing"
    ));
    let (_, client) = one.receives();
    one.sends("one", client);
    assert_eq!(two.receives(), ("two".to_owned(), client));
    one.sends("no longer the peer", client);
    denied.sends("never the peer", client);
    two.sends("two", client);
    let told = story.ends();
    told.refuses(format!("grants: connect {never}: not granted; fix: send {never}"));
    denied.has_nothing();
}

#[test]
fn an_error_of_the_network_fails_the_call_that_meets_it_and_no_call_about_another_peer() {
    let (nobody, server) = (unused("127.0.0.1"), peer("127.0.0.1:0"));
    let to = server.address;
    guest()
        .allow_send("@loopback:*")
        .tells(format!(
            "create ipv4 -> ok
             connect {nobody} -> ok 127.0.0.1:*
             send - x -> ok
             send - y -> connection-refused
             send - z -> ok
             receive 10000 -> error connection-refused
             receive 20 -> nothing
             send - x -> ok
             connect {to} -> ok 127.0.0.1:*
             send - hello -> ok
             receive 20 -> nothing"
        ))
        .refuses("");
    assert_eq!(server.receives().0, "hello");
    server.has_nothing();
}

#[test]
fn names_that_are_none_are_not_asked_for() {
    let server = NameServer::new("");
    guest()
        .allow_resolve("*")
        .asks(&server)
        .tells(
            "lookup 127.1 -> invalid-argument
             lookup 0x7f000001 -> invalid-argument
             lookup 2130706433 -> invalid-argument
             lookup 017700000001 -> invalid-argument
             lookup 0 -> invalid-argument
             lookup one.test. -> invalid-argument
             lookup one..test -> invalid-argument
             lookup fe80::1%1 -> invalid-argument
             lookup [::1] -> invalid-argument
             lookup *.test -> invalid-argument",
        )
        .refuses("");
    assert_eq!(server.asked(), [""; 0]);
}

#[test]
fn an_address_and_localhost_are_told_without_a_grant_and_give_nothing() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    let server = NameServer::new("localhost A 300 127.0.0.9");
    guest()
        .allow_send("localhost.test:*")
        .asks(&server)
        .tells(format!(
            "lookup 192.0.2.1 -> ok 192.0.2.1
             lookup 2001:db8::1 -> ok 2001:db8::1
             lookup ::ffff:127.0.0.1 -> ok 127.0.0.1
             lookup localhost -> ok 127.0.0.1, ::1
             lookup some.LOCALHOST -> ok 127.0.0.1, ::1
             create ipv4 -> ok
             send {to} x -> access-denied"
        ))
        .refuses(format!("grants: send {to}: not granted; fix: send {to}"));
    assert_eq!(server.asked(), [""; 0]);
    other.has_nothing();
}

#[test]
fn a_name_with_other_letters_is_judged_and_asked_for_in_ascii() {
    let server = NameServer::new("xn--bcher-kva.test A 300 127.0.0.2");
    guest()
        .allow_resolve("xn--bcher-kva.test")
        .asks(&server)
        .tells(
            "lookup B\u{fc}cher.test ipv4 -> ok 127.0.0.2
             lookup b\u{f6}cher.test -> access-denied
             lookup \u{ff11}\u{ff12}\u{ff17}.\u{ff11} -> invalid-argument
             lookup b\u{fc}cher.test. -> invalid-argument",
        )
        .refuses("grants: resolve xn--bcher-jua.test: not granted; fix: resolve xn--bcher-jua.test");
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| asked.starts_with("xn--bcher-kva.test ")),
        "{:?}",
        server.asked()
    );
}

#[test]
fn the_guest_is_told_one_code_whatever_the_reason() {
    let to = unused("127.255.255.255");
    guest()
        .allow_broadcast(to)
        .allow_send("127.0.0.0/8:*")
        .deny_send("127.0.0.7:*")
        .tells(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:1 -> access-denied
             bind 224.0.0.1:1 -> access-denied
             send 127.0.0.7:9 x -> access-denied
             send 0.0.0.0:9 x -> access-denied
             send 127.0.0.1:0 x -> access-denied
             send 198.51.100.1:9 x -> access-denied
             send 224.0.0.1:9 x -> access-denied
             send {to} x -> access-denied
             connect {to} -> access-denied
             tcp -> access-denied"
        ))
        .refuses(format!(
            "grants: bind 127.0.0.1:1: not granted; fix: bind 127.0.0.1:1
             grants: bind 224.0.0.1:1: not granted; fix: bind 224.0.0.1:1 and join 224.0.0.1
             grants: send 127.0.0.7:9: denied (deny send 127.0.0.7:*)
             grants: send 0.0.0.0:9: the unspecified address is no destination
             grants: send 127.0.0.1:0: port 0 is no destination
             grants: send 198.51.100.1:9: not granted; fix: send 198.51.100.1:9
             grants: send 224.0.0.1*
             *
             kernel: connect {to}: Permission denied (os error 13)
             create a TCP socket: UDP is all that can be granted"
        ));
}

#[test]
fn the_grants_that_the_lines_tell_are_all_that_it_takes() {
    let (at, at_6) = (unused("127.0.0.1"), unused("[::1]"));
    let (to, to_6) = (peer("127.0.0.1:0"), peer("[::1]:0"));
    let server = NameServer::new("one.test A 300 127.0.0.2");
    guest().asks(&server).tells_when_fixed(format!(
        "a: create ipv4 -> ok
         a: bind {at} -> ok {at}
         a: send {} x -> ok
         b: create ipv6 -> ok
         b: bind {at_6} -> ok {at_6}
         b: connect {} -> ok {at_6}
         c: create ipv4 -> ok
         c: bind 0.0.0.0:{} -> ok 0.0.0.0:*
         d: create ipv4 -> ok
         d: bind -> ok 0.0.0.0:*
         lookup one.test -> ok 127.0.0.2",
        to.address,
        to_6.address,
        unused("0.0.0.0").port(),
    ));
}

#[test]
fn there_are_as_many_sockets_as_the_contract_gives() {
    let sockets: String = (1..=256).map(|n| format!("s{n}: create ipv4 -> ok\n")).collect();
    guest()
        .tells(format!(
            "{sockets}
             more: create ipv4 -> quota-exceeded
             s1: close -> ok
             more: create ipv4 -> ok"
        ))
        .refuses("");
}
