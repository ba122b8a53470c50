//! Groups. They are on the loopback interface, `lo`.

use crate::guest::guest;
use crate::peer::{peer, unused};
use std::net::UdpSocket;

#[test]
fn a_socket_goes_with_the_grant_of_a_group_that_it_has_joined() {
    for (join, after) in [
        ("239.1.1.1@lo", "239.1.1.2@lo"),
        ("239.1.1.1@lo", "239.1.1.1@eth7"),
        ("232.1.1.1@lo from 127.0.0.1", "232.1.1.1@lo from 127.0.0.2"),
        ("239.1.1.1@lo", "239.1.1.1@lo from 127.0.0.1"),
    ] {
        let at = unused("0.0.0.0");
        let before = guest().allow_bind(at).allow_join("232.0.0.0/5@lo");
        let story = before.starts(format!(
            "create ipv4 -> ok
             bind {at} -> ok {at}
             join {join} -> ok
             receive -> error access-denied, close"
        ));
        story.has_done(&format!("join {join}"));
        story.replaces(guest().allow_bind(at).allow_join(after));
        UdpSocket::bind(at).expect("the port is free");
        story.ends().refuses(format!("withdrawn: join {join}: *"));
    }
}

#[test]
fn a_socket_stays_with_its_groups_while_they_are_granted() {
    let (at, sender) = (unused("0.0.0.0"), peer("127.0.0.1:0"));
    let story = guest().allow_bind(at).allow_join("239.1.1.1@lo").starts(format!(
        "create ipv4 -> ok
         bind {at} -> ok {at}
         join 239.1.1.1@lo -> ok
         receive -> message \"hello\" from {}",
        sender.address
    ));
    story.has_done("join 239.1.1.1@lo");
    story.replaces(guest().allow_bind(at).allow_join("239.0.0.0/8"));
    sender.by_loopback();
    sender.sends("hello", ([239, 1, 1, 1], at.port()).into());
    story.ends().refuses("");
}

#[test]
fn what_was_left_again_is_nothing_that_the_socket_holds() {
    let (at, go) = (unused("127.0.0.1"), peer("127.0.0.1:0"));
    let story = guest().allow_bind(at).allow_join("239.1.1.1@lo").starts(format!(
        "create ipv4 -> ok
         bind {at} -> ok {at}
         join 239.1.1.1@lo -> ok
         leave 239.1.1.1@lo -> ok
         receive -> message \"go\" from {}",
        go.address
    ));
    story.has_done("leave 239.1.1.1@lo");
    story.replaces(guest().allow_bind(at));
    go.sends("go", at);
    story.ends().refuses("");
}

#[test]
fn a_membership_of_an_unbound_socket_goes_too() {
    for after in [guest(), guest().allow_join("[ff02::/16]").deny_join("[ff02::fb]")] {
        let story = guest().allow_join("[ff02::fb]").starts(
            "create ipv6 -> ok
             join ff02::fb@lo -> ok
             receive -> error access-denied, close",
        );
        story.has_done("join ff02::fb@lo");
        story.replaces(after);
        story.ends().refuses("withdrawn: join [ff02::fb]@lo: *");
    }
}

#[test]
fn a_bind_to_a_group_goes_with_the_right_to_join_it() {
    let port = unused("127.0.0.1").port();
    let at = format!("239.1.1.1:{port}");
    let story = guest().allow_bind(&at).allow_join("239.1.1.1").starts(format!(
        "create ipv4 -> ok
         bind {at} -> ok {at}
         receive -> error access-denied, close"
    ));
    story.has_done(&format!("bind {at}"));
    story.replaces(guest().allow_bind(&at));
    story
        .ends()
        .refuses(format!("withdrawn: bind {at}: not granted; fix: join 239.1.1.1"));
}
