//! Several middlewares: the first is next to the host, and each has its own options.

use crate::{faults, firewall, messages, scripted};

const STORY: &str = "create ipv4
    bind 127.0.0.1:0
    b: create ipv4
    b: bind 127.0.0.1:0
    b: events
    repeat 500 send 127.0.0.1:@b hello + b: events";

#[track_caller]
fn told(with: &[&str]) -> usize {
    let ended = scripted(with).story(STORY).output().status(0);
    messages(&ended.stdout, "repeat")
}

#[test]
fn what_the_inner_one_loses_the_outer_one_does_not_double() {
    let (lost, twice) = (
        faults("loss=50%,seed=7,direction=send"),
        faults("duplicate=100%,direction=send"),
    );
    // Lost first: all that is left comes twice. Doubled first: each copy is lost or not.
    let lost_first = told(&[&twice, &lost]);
    assert_eq!(lost_first, 510);
    let doubled_first = told(&[&lost, &twice]);
    assert_eq!(doubled_first, 515);
}

#[test]
fn what_is_lost_behind_the_firewall_is_judged_and_before_it_is_not() {
    let (lossy, strict) = (faults("loss=100%,direction=send"), firewall("deny-send=127.0.0.1:9"));
    let story = "create ipv4\nsend 127.0.0.1:9 x\nsend 127.0.0.1:91 x";
    scripted(&[&lossy, &strict])
        .story(story)
        .output()
        .status(0)
        .stdout("create ipv4 -> ok\nsend 127.0.0.1:9 x -> access-denied\nsend 127.0.0.1:91 x -> ok");
    scripted(&[&strict, &lossy])
        .story(story)
        .output()
        .status(0)
        .stdout("create ipv4 -> ok\nsend 127.0.0.1:9 x -> ok\nsend 127.0.0.1:91 x -> ok");
}
