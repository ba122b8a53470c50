//! How much payload one call takes.

use crate::held::limited;
use crate::peer::peer;
use datagrant::Limit;

#[test]
fn a_burst_with_more_payload_is_sent_in_parts() {
    let sink = peer("127.0.0.1:0");
    let to = sink.address;
    limited(Limit::BurstBytes, 65_536)
        .tells(format!(
            "create ipv4 -> ok
             burst-of 100 1000 0 {to} -> sent 65, then would-block
             room -> *
             burst-of 35 1000 0 {to} -> sent 35
             burst-of 2 65000 1300 {to} -> sent 1, then would-block
             burst-of 1 65507 0 {to} -> sent 1
             burst-of 1 70000 0 {to} -> sent 0, then datagram-too-large"
        ))
        .exceeds(&[(Limit::BurstBytes, 2)]);
    assert!(sink.count() > 0);
}

#[test]
fn a_receive_takes_what_fits_and_leaves_the_rest() {
    let other = peer("127.0.0.1:0");
    let large = "x".repeat(30_000);
    let story = limited(Limit::BurstBytes, 65_536).starts(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         b: create ipv4 -> ok
         b: bind 127.0.0.1:0 -> ok 127.0.0.1:*
         b: receive 10000 -> message \"go\" from *
         events -> *
         bursts on -> ok
         b: receive 10000 -> message \"go\" from *
         events -> *",
    );
    let at = story.address("bind 127.0.0.1:0");
    let b = story.address("b: bind 127.0.0.1:0");
    for _ in 0..2 {
        (0..3).for_each(|_| other.sends(&large, at));
        other.sends("go", b);
        story.has_done("receive 10000");
    }
    let told = story.ends();
    let events = told.0.stdout.lines().filter(|line| line.starts_with("events -> "));
    let counts: Vec<usize> = events.map(|line| line.matches("message").count()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 6, "{counts:?}");
    told.exceeds_only(Limit::BurstBytes);
}
