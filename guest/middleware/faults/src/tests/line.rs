use super::*;
use crate::options::Options;
use datagrant_middleware::options::Options as _;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Number(u32, usize);

impl Datagram for Number {
    fn bytes(&self) -> usize {
        self.1
    }
}

fn line(options: &[(&str, &str)]) -> Line<Number> {
    let options = options
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let options = Options::read(&options.collect::<Vec<_>>()).unwrap();
    Line::new(Fates::new(options.send, 7, 0))
}

fn due(line: &mut Line<Number>, now: Instant) -> Vec<u32> {
    let mut numbers = vec![];
    while line.peek(now).is_some() {
        numbers.extend(line.pop().map(|number| number.0));
    }
    numbers
}

#[test]
fn without_faults_all_go_at_once_in_order() {
    let (mut line, now) = (line(&[]), Instant::now());
    for number in 0..10 {
        let fate = line.fates.next();
        assert!(line.goes_at_once(&fate));
        line.enter(Number(number, 1), false, now);
    }
    assert_eq!(due(&mut line, now), (0..10).collect::<Vec<_>>());
    assert_eq!(line.due(), None);
}

#[test]
fn one_that_has_gone_leaves_its_second_copy() {
    let (mut line, now) = (line(&[("duplicate", "100%")]), Instant::now());
    line.enter(Number(1, 1), true, now);
    line.enter(Number(2, 1), false, now);
    assert_eq!(due(&mut line, now), [1, 2, 2]);
}

#[test]
fn each_lets_the_next_one_go_first_and_the_last_one_goes_alone() {
    let (mut line, now) = (line(&[("reorder", "100%")]), Instant::now());
    for number in 0..5 {
        line.enter(Number(number, 1), false, now);
    }
    assert_eq!(due(&mut line, now), [1, 0, 3, 2]);
    assert_eq!(line.due(), Some(now + PATIENCE));
    assert_eq!(due(&mut line, now + PATIENCE), [4]);
}

#[test]
fn nothing_is_due_before_its_time() {
    let (mut line, now) = (line(&[("delay", "5ms")]), Instant::now());
    line.enter(Number(1, 1), false, now);
    let later = now + Duration::from_millis(5);
    assert_eq!(line.due(), Some(later));
    assert_eq!(due(&mut line, later - Duration::from_nanos(1)), []);
    assert_eq!(due(&mut line, later), [1]);
}

#[test]
fn datagrams_and_bytes_are_bounded_and_what_is_dropped_is_counted() {
    let (mut line, now) = (line(&[("delay", "5ms")]), Instant::now());
    for number in 0..MOST_DATAGRAMS as u32 + 3 {
        line.enter(Number(number, 1), false, now);
    }
    assert_eq!(line.dropped(), 3);
    line.retain(|_| false);
    for number in 0..3 {
        line.enter(Number(number, MOST_BYTES / 2), false, now);
    }
    assert_eq!(line.dropped(), 4);
    assert_eq!(due(&mut line, now + Duration::from_millis(5)), [0, 1]);
    assert_eq!(line.bytes, 0);
}

#[test]
fn what_would_be_late_can_be_had_early() {
    let (mut line, now) = (line(&[("delay", "5ms"), ("reorder", "100%")]), Instant::now());
    for number in 0..3 {
        line.enter(Number(number, 1), false, now);
    }
    let early: Vec<u32> = std::iter::from_fn(|| line.pop()).map(|number| number.0).collect();
    assert_eq!(early, [1, 0, 2]);
}
