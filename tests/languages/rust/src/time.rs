//! What ends a wait: another's close, a timer, a deadline. By the event loop, and by the blocking socket's timeout.

use crate::traffic::{A_MOMENT, LOOPBACK, bound};
use anyhow::{Result, ensure};
use datagrant_guest::{EventLoop, Family};
use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::time::Instant;

type Told = Rc<RefCell<Vec<&'static str>>>;

fn tells(told: &Told, what: &'static str) -> impl FnOnce() + 'static {
    let told = told.clone();
    move || told.borrow_mut().push(what)
}

pub fn closed() -> Result<()> {
    let events = EventLoop::new();
    let told = Told::default();
    let socket = events.socket(Family::Ipv4)?;
    socket.bind(LOOPBACK)?;
    let mut on_close = Some(tells(&told, "closed"));
    socket.on_close(move |_| on_close.take().map_or((), |tell| tell()));
    socket.on_message(|_, _, _| -> io::Result<()> { unreachable!("nobody sends") });
    let closing = socket.clone();
    events.set_timeout(A_MOMENT, move || closing.close());
    // Without the close it would wait for ever.
    events.run()?;
    ensure!(*told.borrow() == ["closed"], "told: {told:?}");
    ensure!(socket.send("late", "127.0.0.1:9").is_err(), "a closed socket sends");
    ensure!(
        socket.local_addr().is_err() && socket.close().is_err(),
        "a closed socket answers"
    );
    Ok(())
}

pub fn timers() -> Result<()> {
    let events = EventLoop::new();
    let told = Told::default();
    let socket = events.socket(Family::Ipv4)?;
    socket.bind_sync("127.0.0.1:0".parse()?)?;
    let heard = told.clone();
    socket.on_message(move |socket, _, _| {
        heard.borrow_mut().push("heard");
        socket.close()
    });
    let (began, waiting, rings) = (Instant::now(), socket.clone(), tells(&told, "timer"));
    events.set_timeout(A_MOMENT, move || {
        rings();
        waiting.send("from a timer", waiting.local_addr()?)
    });
    events.run()?;
    ensure!(*told.borrow() == ["timer", "heard"], "told: {told:?}");
    ensure!(began.elapsed() >= A_MOMENT, "the timer was early");

    let socket = bound(LOOPBACK)?;
    socket.set_read_timeout(Some(A_MOMENT))?;
    let began = Instant::now();
    let ended = socket.recv(&mut [0; 100]);
    ensure!(
        matches!(&ended, Err(error) if error.kind() == ErrorKind::WouldBlock),
        "expected EAGAIN: {ended:?}"
    );
    ensure!(began.elapsed() >= A_MOMENT, "the deadline was early");
    Ok(())
}
