use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[track_caller]
fn contains(list: &BlockList, inside: &[&str], outside: &[&str]) {
    for address in inside {
        assert!(list.contains(ip(address)), "{address} is not blocked");
    }
    for address in outside {
        assert!(!list.contains(ip(address)), "{address} is blocked");
    }
}

#[test]
fn addresses_ranges_and_subnets_are_blocked_with_their_edges() {
    let mut list = BlockList::new();
    contains(&list, &[], &["0.0.0.0", "::", "255.255.255.255"]);
    assert!(list.is_empty());
    list.add_address(ip("192.0.2.1"));
    list.add_range(ip("198.51.100.10"), ip("198.51.100.20")).unwrap();
    list.add_subnet(ip("203.0.113.77"), 28).unwrap();
    list.add_subnet(ip("2001:db8:1::5"), 48).unwrap();
    contains(
        &list,
        &[
            "192.0.2.1",
            "198.51.100.10",
            "198.51.100.20",
            "203.0.113.64",
            "203.0.113.79",
            "2001:db8:1::",
            "2001:db8:1:ffff:ffff:ffff:ffff:ffff",
        ],
        &[
            "192.0.2.0",
            "192.0.2.2",
            "198.51.100.9",
            "198.51.100.21",
            "203.0.113.63",
            "203.0.113.80",
            "2001:db8:0:ffff::",
            "2001:db8:2::",
        ],
    );
}

#[test]
fn a_mapped_address_is_the_ipv4_address() {
    let mut list = BlockList::new();
    list.add_subnet(ip("10.0.0.0"), 8).unwrap();
    list.add_address(ip("::ffff:192.0.2.1"));
    contains(&list, &["::ffff:10.1.2.3", "192.0.2.1"], &["::10.1.2.3", "11.0.0.0"]);
}

#[test]
fn a_prefix_of_nothing_is_the_whole_family() {
    let mut list = BlockList::new();
    list.add_subnet(ip("1.2.3.4"), 0).unwrap();
    contains(&list, &["0.0.0.0", "255.255.255.255"], &["::", "::1"]);
    list.add_subnet(ip("::"), 0).unwrap();
    contains(&list, &["::1", "ffff::"], &[]);
    let mut one = BlockList::new();
    one.add_subnet(ip("::1"), 128)
        .unwrap()
        .add_subnet(ip("1.2.3.4"), 32)
        .unwrap();
    contains(&one, &["::1", "1.2.3.4"], &["::", "::2", "1.2.3.5"]);
}

#[test]
fn what_overlaps_becomes_one() {
    let mut list = BlockList::new();
    for (from, to) in [(10, 20), (40, 50), (70, 80), (15, 45), (72, 75), (1, 2)] {
        let at = |n: u8| IpAddr::from([10, 0, 0, n]);
        list.add_range(at(from), at(to)).unwrap();
    }
    assert_eq!(list.ranges.len(), 3);
    contains(
        &list,
        &[
            "10.0.0.1",
            "10.0.0.2",
            "10.0.0.10",
            "10.0.0.30",
            "10.0.0.50",
            "10.0.0.70",
        ],
        &[
            "10.0.0.0",
            "10.0.0.3",
            "10.0.0.9",
            "10.0.0.51",
            "10.0.0.69",
            "10.0.0.81",
        ],
    );
}

#[test]
fn what_is_no_range_or_no_prefix_says_so() {
    let mut list = BlockList::new();
    let text = |result: io::Result<&mut BlockList>| result.unwrap_err().to_string();
    assert_eq!(
        text(list.add_range(ip("10.0.0.2"), ip("10.0.0.1"))),
        "not a range of addresses: 10.0.0.2 to 10.0.0.1"
    );
    assert_eq!(
        text(list.add_range(ip("10.0.0.1"), ip("::ffff:10.0.0.2"))),
        "not a range of addresses: 10.0.0.1 to ::ffff:10.0.0.2"
    );
    assert_eq!(
        text(list.add_subnet(ip("10.0.0.0"), 33)),
        "a prefix of 10.0.0.0 has 0 to 32 bits, not 33"
    );
    assert_eq!(
        text(list.add_subnet(ip("::"), 129)),
        "a prefix of :: has 0 to 128 bits, not 129"
    );
    assert!(list.is_empty());
}
