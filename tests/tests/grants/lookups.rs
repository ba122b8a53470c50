//! Looking names up, by a name server of the test's own: what it answers, and what becomes of it (rule 7).

use crate::guest::{Guest, guest};
use datagrant_tests::dns::NameServer;

/// A guest that may look everything up there.
fn asking(server: &NameServer) -> Guest {
    guest().allow_resolve("*").asks(server)
}

#[test]
fn addresses_of_both_families_are_found() {
    let server = NameServer::new(
        "one.test  A     300  127.0.0.2 127.0.0.3
         one.test  AAAA  300  ::1
         four.test A     300  127.0.0.4",
    );
    asking(&server)
        .tells(
            "lookup one.test ipv4 -> ok 127.0.0.2, 127.0.0.3
             lookup one.test ipv6 -> ok ::1
             lookup one.test -> ok ::1, 127.0.0.2, 127.0.0.3
             lookup four.test -> ok 127.0.0.4
             lookup four.test ipv6 -> name-unresolvable
             lookup FOUR.Test -> ok 127.0.0.4",
        )
        .refuses("");
}

#[test]
fn a_name_is_asked_for_as_it_is_and_once_while_its_answer_holds() {
    let server = NameServer::new(
        "one.test  A  300  127.0.0.2
         zero.test A  0    127.0.0.3",
    );
    asking(&server)
        .tells(
            "repeat 3 lookup one.test ipv4 -> 3 x ok
             repeat 2 lookup nothing.test ipv4 -> 2 x name-unresolvable
             repeat 3 lookup zero.test ipv4 + sleep 5 -> 6 x ok",
        )
        .refuses("");
    let asked = server.asked();
    let times = |question: &str| asked.iter().filter(|asked| *asked == question).count();
    assert_eq!(times("one.test A"), 1, "{asked:?}");
    assert!(times("zero.test A") >= 1, "{asked:?}");
    let others = asked
        .iter()
        .filter(|asked| !["one.test A", "zero.test A", "nothing.test A"].contains(&asked.as_str()));
    assert_eq!(others.count(), 0, "{asked:?}");
}

#[test]
fn a_name_of_one_label_is_asked_for_without_a_search_domain() {
    let server = NameServer::new("one A 300 127.0.0.2");
    asking(&server).tells("lookup one ipv4 -> ok 127.0.0.2").refuses("");
    assert_eq!(server.asked(), ["one A"]);
}

#[test]
fn failures_of_name_servers_are_told_apart() {
    let server = NameServer::new(
        "empty.test    *  nodata
         fail.test     *  servfail
         refused.test  *  refused
         odd.test      *  formerr
         half.test     A     servfail
         half.test     AAAA  nodata
         other.test    A     servfail
         other.test    AAAA  300  ::1",
    );
    asking(&server)
        .tells(
            "lookup nothing.test -> name-unresolvable
             lookup empty.test -> name-unresolvable
             lookup fail.test -> temporary-resolver-failure
             lookup refused.test -> permanent-resolver-failure
             lookup odd.test -> permanent-resolver-failure
             lookup half.test -> temporary-resolver-failure
             lookup half.test ipv6 -> name-unresolvable
             lookup other.test -> ok ::1",
        )
        .refuses("");
}

#[test]
fn an_answer_of_the_wrong_family_is_none() {
    let server = NameServer::new(
        "four.test    A     300  ::1
         six.test     AAAA  300  127.0.0.1
         mapped.test  AAAA  300  ::ffff:127.0.0.1
         both.test    A     300  ::1 127.0.0.2",
    );
    asking(&server)
        .tells(
            "lookup four.test -> name-unresolvable
             lookup six.test -> name-unresolvable
             lookup mapped.test -> name-unresolvable
             lookup both.test -> ok 127.0.0.2",
        )
        .refuses("");
}

#[test]
fn an_alias_is_followed_to_its_end_and_without_end_it_is_a_failure() {
    let server = NameServer::new(
        "www.test    *     300  alias.test
         alias.test  *     300  one.test
         one.test    A     300  127.0.0.2
         lost.test   *     300  nothing.test
         ring.test   *     300  gnir.test
         gnir.test   *     300  far.test
         far.test    *     endless",
    );
    asking(&server)
        .tells(
            "lookup www.test -> ok 127.0.0.2
             lookup lost.test -> name-unresolvable
             lookup far.test -> name-unresolvable
             lookup ring.test -> name-unresolvable",
        )
        .refuses("");
    assert!(server.asked().len() < 100, "{:?}", server.asked());
}

