//! The firewall: what it refuses, right by right, and that it gives nothing.

use crate::common::{Program, unused};
use crate::{firewall, goes_round, run_with, scripted};
use datagrant_tests::SCRIPTED;
use datagrant_tests::dns::NameServer;
use std::net::UdpSocket;

/// What a story prints, and what the firewall says, line by line.
#[track_caller]
fn is(program: Program, story: &str, expected: &str, said: &str) {
    let said = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let said: Vec<String> = said.map(|line| format!("firewall: refused: {line}\n")).collect();
    program
        .story(story)
        .output()
        .status(0)
        .stdout(expected)
        .stderr(goes_round(SCRIPTED) + &said.concat());
}

#[test]
fn a_denied_destination_is_not_sent_to_and_the_rest_passes_on() {
    is(
        scripted(&[&firewall("deny-send=127.0.0.1:9,80-90")]),
        "create ipv4\nsend 127.0.0.1:9 x\nsend 127.0.0.1:85 x\nsend 127.0.0.1:91 x\nconnect 127.0.0.1:9\nconnect 127.0.0.1:91",
        "create ipv4 -> ok
         send 127.0.0.1:9 x -> access-denied
         send 127.0.0.1:85 x -> access-denied
         send 127.0.0.1:91 x -> ok
         connect 127.0.0.1:9 -> access-denied
         connect 127.0.0.1:91 -> ok *",
        "send 127.0.0.1:9: denied (deny send 127.0.0.1:9,80-90)
         send 127.0.0.1:85: denied (deny send 127.0.0.1:9,80-90)
         connect 127.0.0.1:9: denied (deny send 127.0.0.1:9,80-90)",
    );
}

#[test]
fn where_some_are_allowed_others_are_not_and_nothing_is_given() {
    let firewall = firewall("allow-send=127.0.0.1:91,allow-send=192.0.2.1:9");
    scripted(&[&firewall])
        .story("create ipv4\nsend 127.0.0.1:92 x\nsend 127.0.0.1:91 x\nsend 192.0.2.1:9 x")
        .output()
        .status(0)
        .stdout(
            "create ipv4 -> ok
             send 127.0.0.1:92 x -> access-denied
             send 127.0.0.1:91 x -> ok
             send 192.0.2.1:9 x -> access-denied",
        )
        .stderr(
            goes_round(SCRIPTED)
                + "firewall: refused: send 127.0.0.1:92: not granted; to allow it: allow-send=127.0.0.1:92
                   datagrant: refused by the grants: send 192.0.2.1:9: not granted; to allow it: --allow-send 192.0.2.1:9",
        );
}

#[test]
fn each_header_of_a_burst_is_judged() {
    is(
        scripted(&[&firewall("deny-send=127.0.0.1:9")]),
        "create ipv4\nburst 127.0.0.1:91 a + 127.0.0.1:9 b + 127.0.0.1:92 c\nburst 127.0.0.1:9 a\nburst 127.0.0.1:91 a + 127.0.0.1:92 b",
        "create ipv4 -> ok
         burst 127.0.0.1:91 a + 127.0.0.1:9 b + 127.0.0.1:92 c -> sent 1, then access-denied
         burst 127.0.0.1:9 a -> sent 0, then access-denied
         burst 127.0.0.1:91 a + 127.0.0.1:92 b -> sent 2",
        "send 127.0.0.1:9: denied (deny send 127.0.0.1:9)",
    );
}

#[test]
fn a_peer_that_is_denied_is_not_heard() {
    let (good, bad) = (
        UdpSocket::bind("127.0.0.1:0").unwrap(),
        UdpSocket::bind("127.0.0.1:0").unwrap(),
    );
    let denied = bad.local_addr().unwrap();
    for first in ["bursts off", "bursts on"] {
        let mut started = scripted(&[&firewall(&format!("deny-send={denied}"))])
            .story(format!("create ipv4\nbind 127.0.0.1:0\n{first}\nreceive\nreply thanks"))
            .start();
        let at = started.address("bind 127.0.0.1:0");
        bad.send_to(b"bad", at).unwrap();
        good.send_to(b"good", at).unwrap();
        let ended = started.ends().status(0);
        assert!(!ended.stdout.contains("\"bad\""), "{ended:#?}");
        assert!(ended.stdout.contains("message \"good\""), "{ended:#?}");
        assert!(ended.stdout.ends_with("reply thanks -> ok\n"), "{ended:#?}");
    }
}

