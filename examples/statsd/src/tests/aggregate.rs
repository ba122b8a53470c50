use super::*;
use datagrant_mutations::mutations;

const SECOND: Duration = Duration::from_secs(1);

fn flushed(aggregate: &mut Aggregate, interval: Duration) -> Vec<String> {
    let text = aggregate.flush(interval, 1700);
    let lines = text.lines();
    lines
        .map(|line| line.strip_suffix(" 1700").expect("the time").to_owned())
        .collect()
}

/// What a flush tells of these datagrams, without what it tells of itself.
fn tells(datagrams: &[&str]) -> Vec<String> {
    let mut aggregate = Aggregate::default();
    datagrams.iter().for_each(|datagram| aggregate.add(datagram.as_bytes()));
    let mut lines = flushed(&mut aggregate, 2 * SECOND);
    lines.truncate(lines.len() - 3);
    lines
}

#[test]
fn counts_are_added_up_and_told_by_the_second_too() {
    let lines = tells(&["hits:1|c\nhits:2|c\n", "hits:1|c|@0.1"]);
    assert_eq!(lines, ["counters.hits.count 13", "counters.hits.rate 6.5"]);
}

#[test]
fn a_gauge_is_what_was_said_last_and_what_was_added_since() {
    assert_eq!(
        tells(&["a:5|g\na:7|g", "a:-10|g", "a:+1|g", "b:+2|g"]),
        ["gauges.a -2", "gauges.b 2"]
    );
}

#[test]
fn a_set_counts_each_member_once() {
    assert_eq!(tells(&["who:me|s\nwho:you|s", "who:me|s"]), ["sets.who.count 2"]);
}

#[test]
fn times_are_told_with_percentiles() {
    let mut lines: Vec<String> = (1..=200).rev().map(|time| format!("t:{time}|ms")).collect();
    lines[0] += "|@0.5";
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let expected = [
        "timers.t.count 201",
        "timers.t.lower 1",
        "timers.t.upper 200",
        "timers.t.mean 100.5",
        "timers.t.p50 100",
        "timers.t.p90 180",
        "timers.t.p99 198",
    ];
    assert_eq!(tells(&lines), expected);
    assert_eq!(
        tells(&["t:7|ms"])[4..],
        ["timers.t.p50 7", "timers.t.p90 7", "timers.t.p99 7"]
    );
}

#[test]
fn only_gauges_outlive_a_flush() {
    let mut aggregate = Aggregate::default();
    aggregate.add(b"a:1|c\nb:1|g\nc:1|s\nd:1|ms\nwrong");
    assert!(flushed(&mut aggregate, SECOND).contains(&"statsd.malformed 1".to_owned()));
    let expected = [
        "gauges.b 1",
        "statsd.metrics 0",
        "statsd.malformed 0",
        "statsd.dropped 0",
    ];
    assert_eq!(flushed(&mut aggregate, SECOND), expected);
}

#[test]
fn who_invents_names_and_members_is_held() {
    let mut aggregate = Aggregate::default();
    for n in 0..=MOST_NAMES {
        aggregate.add(format!("n{n}:1|g").as_bytes());
    }
    // A name that is there goes on.
    aggregate.add(b"n0:5|g");
    let lines = flushed(&mut aggregate, SECOND);
    assert_eq!(lines.len(), MOST_NAMES + 3);
    assert_eq!(lines.last().expect("lines"), "statsd.dropped 1");
    assert!(lines.contains(&"gauges.n0 5".to_owned()));

    let mut aggregate = Aggregate::default();
    for n in 0..MOST_VALUES + 5 {
        aggregate.add(format!("who:{n}|s").as_bytes());
    }
    let lines = flushed(&mut aggregate, SECOND);
    assert_eq!((&*lines[0], &*lines[3]), ("sets.who.count 200000", "statsd.dropped 5"));
}

#[test]
fn every_line_that_comes_is_counted_once() {
    let mut aggregate = Aggregate::default();
    let mut lines = 0;
    for datagram in mutations(&[b"hits:1|c\nload:320|ms|@0.1\nlevel:-3|g\nwho:me|s"], 20_000) {
        aggregate.add(&datagram);
        lines += datagram
            .split(|&byte| byte == b'\n')
            .filter(|line| !line.is_empty())
            .count();
    }
    let told = flushed(&mut aggregate, SECOND);
    let numbers = told[told.len() - 3..]
        .iter()
        .map(|line| line.split(' ').nth(1).expect("a number"));
    let sum: usize = numbers.map(|number| number.parse::<usize>().expect("a number")).sum();
    assert_eq!(sum, lines);
}
