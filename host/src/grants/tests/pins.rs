//! Pins: how long, and how many.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn name(number: usize) -> Name {
    format!("n{number}.example.com").parse().unwrap()
}

fn ip(number: usize) -> IpAddr {
    Ipv4Addr::from_bits(0x0808_0000 + number as u32).into()
}

/// Whether an address has a pin that holds.
fn holds(pins: &mut Pins, ip: IpAddr, at: Instant) -> bool {
    pins.of(ip, at).iter().any(|pin| !pin.expired())
}

#[test]
fn a_pin_lasts_as_long_as_the_answer_but_a_minute_at_least_and_an_hour_at_most() {
    let start = Instant::now();
    for (ttl, lasts) in [(0, 60), (59, 60), (61, 61), (600, 600), (3600, 3600), (86_400, 3600)] {
        let mut pins = Pins::default();
        pins.pin(&name(1), ip(1), false, ttl * SECOND, start);
        assert!(holds(&mut pins, ip(1), start + lasts * SECOND), "{ttl}");
        assert!(!holds(&mut pins, ip(1), start + (lasts + 1) * SECOND), "{ttl}");
    }
}

#[test]
fn a_later_answer_prolongs_a_pin_and_does_not_shorten_it() {
    let (mut pins, start) = (Pins::default(), Instant::now());
    pins.pin(&name(1), ip(1), false, 600 * SECOND, start);
    pins.pin(&name(1), ip(1), true, Duration::ZERO, start + 100 * SECOND);
    assert!(holds(&mut pins, ip(1), start + 600 * SECOND));
    assert!(pins.of(ip(1), start).iter().all(Pin::own_address));
    pins.pin(&name(1), ip(1), false, 600 * SECOND, start + 700 * SECOND);
    assert!(holds(&mut pins, ip(1), start + 1300 * SECOND));
    assert_eq!(pins.of(ip(1), start).len(), 1);
}

#[test]
fn a_name_that_moves_keeps_its_old_addresses_for_their_time() {
    let (mut pins, start) = (Pins::default(), Instant::now());
    pins.pin(&name(1), ip(1), false, 100 * SECOND, start);
    pins.pin(&name(1), ip(2), false, 100 * SECOND, start + 50 * SECOND);
    let later = start + 120 * SECOND;
    assert!(!holds(&mut pins, ip(1), later) && holds(&mut pins, ip(2), later));
}

#[test]
fn the_seventeenth_address_of_a_name_takes_the_place_of_what_expires_first() {
    let (mut pins, start) = (Pins::default(), Instant::now());
    for number in 0..16 {
        let ttl = if number == 7 { 100 } else { 200 };
        pins.pin(&name(1), ip(number), false, ttl * SECOND, start);
    }
    pins.pin(&name(1), ip(16), false, 60 * SECOND, start);
    let held: Vec<usize> = (0..20).filter(|&number| holds(&mut pins, ip(number), start)).collect();
    assert_eq!(held, (0..17).filter(|&number| number != 7).collect::<Vec<_>>());
}

#[test]
fn ever_new_names_take_the_place_of_what_expires_first() {
    let (mut pins, start) = (Pins::default(), Instant::now());
    for number in 0..10_000 {
        let at = start + number as u32 * SECOND / 100;
        pins.pin(&name(number), ip(number % 700), false, 600 * SECOND, at);
    }
    let end = start + 100 * SECOND;
    let pinned: usize = (0..700).map(|number| pins.of(ip(number), end).len()).sum();
    assert_eq!(pinned, Pins::MAX_NAMES);
    for number in 10_000 - Pins::MAX_NAMES..10_000 {
        let names = pins.of(ip(number % 700), end);
        assert!(names.iter().any(|pin| *pin.name() == name(number)), "{number}");
    }
}

#[test]
fn an_address_may_have_many_names() {
    let (mut pins, now) = (Pins::default(), Instant::now());
    for number in 0..3 {
        pins.pin(&name(number), ip(1), false, 600 * SECOND, now);
    }
    assert_eq!(pins.of(ip(1), now).len(), 3);
    assert!(pins.of(ip(2), now).is_empty());
}

#[test]
fn a_name_that_may_not_be_looked_up_any_more_is_withdrawn_and_stays_known() {
    let (mut pins, now) = (Pins::default(), Instant::now());
    let (one, two): (Name, Name) = ("one.test".parse().unwrap(), "two.test".parse().unwrap());
    let ip = "8.8.8.8".parse().unwrap();
    for name in [&one, &two] {
        pins.pin(name, ip, false, Duration::ZERO, now);
    }
    let withdrawn = |pins: &mut Pins| -> Vec<bool> { pins.of(ip, now).iter().map(Pin::withdrawn).collect() };
    assert_eq!(withdrawn(&mut pins), [false, false]);
    pins.judge_again(|name| *name == one);
    assert_eq!(withdrawn(&mut pins), [false, true]);
    pins.judge_again(|_| false);
    assert_eq!(withdrawn(&mut pins), [true, true]);
    // Granted again, or looked up again.
    pins.judge_again(|name| *name == one);
    pins.pin(&two, ip, false, Duration::ZERO, now);
    assert_eq!(withdrawn(&mut pins), [false, false]);
}
