//! Names in grants: who may look them up, and what they give in send (rule 7). Global addresses are connected to and not
//! sent to, which sends nothing; what is sent is seen on networks of their own, in `host/cli/tests/networks`.

use crate::guest::{guest, nothing_granted};
use crate::peer::{peer, unused};
use datagrant_tests::dns::NameServer;

#[test]
fn without_a_resolve_grant_nothing_is_asked_and_the_fix_is_told() {
    let server = NameServer::new("one.test A 300 127.0.0.2");
    guest()
        .allow_send("*:*")
        .allow_send("one.test:53")
        .asks(&server)
        .tells(
            "lookup One.test ipv4 -> access-denied
             lookup www.one.test ipv4 -> access-denied",
        )
        .refuses(
            "grants: resolve one.test: not granted; fix: resolve one.test
             grants: resolve www.one.test: not granted; fix: resolve www.one.test",
        );
    assert_eq!(server.asked(), [""; 0]);
}

#[test]
fn a_star_covers_the_names_under_and_not_the_name() {
    let server = NameServer::new(
        "one.test      A  300  127.0.0.2
         www.one.test  A  300  127.0.0.3
         a.b.one.test  A  300  127.0.0.4",
    );
    guest()
        .allow_resolve("*.one.test")
        .asks(&server)
        .tells(
            "lookup one.test ipv4 -> access-denied
             lookup www.one.test ipv4 -> ok 127.0.0.3
             lookup a.b.one.test ipv4 -> ok 127.0.0.4
             lookup someone.test ipv4 -> access-denied",
        )
        .refuses(
            "grants: resolve one.test: not granted; fix: resolve one.test
             grants: resolve someone.test: not granted; fix: resolve someone.test",
        );
}

#[test]
fn a_denied_name_is_not_asked_for() {
    let server = NameServer::new("www.one.test A 300 127.0.0.2");
    guest()
        .allow_resolve("*")
        .allow_resolve("www.one.test")
        .deny_resolve("*.one.test")
        .asks(&server)
        .tells("lookup www.one.test ipv4 -> access-denied")
        .refuses("grants: resolve www.one.test: denied (deny resolve *.one.test)");
    assert_eq!(server.asked(), [""; 0]);
}

#[test]
fn a_resolve_grant_sends_nothing() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    let server = NameServer::new("one.test A 300 127.0.0.1");
    guest()
        .allow_resolve("*")
        .asks(&server)
        .tells(format!(
            "lookup one.test ipv4 -> ok 127.0.0.1
             create ipv4 -> ok
             send {to} x -> access-denied"
        ))
        .refuses(nothing_granted("send", to));
    other.has_nothing();
}

#[test]
fn a_name_in_send_gives_what_was_looked_up_and_only_then() {
    let server = NameServer::new(
        "one.test    A  300  8.8.8.8
         other.test  A  300  9.9.9.9",
    );
    guest()
        .allow_resolve("*")
        .allow_send("one.test:53")
        .asks(&server)
        .tells(
            "create ipv4 -> ok
             connect 8.8.8.8:53 -> access-denied
             lookup one.test ipv4 -> ok 8.8.8.8
             lookup other.test ipv4 -> ok 9.9.9.9
             connect 8.8.8.8:54 -> access-denied
             connect 9.9.9.9:53 -> access-denied
             connect 8.8.8.8:53 -> *",
        )
        .refuses(
            "grants: connect 8.8.8.8:53: not granted; fix: send 8.8.8.8:53
             grants: connect 8.8.8.8:54: not granted; fix: send one.test:54
             grants: connect 9.9.9.9:53: not granted; fix: send other.test:53",
        );
}

#[test]
fn a_name_that_is_turned_to_this_host_or_a_private_network_gives_nothing() {
    let inner = peer("127.0.0.1:0");
    let port = inner.port();
    let server = NameServer::new(
        "one.test  A  0  8.8.8.8
         one.test  A  0  127.0.0.1
         one.test  A  0  10.0.0.1 169.254.169.254 192.168.1.1
         one.test  A  0  0.0.0.0
         six.test  AAAA  0  ::1
         six.test  AAAA  0  ::ffff:127.0.0.1 64:ff9b::7f00:1 fe80::1 fd00::1",
    );
    let public = "a name gives global addresses only";
    guest()
        .allow_resolve("one.test")
        .allow_resolve("six.test")
        .allow_send("one.test:*")
        .allow_send("six.test:*")
        .asks(&server)
        .tells(format!(
            "create ipv4 -> ok
             lookup one.test ipv4 -> ok 8.8.8.8
             sleep 5 -> ok
             lookup one.test ipv4 -> ok 127.0.0.1
             send 127.0.0.1:{port} x -> access-denied
             sleep 5 -> ok
             lookup one.test ipv4 -> ok *
             send 10.0.0.1:53 x -> access-denied
             send 169.254.169.254:80 x -> access-denied
             send 192.168.1.1:53 x -> access-denied
             sleep 5 -> ok
             lookup one.test ipv4 -> ok 0.0.0.0
             send 0.0.0.0:{port} x -> access-denied
             create ipv6 -> ok
             lookup six.test ipv6 -> ok ::1
             send [::1]:{port} x -> access-denied
             sleep 5 -> ok
             lookup six.test ipv6 -> ok *
             send [64:ff9b::127.0.0.1]:{port} x -> access-denied
             send [fd00::1]:53 x -> access-denied
             create ipv4 -> ok
             connect 8.8.8.8:53 -> *"
        ))
        .refuses(format!(
            "grants: send 127.0.0.1:{port}: {public}; fix: send 127.0.0.1:{port}
             grants: send 10.0.0.1:53: {public}; fix: send 10.0.0.1:53
             grants: send 169.254.169.254:80: {public}; fix: send 169.254.169.254:80
             grants: send 192.168.1.1:53: {public}; fix: send 192.168.1.1:53
             grants: send 0.0.0.0:{port}: the unspecified address is no destination
             grants: send [::1]:{port}: {public}; fix: send [::1]:{port}
             grants: send [64:ff9b::7f00:1]:{port}: {public}; fix: send [64:ff9b::7f00:1]:{port} and send 127.0.0.1:{port}
             grants: send [fd00::1]:53: {public}; fix: send [fd00::1]:53"
        ));
    inner.has_nothing();
}

