//! `mdns browse`: asks, and prints what it hears.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::time::Duration;

use anyhow::bail;
use datagrant_guest::EventLoop;

use crate::browser::{Browser, Found};
use crate::{GROUP, PORT, open, say};

/// Less and less often: the time between queries doubles (RFC 6762, section 5.2).
const QUERIES: [u64; 12] = [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047];

pub fn browse(interface: &str, kind: &str, listen: Duration) -> anyhow::Result<()> {
    let browser = Rc::new(RefCell::new(Browser::new(kind)?));
    let events = EventLoop::new();
    let socket = open(&events, interface)?;
    let count = Rc::new(Cell::new(0));

    let (mine, found) = (browser.clone(), count.clone());
    socket.on_message(move |_, datagram, _| {
        let mut browser = mine.borrow_mut();
        browser.hear(datagram);
        for service in browser.found() {
            found.set(found.get() + 1);
            say(&line(&service))?;
        }
        Ok(())
    });

    for delay in QUERIES
        .map(Duration::from_secs)
        .into_iter()
        .filter(|&delay| delay < listen)
    {
        let (socket, browser) = (socket.clone(), browser.clone());
        let ask = move || {
            let query = browser.borrow().query().map_err(io::Error::other)?;
            socket.send(query, (GROUP, PORT))
        };
        // The loop ends with the socket.
        events.set_timeout(delay, ask).unref();
    }
    events.set_timeout(listen, move || socket.close());
    events.run()?;
    if count.get() == 0 {
        bail!("no {kind} on {interface} in {} s", listen.as_secs());
    }
    Ok(())
}

fn line(service: &Found) -> String {
    let Found {
        instance,
        host,
        address,
        port,
        texts,
    } = service;
    let texts: String = texts.iter().map(|text| format!(" {text:?}")).collect();
    format!("{instance:?} at {address}:{port} ({host}){texts}")
}