#[test]
fn binds_are_those_that_are_allowed_and_not_denied() {
    let free = unused("127.0.0.1");
    let program = run_with(
        &[&firewall("allow-bind=127.0.0.1:0,deny-bind=127.0.0.1:5000")],
        SCRIPTED,
    );
    is(
        program.args(["--allow-bind", "127.0.0.0/8:*", "--allow-bind", "127.0.0.0/8:0"]),
        &format!("create ipv4\nbind 127.0.0.1:5000\nbind 127.0.0.2:0\nbind {free}\nbind 127.0.0.1:0"),
        &format!(
            "create ipv4 -> ok
             bind 127.0.0.1:5000 -> access-denied
             bind 127.0.0.2:0 -> access-denied
             bind {free} -> access-denied
             bind 127.0.0.1:0 -> ok 127.0.0.1:*"
        ),
        &format!(
            "bind 127.0.0.1:5000: denied (deny bind 127.0.0.1:5000)
             bind 127.0.0.2:0: not granted; to allow it: allow-bind=127.0.0.2:0
             bind {free}: not granted; to allow it: allow-bind={free}"
        ),
    );
}

#[test]
fn any_port_is_one_of_those_that_are_allowed() {
    let free = unused("127.0.0.1");
    let program = run_with(&[&firewall(&format!("allow-bind={free}"))], SCRIPTED);
    is(
        program.args(["--allow-bind", "127.0.0.1:0,1-65535"]),
        "create ipv4\nbind 127.0.0.1:0",
        &format!("create ipv4 -> ok\nbind 127.0.0.1:0 -> ok {free}"),
        "",
    );
}

#[test]
fn from_holds_for_what_is_received() {
    let program = run_with(&[&firewall("allow-bind=127.0.0.1:0 from 127.0.0.2")], SCRIPTED);
    let mut started = program
        .args(["--allow-bind", "127.0.0.1:0"])
        .story("create ipv4\nbind 127.0.0.1:0\nreceive\nreceive")
        .start();
    let at = started.address("bind 127.0.0.1:0");
    for host in ["127.0.0.1", "127.0.0.2"] {
        UdpSocket::bind((host, 0))
            .unwrap()
            .send_to(host.as_bytes(), at)
            .unwrap();
    }
    started.wait_for_line("message \"127.0.0.2\"");
    assert!(
        !started.printed().0.contains("message \"127.0.0.1\""),
        "{:?}",
        started.printed()
    );
}

#[test]
fn without_a_bind_that_is_allowed_a_socket_hears_whom_it_wrote_to() {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let program = run_with(&[&firewall("allow-bind=127.0.0.1:53")], SCRIPTED);
    let at = peer.local_addr().unwrap();
    let mut started = program
        .args(["--allow-bind", "0.0.0.0:0", "--allow-send", "127.0.0.1:*"])
        .story(format!(
            "create ipv4\nsend {at} hello\nlocal\nreceive\nreceive\nreceive"
        ))
        .start();
    let local = started.address("local");
    stranger.send_to(b"stranger", ("127.0.0.1", local.port())).unwrap();
    peer.send_to(b"peer", ("127.0.0.1", local.port())).unwrap();
    started.wait_for_line("message \"peer\"");
    assert!(!started.printed().0.contains("stranger"), "{:?}", started.printed());
}

#[test]
fn groups_broadcasts_and_names_are_judged_by_their_rights() {
    let names = NameServer::new("one.test A 300 127.0.0.1\n two.test A 300 127.0.0.2");
    let rules =
        "deny-join=239.255.77.9,deny-broadcast=255.255.255.255:9,deny-resolve=*.test,deny-send=239.255.77.0/24:*";
    let program = run_with(&[&firewall(rules)], SCRIPTED)
        .args([
            "--allow-join",
            "239.255.77.0/24@lo",
            "--allow-broadcast",
            "255.255.255.255:9",
        ])
        .args(["--allow-send", "239.255.77.0/24@lo:*", "--allow-resolve", "*"])
        .args(["--dns-server", &names.address().to_string()]);
    is(
        program,
        "create ipv4\njoin 239.255.77.9@lo\njoin 239.255.77.8@lo\nbroadcast on\nsend 255.255.255.255:9 x\nsend 239.255.77.8:9 x\nlookup one.test",
        "create ipv4 -> ok
         join 239.255.77.9@lo -> access-denied
         join 239.255.77.8@lo -> ok
         broadcast on -> ok
         send 255.255.255.255:9 x -> access-denied
         send 239.255.77.8:9 x -> access-denied
         lookup one.test -> access-denied",
        "join 239.255.77.9@lo: denied (deny join 239.255.77.9)
         send 255.255.255.255:9: denied (deny broadcast 255.255.255.255:9)
         send 239.255.77.8:9: denied (deny send 239.255.77.0/24:*)
         resolve one.test: denied (deny resolve *.test)",
    );
}

#[test]
fn a_socket_that_is_handed_in_stays_unless_its_address_is_denied() {
    let run = |rules: &str| {
        let program = run_with(&[&firewall(rules)], SCRIPTED);
        let ended = program
            .args(["--socket", "one=127.0.0.1:0"])
            .story("names\ntake one")
            .output();
        ended.status(0).stdout
    };
    assert!(run("allow-bind=127.0.0.1:53").contains("take one -> ok 127.0.0.1:"));
    assert_eq!(
        run("deny-bind=127.0.0.0/8:*"),
        "names -> one\ntake one -> access-denied\n"
    );
}
