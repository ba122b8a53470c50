//! What a guest takes without sockets: memory, and processor time.

use crate::held::limited;
use datagrant::Limit;
use datagrant_tests::{Provider, Run, SCRIPTED, Status};

const MIB: u64 = 1 << 20;

#[test]
fn a_guest_has_so_much_memory_and_goes_on_without_more() {
    let told = limited(Limit::GuestMemoryBytes, 64 * MIB).tells(
        "allocate 30000000 -> ok
         allocate 100000000 -> no memory
         allocate 40000000 -> no memory
         allocate 1000000 -> ok
         create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         send 127.0.0.1:@a x -> ok
         receive 10000 -> message \"x\" from 127.0.0.1:*",
    );
    told.exceeds_only(Limit::GuestMemoryBytes);
}

#[test]
fn an_instance_that_begins_with_more_memory_does_not_start() {
    let outcome = Run::new(Provider::Native, SCRIPTED)
        .limit_to(Limit::GuestMemoryBytes, 65_536)
        .run();
    assert!(
        matches!(&outcome.status, Status::Failed(why) if why.contains("exceeds memory limits")),
        "{outcome:?}"
    );
    assert_eq!(outcome.exceeded, [(Limit::GuestMemoryBytes, 1)]);
}

#[test]
fn a_guest_that_computes_for_too_long_is_ended() {
    for begin in ["env", "sleep 1", "create ipv4"] {
        let run = Run::new(Provider::Native, SCRIPTED).limit_to(Limit::GuestCpuMilliseconds, 100);
        let outcome = run.arg(begin).arg("spin").run();
        let line = "the limit guest-cpu-milliseconds=100 was exceeded";
        assert!(
            matches!(&outcome.status, Status::Failed(why) if why.contains(line)),
            "{outcome:?}"
        );
        assert_eq!(outcome.exceeded, [(Limit::GuestCpuMilliseconds, 1)]);
    }
}

#[test]
fn to_look_in_a_loop_is_to_compute() {
    let run = Run::new(Provider::Native, SCRIPTED).limit_to(Limit::GuestCpuMilliseconds, 100);
    let outcome = run.arg("create ipv4").arg("repeat 1000000000 receive 0").run();
    assert_eq!(outcome.exceeded, [(Limit::GuestCpuMilliseconds, 1)], "{outcome:?}");
}

/// Also where what it waits for is there, so that it never sleeps.
#[test]
fn a_guest_that_waits_between_its_computations_is_not() {
    let told = limited(Limit::GuestCpuMilliseconds, 2_000).tells(
        "repeat 50 compute 60 + sleep 1 -> 100 x ok
         create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         repeat 50 compute 60 + send 127.0.0.1:@a x + poll-receive + events -> *",
    );
    told.exceeds(&[]);
}
