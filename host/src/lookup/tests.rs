//! What needs no name server: files, and the order of addresses.

use super::*;

use crate::grants::{Grants, Right};
use crate::limits::Limits;
use crate::socket::Quota;
use std::net::UdpSocket;

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

const HOSTS: &[u8] = b"\
127.0.0.1\tlocalhost
# 192.0.2.9 commented.test
192.0.2.1  one.test   Alias.One.TEST # old.test
2001:db8::1 one.test
192.0.2.1 one.test
192.0.2.2 two.test.
not-an-address three.test
fe80::1%eth0 zoned.test
\xff\xfe bytes.test
192.0.2.3 \xff four.test
   192.0.2.4   five.test
192.0.2.5";

#[test]
fn the_hosts_file_is_read_by_exact_name_whatever_its_case() {
    for (asked, found) in [
        ("localhost", vec!["127.0.0.1"]),
        ("one.test", vec!["192.0.2.1", "2001:db8::1"]),
        ("alias.one.test", vec!["192.0.2.1"]),
        ("five.test", vec!["192.0.2.4"]),
        ("test", vec![]),
        ("one", vec![]),
        ("old.test", vec![]),
        ("commented.test", vec![]),
        ("two.test", vec![]),
        ("three.test", vec![]),
        ("zoned.test", vec![]),
        ("bytes.test", vec![]),
        ("four.test", vec![]),
    ] {
        let found: Vec<IpAddr> = found.into_iter().map(ip).collect();
        assert_eq!(hosts::addresses(HOSTS, &name(asked)).unwrap(), found, "{asked}");
    }
}

#[test]
fn of_the_systems_configuration_name_servers_and_options_are_read_and_search_domains_are_not() {
    let file = b"search corp.test other.test\ndomain corp.test\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n\
        options ndots:5 timeout:1 attempts:1\n";
    let (config, options) = system::config(file);
    let servers: Vec<IpAddr> = config.name_servers().iter().map(|server| server.ip).collect();
    assert_eq!(servers, [ip("192.0.2.53"), ip("2001:db8::53")]);
    assert!(config.search().is_empty() && config.domain().is_none());
    assert_eq!((options.timeout, options.attempts), (Duration::from_secs(1), 1));
}

#[test]
fn a_search_domain_that_is_none_does_not_hide_the_name_servers() {
    let (config, _) = system::config(b"search b\xc3\xbc..cher ..\nnameserver 192.0.2.53\n");
    assert_eq!(config.name_servers()[0].ip, ip("192.0.2.53"));
}

#[test]
fn without_a_name_server_in_the_configuration_the_local_machine_is_asked() {
    for file in [&b""[..], b"search corp.test\n", b"nameserver nonsense\n"] {
        let (config, _) = system::config(file);
        let servers: Vec<IpAddr> = config.name_servers().iter().map(|server| server.ip).collect();
        assert_eq!(servers, [ip("127.0.0.1")]);
    }
}

/// The examples of RFC 6724 section 10.2, as far as its rules are followed: destinations with their sources, first the one
/// to try first.
#[test]
fn addresses_are_tried_in_the_order_of_rfc_6724() {
    for (destination, source, other, other_source) in [
        (
            "2001:db8:1::1",
            Some("2001:db8:1::2"),
            "198.51.100.121",
            Some("169.254.13.78"),
        ),
        (
            "198.51.100.121",
            Some("198.51.100.117"),
            "2001:db8:1::1",
            Some("fe80::1"),
        ),
        ("2001:db8:1::1", Some("2001:db8:1::2"), "10.1.2.3", Some("10.1.2.4")),
        ("fe80::1", Some("fe80::2"), "2001:db8:1::1", Some("2001:db8:1::2")),
        (
            "2002:c633:6401::1",
            Some("2002:c633:6401::2"),
            "2001:db8:1::1",
            Some("2002:c633:6401::2"),
        ),
        (
            "2001:db8:1::1",
            Some("2001:db8:1::2"),
            "2002:c633:6401::1",
            Some("2002:c633:6401::2"),
        ),
        ("198.51.100.121", Some("198.51.100.117"), "2001:db8:1::1", None),
        ("198.51.100.121", Some("198.51.100.117"), "fc00::1", Some("fc00::2")),
    ] {
        let key = |destination: &str, source: Option<&str>| order::key(ip(destination), source.map(ip));
        assert!(
            key(destination, source) < key(other, other_source),
            "{destination} before {other}"
        );
    }
}

