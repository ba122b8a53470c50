//! `name-lookup`: localhost, a name of this run, and what is no name.

use datagrant_conformance::bindings::name_lookup::Lookup;
use datagrant_conformance::bindings::types::{ErrorCode, Interest, IpAddress, IpAddressFamily};
use datagrant_conformance::bindings::wait::wait;
use datagrant_conformance::*;
use generated::datagrant::dgram::poll::subscribe_lookup;
use generated::wasi::io::poll::{Pollable, poll};

mod generated {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "poll-imports",
        with: {
            "datagrant:dgram/types@0.1.0": datagrant_conformance::bindings::types,
            "datagrant:dgram/sockets@0.1.0": datagrant_conformance::bindings::sockets,
            "datagrant:dgram/name-lookup@0.1.0": datagrant_conformance::bindings::name_lookup,
            "datagrant:dgram/bursts@0.1.0": datagrant_conformance::bindings::bursts,
            "datagrant:dgram/zones@0.1.0": datagrant_conformance::bindings::zones,
            "datagrant:dgram/granted@0.1.0": datagrant_conformance::bindings::granted,
            "datagrant:dgram/wait@0.1.0": datagrant_conformance::bindings::wait,
        },
        generate_all,
    });
}

checks!(
    localhost_is_loopback,
    a_family_that_is_asked_for_is_answered,
    an_answer_stays,
    pollables_wait_for_an_answer,
    one_wait_is_for_sockets_and_lookups,
    a_lookup_sends_nothing,
    ids_of_lookups_and_sockets_are_of_one_number_space,
    a_dropped_lookup_is_not_waited_for,
    what_is_no_name_is_refused,
    a_name_that_was_not_granted_is_refused,
    case_does_not_matter,
    a_name_is_told_as_those_who_know_it_tell_it,
    many_lookups_are_dropped_before_they_are_answered,
);

fn start(family: Option<IpAddressFamily>) -> Lookup {
    Lookup::start("localhost", family).expect("start")
}

fn receive_of(ids: &[u32]) -> Interest {
    Interest {
        receive: ids.to_vec(),
        send: vec![],
    }
}

/// The answer, waited for.
fn answer(lookup: &Lookup) -> Vec<IpAddress> {
    let ready = wait(&receive_of(&[lookup.id()]), Some(PATIENCE_NS)).expect("wait");
    assert_eq!(ready.receive, [lookup.id()]);
    lookup.answer().expect("an answer")
}

const LOOPBACK_V6: IpAddress = IpAddress::Ipv6((0, 0, 0, 0, 0, 0, 0, 1));

fn is_loopback(address: &IpAddress) -> bool {
    match address {
        IpAddress::Ipv4((first, ..)) => *first == 127,
        v6 => *v6 == LOOPBACK_V6,
    }
}

fn localhost_is_loopback() {
    let addresses = answer(&start(None));
    assert!(
        !addresses.is_empty() && addresses.iter().all(is_loopback),
        "{addresses:?}"
    );
}

fn a_family_that_is_asked_for_is_answered() {
    let v4 = answer(&start(Some(IpAddressFamily::Ipv4)));
    assert!(
        v4.iter().all(|a| matches!(a, IpAddress::Ipv4(_)) && is_loopback(a)),
        "{v4:?}"
    );
    assert_eq!(answer(&start(Some(IpAddressFamily::Ipv6))), [LOOPBACK_V6]);
}

fn an_answer_stays() {
    let lookup = start(None);
    let first = answer(&lookup);
    assert_eq!(lookup.answer(), Ok(first.clone()));
    assert_eq!(answer(&lookup), first, "and stays ready");
}

fn pollables_wait_for_an_answer() {
    let lookup = start(None);
    let pollables = subscribe_lookup(&lookup);
    if !pollables.is_empty() {
        assert!(!poll(&pollables.iter().collect::<Vec<_>>()).is_empty());
        drop(pollables);
    }
    assert!(lookup.answer().is_ok());
    let pollables = subscribe_lookup(&lookup);
    assert!(pollables.is_empty() || pollables.iter().any(Pollable::ready));
}