#[test]
fn an_answer_too_long_for_a_datagram_comes_whole_by_tcp_and_as_much_of_it_as_can_be_pinned() {
    let hosts: Vec<String> = (1..=200).map(|host| format!("127.0.1.{host}")).collect();
    let server = NameServer::new(&format!("many.test A 300 {}", hosts.join(" ")));
    let sixteen = hosts[..16].join(", ");
    asking(&server)
        .tells(format!("lookup many.test ipv4 -> ok {sixteen}"))
        .refuses("");
}

#[test]
fn what_is_no_answer_is_a_temporary_failure() {
    let server = NameServer::new("garbage.test * garbage");
    asking(&server)
        .tells("lookup garbage.test ipv4 -> temporary-resolver-failure")
        .refuses("");
}

#[test]
fn a_lookup_does_not_hold_the_guest_up() {
    let server = NameServer::new(
        "silent.test  *  silence
         one.test     A  300  127.0.0.2",
    );
    asking(&server)
        .allow_bind("127.0.0.1:0")
        .allow_send("@loopback:*")
        .tells(
            "lookup-start silent.test ipv4 -> ok
             lookup-answer -> would-block
             lookup-wait 0 -> nothing
             lookup-wait 50 -> nothing
             create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             send 127.0.0.1:@a hello -> ok
             receive -> message \"hello\" from 127.0.0.1:*
             lookup one.test ipv4 -> ok 127.0.0.2
             b: lookup-start one.test ipv4 -> ok
             b: lookup-wait -> ready
             b: lookup-answer -> ok 127.0.0.2
             b: lookup-answer -> ok 127.0.0.2
             close -> ok
             lookup-answer -> would-block",
        )
        .refuses("");
}

#[test]
fn a_socket_that_closes_during_a_lookup_leaves_it_alone() {
    let server = NameServer::new("one.test A 300 127.0.0.2");
    asking(&server)
        .allow_bind("127.0.0.1:0")
        .tells(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             lookup-start one.test ipv4 -> ok
             drop -> ok
             lookup-wait -> ready
             lookup-answer -> ok 127.0.0.2",
        )
        .refuses("");
}

#[test]
fn there_are_at_most_thirty_two_lookups_and_dropped_ones_count_until_they_have_ended() {
    let server = NameServer::new("silent.test * silence");
    asking(&server)
        .tells(
            "lookup-many 40 silent.test -> 32 x ok, 8 x quota-exceeded
             lookup silent.test -> quota-exceeded
             lookup-drop-many -> ok
             sleep 100 -> ok
             lookup-many 32 silent.test -> 32 x ok
             lookup-drop-many -> ok
             sleep 100 -> ok
             repeat 300 lookup-start silent.test + lookup-drop + sleep 1 -> 900 x ok",
        )
        .refuses("");
}

#[test]
fn a_guest_that_drops_and_starts_without_a_pause_has_no_more_work_under_way_than_is_allowed() {
    let server = NameServer::new("silent.test * silence");
    let told = asking(&server)
        .starts("repeat 200 lookup-start silent.test + lookup-drop -> *")
        .ends();
    told.refuses("");
    assert!(server.asked().len() <= 2 * 200, "{}", server.asked().len());
}

#[test]
fn names_that_are_none_are_not_asked_for() {
    let server = NameServer::new("");
    asking(&server)
        .tells(
            "lookup 127.1 -> invalid-argument
             lookup 0x7f000001 -> invalid-argument
             lookup 2130706433 -> invalid-argument
             lookup 0 -> invalid-argument
             lookup 127.0.0.1 -> invalid-argument
             lookup 127.0.0.1. -> invalid-argument
             lookup 0177.0.0.1 -> invalid-argument
             lookup 127.0.0.0x1 -> invalid-argument
             lookup ::1 -> invalid-argument
             lookup [::1] -> invalid-argument
             lookup ::ffff:127.0.0.1 -> invalid-argument
             lookup one.test. -> invalid-argument
             lookup one.test%1 -> invalid-argument
             lookup one..test -> invalid-argument
             lookup fe80::1%1 -> invalid-argument
             lookup *.test -> invalid-argument",
        )
        .refuses("");
    assert_eq!(server.asked(), [""; 0]);
}