#[test]
fn no_more_addresses_are_tried_than_can_be_pinned_and_each_family_has_its_share() {
    let some = |count: usize, base: &str| -> Vec<(IpAddr, Duration)> {
        let ip = |number: usize| ip(&format!("{base}{number}"));
        (1..=count).map(|number| (ip(number), Duration::ZERO)).collect()
    };
    for (v4, v6, kept_v4, kept_v6) in [
        (2, 1, 2, 1),
        (100, 100, 8, 8),
        (100, 3, 13, 3),
        (3, 100, 3, 13),
        (100, 0, 16, 0),
        (0, 100, 0, 16),
    ] {
        let kept = order::to_try(some(v4, "192.0.2."), some(v6, "2001:db8::"));
        let of_v4 = kept.iter().filter(|(ip, _)| ip.is_ipv4()).count();
        assert_eq!((of_v4, kept.len() - of_v4), (kept_v4, kept_v6), "{v4} and {v6}");
    }
}

/// Lookups of which two may be under way, by a name server that never answers.
async fn unanswered(test: impl AsyncFnOnce(&dyn Fn() -> Result<Arc<Lookup>, ErrorCode>)) {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let lookups = Lookups::new(vec![silent.local_addr().unwrap()]);
    let mut limits = Limits::new();
    limits.set(Limit::Lookups, 2).unwrap();
    let mut grants = Grants::new();
    grants.allow(Right::Resolve, "*").unwrap();
    let mut authority = Authority::new(grants, None);
    authority.quota = Quota::new(limits);
    let authority = Arc::new(authority);
    test(&|| lookups.start(1, "one.test", None, &authority)).await;
}

/// Gives the runtime turns until something is so.
async fn until(is_so: impl Fn() -> bool) {
    let patience = tokio::time::timeout(Duration::from_secs(20), async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    patience.await.expect("it never was so");
}

#[tokio::test]
async fn a_dropped_lookup_counts_until_its_work_has_ended() {
    unanswered(async |start| {
        let (one, two) = (start().unwrap(), start().unwrap());
        assert_eq!(start().err(), Some(ErrorCode::QuotaExceeded));
        drop((one, two));
        assert_eq!(
            start().err(),
            Some(ErrorCode::QuotaExceeded),
            "the runtime has had no turn yet"
        );
        until(|| start().is_ok()).await;
    })
    .await;
}

#[tokio::test]
async fn who_waits_for_a_lookup_that_is_cancelled_is_woken() {
    unanswered(async |start| {
        let lookup = start().unwrap();
        let waiting = tokio::spawn({
            let lookup = lookup.clone();
            async move { lookup.answered().await }
        });
        tokio::task::yield_now().await;
        assert_eq!(lookup.answer(), Err(ErrorCode::WouldBlock));
        lookup.cancel();
        let woken = tokio::time::timeout(Duration::from_secs(20), waiting).await;
        woken.expect("it sleeps on").unwrap();
    })
    .await;
}

/// The answer is the new grants', whichever of the two threads is first: the one that ends the work or the one that does it.
#[tokio::test]
async fn a_lookup_that_is_withdrawn_is_denied_and_wakes_who_waits() {
    unanswered(async |start| {
        for _ in 0..50 {
            // The place of an earlier one is free when its work has ended.
            let mut started = start();
            while started.is_err() {
                tokio::time::sleep(Duration::from_millis(1)).await;
                started = start();
            }
            let lookup = started.unwrap();
            let authority = lookup.authority.clone();
            let replacing = std::thread::spawn(move || authority.replace(Grants::new()));
            tokio::time::timeout(Duration::from_secs(20), lookup.answered())
                .await
                .expect("it sleeps on");
            assert_eq!(lookup.answer(), Err(ErrorCode::AccessDenied));
            replacing.join().unwrap();
            let mut grants = Grants::new();
            grants.allow(Right::Resolve, "*").unwrap();
            lookup.authority.replace(grants);
        }
    })
    .await;
}

#[tokio::test]
async fn an_answered_lookup_keeps_its_place_until_it_is_dropped() {
    unanswered(async |start| {
        let lookup = start().unwrap();
        lookup.cancel();
        until(|| lookup.is_answered()).await;
        let other = start().unwrap();
        assert_eq!(
            start().err(),
            Some(ErrorCode::QuotaExceeded),
            "an answer is memory of the host's"
        );
        drop((lookup, other));
        until(|| start().is_ok()).await;
    })
    .await;
}