fn one_wait_is_for_sockets_and_lookups() {
    let (a, at) = bound(IpFamily::Ipv4);
    let lookup = start(None);
    let both = receive_of(&[a.id(), lookup.id()]);
    let ready = wait(&both, Some(PATIENCE_NS)).expect("wait");
    assert_eq!(ready.receive, [lookup.id()], "nothing was sent yet");
    create(IpFamily::Ipv4).send(b"a", Some(at)).expect("send");
    assert!(wait_receive(&a, PATIENCE_NS));
    let mut ready = wait(&both, Some(0)).expect("wait").receive;
    ready.sort_unstable();
    assert_eq!(ready, [a.id(), lookup.id()], "neither hides the other");
}

fn a_lookup_sends_nothing() {
    let lookup = start(None);
    let on = Interest {
        receive: vec![],
        send: vec![lookup.id()],
    };
    assert_eq!(wait(&on, Some(0)), Err(ErrorCode::InvalidArgument));
    answer(&lookup);
    assert_eq!(wait(&on, None), Err(ErrorCode::InvalidArgument));
}

fn ids_of_lookups_and_sockets_are_of_one_number_space() {
    let (one, socket, other) = (start(None), create(IpFamily::Ipv4), start(None));
    let mut ids = vec![one.id(), socket.id(), other.id(), 0];
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4, "different, and none is 0");
    let last = ids[3];
    drop((one, socket, other));
    assert!(
        start(None).id() > last && create(IpFamily::Ipv4).id() > last,
        "none is used again"
    );
}

fn a_dropped_lookup_is_not_waited_for() {
    let lookup = start(None);
    let id = lookup.id();
    drop(lookup);
    assert_eq!(wait(&receive_of(&[id]), Some(0)), Err(ErrorCode::InvalidState));
}

fn what_is_no_name_is_refused() {
    let long_label = "a".repeat(64);
    let long_name = ["a"; 128].join(".");
    for text in [
        "",
        ".",
        "localhost.",
        ".localhost",
        "local..host",
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0",
        "::1",
        "[::1]",
        "fe80::1%1",
        "local_host",
        "-localhost",
        "local host",
        "localhost\0",
        "localhost\n",
        "b\u{fc}cher.test",
        "*.localhost",
        "localhost:53",
        &long_label,
        &long_name,
    ] {
        let started = Lookup::start(text, None).map(drop);
        assert_eq!(started, Err(ErrorCode::InvalidArgument), "{text:?}");
    }
}

fn a_name_that_was_not_granted_is_refused() {
    if differs(Difference::NoNameGrants) {
        return;
    }
    for name in ["example.com", "a.localhost", "local"] {
        let started = Lookup::start(name, None).map(drop);
        assert_eq!(started, Err(ErrorCode::AccessDenied), "{name}");
    }
}

fn case_does_not_matter() {
    let found = answer(&Lookup::start("LocalHost", None).expect("start"));
    assert!(found.iter().all(is_loopback), "{found:?}");
}

/// Of this run, by a name server or the hosts file of the test's own.
fn a_name_is_told_as_those_who_know_it_tell_it() {
    let answer_of = |name, family| {
        let lookup = Lookup::start(name, family).expect("start");
        wait(&receive_of(&[lookup.id()]), Some(PATIENCE_NS)).expect("wait");
        lookup.answer()
    };
    let home = [IpAddress::Ipv4((127, 0, 0, 1))];
    assert_eq!(answer_of("home.test", None), Ok(home.to_vec()));
    assert_eq!(answer_of("Home.TEST", Some(IpAddressFamily::Ipv4)), Ok(home.to_vec()));
    let nothing = Err(ErrorCode::NameUnresolvable);
    assert_eq!(answer_of("home.test", Some(IpAddressFamily::Ipv6)), nothing);
    assert_eq!(answer_of("nobody.home.test", None), nothing);
}

/// Whatever is under way is cancelled; what is said to be too many becomes possible again.
fn many_lookups_are_dropped_before_they_are_answered() {
    for _ in 0..200 {
        match Lookup::start("localhost", None) {
            Ok(lookup) => drop(lookup),
            Err(error) => {
                assert_eq!(error, ErrorCode::QuotaExceeded);
                wait(&receive_of(&[]), Some(1_000_000)).expect("wait");
            }
        }
    }
    let until = std::time::Instant::now() + std::time::Duration::from_nanos(PATIENCE_NS);
    let lookup = loop {
        match Lookup::start("localhost", None) {
            Ok(lookup) => break lookup,
            Err(ErrorCode::QuotaExceeded) if std::time::Instant::now() < until => {
                wait(&receive_of(&[]), Some(1_000_000)).expect("wait");
            }
            Err(error) => panic!("{error:?}"),
        }
    };
    answer(&lookup);
}
