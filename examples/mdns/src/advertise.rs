//! `mdns advertise`: probes, announces, then answers.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use datagrant_guest::EventLoop;

use crate::responder::{Answer, Responder};
use crate::service::Service;
use crate::{GROUP, PORT, open, say};

/// Three probes, then two announcements (RFC 6762, sections 8.1 and 8.3).
const PROBES: [u64; 3] = [0, 250, 500];
const ANNOUNCEMENTS: [u64; 2] = [750, 1750];
/// Answers to who knows nothing of multicast, that wait for room in the kernel.
const MOST_QUEUED: usize = 100;

pub fn advertise(interface: &str, service: &Service) -> anyhow::Result<()> {
    let responder = Rc::new(RefCell::new(Responder::new(service)?));
    let events = EventLoop::new();
    let socket = open(&events, interface)?;
    let announced = Rc::new(Cell::new(false));

    let (mine, is_announced) = (responder.clone(), announced.clone());
    socket.on_message(move |socket, datagram, from| {
        if mine.borrow().is_contested_by(datagram) {
            socket.close()?;
            return Err(io::Error::other(format!(
                "{from} has a service or a host of this name already"
            )));
        }
        if !is_announced.get() || socket.send_queue_count() >= MOST_QUEUED {
            return Ok(());
        }
        match mine.borrow_mut().answer(datagram, from.port(), Instant::now()) {
            None => Ok(()),
            Some(Answer::Asker(bytes)) => socket.send(bytes, from),
            Some(Answer::Group { bytes, late: false }) => socket.send(bytes, (GROUP, PORT)),
            Some(Answer::Group { bytes, late: true }) => {
                let (Some(events), speaker) = (socket.event_loop(), socket.clone()) else {
                    return Ok(());
                };
                // Not all who have such a service at once (section 6).
                let delay = Duration::from_millis(20 + getrandom::u64()? % 100);
                events.set_timeout(delay, move || speaker.send(bytes, (GROUP, PORT)));
                Ok(())
            }
        }
    });

    for delay in PROBES.map(Duration::from_millis) {
        let (socket, responder) = (socket.clone(), responder.clone());
        events.set_timeout(delay, move || socket.send(responder.borrow().probe(), (GROUP, PORT)));
    }
    for delay in ANNOUNCEMENTS.map(Duration::from_millis) {
        let (socket, responder, announced) = (socket.clone(), responder.clone(), announced.clone());
        let line = format!(
            "advertised: {} ({}) at {}:{}",
            service.instance, service.kind, service.address, service.port
        );
        events.set_timeout(delay, move || {
            socket.send(responder.borrow_mut().announce(Instant::now()), (GROUP, PORT))?;
            if announced.replace(true) { Ok(()) } else { say(&line) }
        });
    }
    Ok(events.run()?)
}
