//! Callbacks may do everything. A `RefCell` held too long would panic here.

use super::super::Timer;
use super::*;
use crate::provider::fake;

/// Calls back into its loop when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Everything that a callback could do to its own socket and loop.
fn meddle(socket: &Socket) {
    let events = socket.event_loop().unwrap();
    assert_eq!(events.run().unwrap_err().to_string(), "run: the event loop is running");
    let other = events.socket(Family::Ipv4).unwrap();
    other.on_error(|_, _| ());
    other.send("x", "127.0.0.1:1").unwrap();
    other.close().unwrap();
    drop(other);
    let dropped = events.socket(Family::Ipv4).unwrap();
    drop(dropped);
    let timer = events.set_timeout(Duration::ZERO, || ());
    events.set_interval(SECOND, || ()).clear();
    timer.clear();
    let again = socket.clone();
    events.set_timeout(Duration::ZERO, move || drop(again.set_ttl(5)));
    let _ = socket.send_with("x", "127.0.0.1:1", |_| ());
    let _ = (socket.local_addr(), socket.peer_addr(), socket.send_queue_bytes());
    socket.unref().re_ref();
    socket.on_listening(|_| ()).on_connect(|_| ()).on_error(|_, _| ());
}

#[test]
fn every_callback_may_do_everything() {
    let (events, socket, log) = bound();
    socket.on_listening(|socket| {
        meddle(socket);
        socket.connect("127.0.0.1:1").unwrap();
    });
    let seen = log.clone();
    socket.on_message(move |socket, _, _| {
        meddle(socket);
        seen.add("message");
        socket.on_message(|socket, _, _| {
            meddle(socket);
            socket.close()
        });
    });
    socket.on_error(|socket, _| meddle(socket));
    let seen = log.clone();
    socket.on_close(move |socket| {
        seen.add("closed");
        meddle_closed(socket);
    });
    for _ in 0..3 {
        fake::inject(socket.id(), fake::message("127.0.0.1:1", b"x"));
    }
    events.run().unwrap();
    log.is(&["message", "closed"]);
    drop(socket);
    assert_eq!(fake::open(), 0);
}

fn meddle_closed(socket: &Socket) {
    assert!(socket.close().is_err() && socket.send("x", "127.0.0.1:1").is_err());
    socket.on_close(|_| panic!("closed twice")).on_message(|_, _, _| ());
    let events = socket.event_loop().unwrap();
    let next = events.socket(Family::Ipv4).unwrap();
    next.bind("127.0.0.1:1000").unwrap(); // the port is free
    next.close().unwrap();
}

#[test]
fn a_callback_that_is_dropped_may_call_the_loop() {
    let (events, socket, log) = bound();
    let guard = |what: &'static str| {
        let (socket, log, events) = (socket.clone(), log.clone(), events.clone());
        OnDrop(move || {
            log.add(format!("dropped {what}"));
            events.set_timeout(Duration::ZERO, || ());
            let _ = socket.send("x", "127.0.0.1:9");
            let other = events.socket(Family::Ipv4).unwrap();
            other.bind("127.0.0.1:0").unwrap();
            other.close().unwrap();
            socket.on_error(|_, _| ());
        })
    };
    let (message, timer, sent) = (guard("message"), guard("timer"), guard("sent"));
    socket.on_message(move |_, _, _| _ = &message);
    let timer = events.set_timeout(SECOND, move || drop(timer));
    timer.clear();
    socket.on_message(|_, _, _| ());
    fake::set_room(socket.id(), 0);
    socket.send_with("x", "127.0.0.1:9", move |_| drop(sent)).unwrap();
    socket.close().unwrap();
    events.run().unwrap();
    log.is(&["dropped timer", "dropped message", "dropped sent", "one closed"]);
}

#[test]
fn a_timer_may_clear_itself_and_others() {
    let events = EventLoop::new();
    let timers: Rc<RefCell<Vec<Timer>>> = Rc::default();
    for _ in 0..3 {
        let all = timers.clone();
        let timer = events.set_interval(SECOND, move || {
            for timer in all.take() {
                timer.clear();
            }
        });
        timers.borrow_mut().push(timer);
    }
    events.run().unwrap();
    assert_eq!(fake::elapsed(), SECOND);
}
