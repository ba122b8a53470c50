use std::cell::Cell;
use std::rc::Rc;

use super::*;
use crate::provider::{fake, wait};
use crate::{ErrorCode, Family};

fn nothing() -> Interest {
    Interest {
        receive: vec![],
        send: vec![],
    }
}

/// What a pump does, until the service wants more than `time`.
fn pump(mut next: Next, time: Duration) -> Next {
    let end = fake::elapsed() + time;
    loop {
        let Next::Wait(wanted) = next else { return next };
        let left = end.saturating_sub(fake::elapsed());
        let timeout = wanted.timeout.map_or(left, |t| left.min(Duration::from_nanos(t)));
        let ready = wait(&wanted.on, Some(timeout)).unwrap();
        if fake::elapsed() >= end {
            return Next::Wait(wanted);
        }
        next = step(&ready, |_| panic!("set up twice"));
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[track_caller]
fn waits(next: &Next) -> &Wanted {
    match next {
        Next::Wait(wanted) => wanted,
        other => panic!("does not wait: {other:?}"),
    }
}

/// An echo on port 7, which counts.
fn echo(count: &Rc<Cell<u32>>) -> impl FnOnce(&EventLoop) -> io::Result<()> + use<> {
    let count = count.clone();
    move |events| {
        let server = events.socket(Family::Ipv4)?;
        server.on_message(move |server, data, from| {
            count.set(count.get() + 1);
            server.send(data, from)
        });
        server.bind("127.0.0.1:7")
    }
}

fn inject(id: u32, count: usize) {
    for _ in 0..count {
        fake::inject(id, fake::message("192.0.2.1:9", b"x"));
    }
}

#[test]
fn a_service_is_set_up_once_and_never_waits_by_itself() {
    let count = Rc::default();
    let first = step(&nothing(), echo(&count));
    assert_eq!(fake::waits(), 0);
    let next = pump(first, SECOND);
    let wanted = waits(&next);
    assert_eq!((wanted.on.receive.len(), wanted.timeout), (1, None));
    inject(wanted.on.receive[0], 1_000);
    pump(next, SECOND);
    assert_eq!(count.get(), 1_000);
}

#[test]
fn asked_to_stop_it_answers_what_has_arrived_and_what_is_queued_and_closes() {
    let count = Rc::default();
    let next = pump(step(&nothing(), echo(&count)), SECOND);
    let id = waits(&next).on.receive[0];
    inject(id, 300);
    fake::set_room(id, 100);
    fake::later(SECOND, move || fake::set_room(id, usize::MAX));
    assert!(matches!(pump(stop(), 2 * SECOND), Next::Done));
    assert_eq!(count.get(), 300);
    assert_eq!(fake::open(), 0);
}

#[test]
fn under_a_load_without_end_it_stops_all_the_same() {
    let count = Rc::default();
    let next = pump(step(&nothing(), echo(&count)), SECOND);
    let id = waits(&next).on.receive[0];
    inject(id, 200);
    let mut next = stop();
    for turn in 0.. {
        assert!(turn < 100, "goes on and on");
        let Next::Wait(wanted) = next else { break };
        if fake::open() == 1 {
            inject(id, 200);
        }
        next = step(&wanted.on, |_| ());
    }
    assert!(count.get() > 5_000, "only {}", count.get());
    assert_eq!(fake::open(), 0);
}

#[test]
fn timers_do_not_hold_a_service_that_was_asked_to_stop() {
    let next = step(&nothing(), |events| {
        events.set_interval(SECOND, || ());
    });
    assert_eq!(waits(&next).timeout, Some(1_000_000_000));
    assert!(matches!(stop(), Next::Done));
}

#[test]
fn on_stop_takes_the_place_of_the_drain() {
    let said = Rc::new(Cell::new(false));
    let saying = said.clone();
    let next = step(&nothing(), move |events| {
        let server = events.socket(Family::Ipv4)?;
        server.bind("127.0.0.1:7")?;
        events.on_stop(move |events| {
            saying.set(true);
            let events = events.clone();
            server.send_with("goodbye", "127.0.0.1:9", move |_| events.drain())
        });
        Ok::<(), io::Error>(())
    });
    pump(next, SECOND);
    assert!(matches!(pump(stop(), SECOND), Next::Done));
    assert!(said.get());
}

#[test]
fn an_error_that_nobody_handles_fails_the_service() {
    fake::deny("127.0.0.1:7");
    let next = pump(step(&nothing(), echo(&Rc::default())), SECOND);
    assert!(matches!(next, Next::Failed(why) if why == "bind EACCES 127.0.0.1:7: access denied"));
    assert_eq!(fake::open(), 0);
}

#[test]
fn a_set_up_that_fails_fails_the_service() {
    let next = step(&nothing(), |events| events.granted("echo").map(drop));
    assert!(matches!(next, Next::Failed(why) if why == "take EINVAL echo: invalid argument"));
    assert!(matches!(stop(), Next::Done), "nothing was there to stop");
}

#[test]
fn a_lookup_is_waited_for_by_its_id() {
    fake::fail_name("a.test", ErrorCode::TemporaryResolverFailure);
    let next = step(&nothing(), |events| {
        events.lookup("a.test", None, |found| found.map(drop));
    });
    assert_eq!(waits(&next).on.receive.len(), 1);
    let failed = "getaddrinfo EAI_AGAIN a.test: the resolver failed for now";
    assert!(matches!(pump(next, SECOND), Next::Failed(why) if why == failed));
}