#[test]
fn a_denied_address_wins_over_a_name() {
    let server = NameServer::new("one.test A 300 8.8.8.8");
    for (deny, rule) in [
        ("8.8.8.8:*", "8.8.8.8:*"),
        ("8.0.0.0/8:53", "8.0.0.0/8:53"),
        ("*:*", "@global:*"),
    ] {
        guest()
            .allow_resolve("*")
            .allow_send("one.test:53")
            .deny_send(deny)
            .asks(&server)
            .tells(
                "lookup one.test ipv4 -> ok 8.8.8.8
                 create ipv4 -> ok
                 connect 8.8.8.8:53 -> access-denied",
            )
            .refuses(format!("grants: connect 8.8.8.8:53: denied (deny send {rule})"));
    }
}

#[test]
fn a_denied_name_denies_what_it_was_looked_up_to_be() {
    let (here, elsewhere) = (peer("127.0.0.1:0"), unused("127.0.0.2"));
    let (to, port) = (here.address, here.port());
    let server = NameServer::new(
        "bad.one.test  A  300  127.0.0.1
         one.test      A  300  127.0.0.2",
    );
    guest()
        .allow_resolve("*")
        .allow_send("127.0.0.0/8:*")
        .deny_send(format!("*.one.test:{port}"))
        .asks(&server)
        .tells(format!(
            "create ipv4 -> ok
             send {to} before -> ok
             lookup bad.one.test ipv4 -> ok 127.0.0.1
             send {to} after -> access-denied
             lookup one.test ipv4 -> ok 127.0.0.2
             send {elsewhere} x -> ok
             send 127.0.0.1:9 x -> ok"
        ))
        .refuses(format!("grants: send {to}: denied (deny send *.one.test:{port})"));
    assert_eq!(here.receives().0, "before");
    here.has_nothing();
}

#[test]
fn a_denied_name_denies_a_reply() {
    let other = peer("127.0.0.1:0");
    let server = NameServer::new("bad.test A 300 127.0.0.1");
    let story = "create ipv4 -> ok
                 bind 127.0.0.1:0 -> ok 127.0.0.1:*
                 receive -> message \"hello\" from 127.0.0.1:*
                 lookup bad.test ipv4 -> ok 127.0.0.1
                 reply x -> access-denied";
    let telling = guest()
        .allow_bind("127.0.0.1:0")
        .allow_resolve("*")
        .deny_send("bad.test:*")
        .asks(&server)
        .starts(story);
    let at = telling.address("bind 127.0.0.1:0");
    other.sends("hello", at);
    let told = telling.ends();
    told.refuses(format!("grants: send {}: denied (deny send bad.test:*)", other.address));
    other.has_nothing();
}

#[test]
fn the_fixes_that_are_told_of_names_are_all_that_it_takes() {
    let server = NameServer::new("one.test A 300 8.8.8.8");
    guest().asks(&server).tells_when_fixed(
        "lookup one.test ipv4 -> ok 8.8.8.8
         create ipv4 -> ok
         connect 8.8.8.8:53 -> *",
    );
}

#[test]
fn guests_do_not_share_what_they_looked_up() {
    let server = NameServer::new("one.test A 300 8.8.8.8");
    let with_grants = || guest().allow_resolve("*").allow_send("one.test:53").asks(&server);
    with_grants()
        .tells(
            "lookup one.test ipv4 -> ok 8.8.8.8
             create ipv4 -> ok
             connect 8.8.8.8:53 -> *",
        )
        .refuses("");
    with_grants()
        .tells(
            "create ipv4 -> ok
             connect 8.8.8.8:53 -> access-denied",
        )
        .refuses("grants: connect 8.8.8.8:53: not granted; fix: send 8.8.8.8:53");
}
