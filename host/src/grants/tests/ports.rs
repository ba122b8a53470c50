//! Sets of ports.

use super::*;

fn set(ranges: &[std::ops::RangeInclusive<u16>]) -> PortSet {
    PortSet::from_ranges(ranges.iter().cloned())
}

#[test]
fn neighbours_join_and_overlaps_merge() {
    let ports = set(&[90..=100, 80..=80, 81..=85, 95..=120, 443..=443]);
    assert_eq!(ports.to_string(), "80-85,90-120,443");
    assert_eq!(ports.len(), 6 + 31 + 1);
    assert_eq!(ports.iter().count(), ports.len());
}

#[test]
fn the_ends_of_the_range_are_in_it() {
    let ports = set(&[1..=5, 65535..=65535]);
    for (port, inside) in [
        (0, false),
        (1, true),
        (5, true),
        (6, false),
        (65534, false),
        (65535, true),
    ] {
        assert_eq!(ports.contains(port), inside, "{port}");
    }
}

#[test]
fn port_0_prints_apart_from_ranges() {
    assert_eq!(set(&[0..=0, 1..=5]).to_string(), "0,1-5");
    assert_eq!(set(&[0..=65535]).to_string(), "0,1-65535");
    assert_eq!(set(&[1..=65535]).to_string(), "*");
    assert_eq!(set(&[0..=0]).to_string(), "0");
}

#[test]
#[allow(clippy::reversed_empty_ranges, reason = "a reversed range is what is tested")]
fn a_reversed_range_is_empty() {
    assert!(set(&[5..=1]).is_empty());
    assert_eq!(PortSet::new().len(), 0);
}

#[test]
fn set_operations_agree_with_membership() {
    let mut random = Random(7);
    for _ in 0..300 {
        let mut some = || {
            let ends = (0..random.next(5)).map(|_| {
                let first = random.one_of(&[0, 1, 7, 20, 65500, 65530]) + random.next(6) as u16;
                first..=first.saturating_add(random.next(12) as u16)
            });
            PortSet::from_ranges(ends.collect::<Vec<_>>())
        };
        let (one, other) = (some(), some());
        let (without, both) = (one.without(&other), one.intersection(&other));
        let mut union = one.clone();
        union.extend(&other);
        for port in (0..60).chain(65490..=65535) {
            let (a, b) = (one.contains(port), other.contains(port));
            assert_eq!(without.contains(port), a && !b);
            assert_eq!(both.contains(port), a && b);
            assert_eq!(union.contains(port), a || b);
        }
        assert_eq!(without, PortSet::from_ranges(without.ranges()), "normal form");
    }
}
