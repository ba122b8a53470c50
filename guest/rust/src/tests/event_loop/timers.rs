use super::super::Timer;
use super::*;
use crate::provider::fake;

#[test]
fn timers_fire_in_the_order_of_their_time_then_of_being_set() {
    let (events, log) = (EventLoop::new(), Log::default());
    for (name, seconds) in [("b", 2), ("a", 1), ("c", 2)] {
        let log = log.clone();
        events.set_timeout(seconds * SECOND, move || {
            log.add(format!("{name} {:?}", fake::elapsed()))
        });
    }
    events.run().unwrap();
    log.is(&["a 1s", "b 2s", "c 2s"]);
    assert_eq!(fake::waits(), 2);
}

#[test]
fn an_interval_fires_until_it_is_cleared_by_itself() {
    let (events, log) = (EventLoop::new(), Log::default());
    let handle: Rc<RefCell<Option<Timer>>> = Rc::default();
    let (own, count) = (handle.clone(), log.clone());
    let timer = events.set_interval(SECOND, move || {
        count.add("tick");
        if fake::elapsed() == 3 * SECOND {
            own.take().unwrap().clear();
        }
    });
    *handle.borrow_mut() = Some(timer);
    events.run().unwrap();
    log.is(&["tick"; 3]);
}

#[test]
fn a_cleared_timer_does_not_fire_even_if_it_is_due() {
    let (events, log) = (EventLoop::new(), Log::default());
    let seen = log.clone();
    let victim = events.set_timeout(2 * SECOND, move || seen.add("fired"));
    let other = victim.clone();
    events.set_timeout(SECOND, move || other.clear());
    events.run().unwrap();
    victim.clear();
    log.is(&[]);
    assert_eq!(fake::elapsed(), SECOND);
}

#[test]
fn a_timer_without_a_delay_leaves_others_their_turn() {
    fn again(events: EventLoop, left: u32, log: Log) {
        log.add(format!("zero {left}"));
        if left > 0 {
            let next = events.clone();
            events.set_timeout(Duration::ZERO, move || again(next, left - 1, log));
        }
    }
    let (events, socket, log) = bound();
    again(events.clone(), 2, log.clone());
    socket.unref();
    events.run().unwrap();
    log.is(&["zero 2", "one listening 127.0.0.1:1000", "zero 1", "zero 0"]);
}

#[test]
fn a_flood_does_not_starve_timers() {
    let (events, socket, log) = bound();
    let id = socket.id();
    for _ in 0..10 {
        fake::inject(id, fake::message("192.0.2.1:9", b"x"));
    }
    socket.on_message(move |_, _, _| fake::inject(id, fake::message("192.0.2.1:9", b"x")));
    let seen = log.clone();
    events.set_timeout(Duration::ZERO, move || {
        seen.add("timer");
        socket.close()
    });
    events.run().unwrap();
    log.is(&["one listening 127.0.0.1:1000", "timer", "one closed"]);
}
