//! The contestants that run in a component. One component holds them all, so that they differ in nothing else.

mod boundary;
mod bursts;
mod datagram;
mod hostile;
mod std_like;
mod typed;

#[allow(
    missing_docs,
    unused_qualifications,
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]
mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "guest", generate_all });
}

use bindings::exports::datagrant::bench::contestant::{Crossing, Guest, Kind, Problem, Want};
use std::cell::RefCell;

/// One way of moving datagrams.
trait Contestant {
    fn port(&self) -> Result<u16, Problem>;
    fn receive(&mut self, bytes: usize, count: u64) -> Result<u64, Problem>;
    fn send(&mut self, bytes: usize, count: u64, port: u16) -> Result<u64, Problem>;
    fn echo(&mut self, bytes: usize, count: u64) -> Result<u64, Problem>;
    /// See the WIT: without a time limit.
    fn idle(&mut self) -> Result<(), Problem>;
}

thread_local! {
    static OPEN: RefCell<Option<Box<dyn Contestant>>> = const { RefCell::new(None) };
}

struct Component;

impl Guest for Component {
    fn open(of: Kind, ipv6: bool) -> Result<u16, Problem> {
        OPEN.with_borrow_mut(|open| {
            *open = None;
            let contestant: Box<dyn Contestant> = match of {
                Kind::WasiSockets => Box::new(std_like::StdLike::<std::net::UdpSocket>::open(ipv6)?),
                Kind::Sdk => Box::new(std_like::StdLike::<datagrant_guest::UdpSocket>::open(ipv6)?),
                Kind::Typed => Box::new(typed::Typed::open(ipv6)?),
                Kind::Bursts => Box::new(bursts::Bursts::open(ipv6, false)?),
                Kind::BurstsOffload => Box::new(bursts::Bursts::open(ipv6, true)?),
            };
            open.insert(contestant).port()
        })
    }

    fn receive(bytes: u32, count: u64) -> Result<u64, Problem> {
        with_open(|c| c.receive(bytes as usize, count))
    }

    fn send(bytes: u32, count: u64, port: u16) -> Result<u64, Problem> {
        with_open(|c| c.send(bytes as usize, count, port))
    }

    fn echo(bytes: u32, count: u64) -> Result<u64, Problem> {
        with_open(|c| c.echo(bytes as usize, count))
    }

    fn idle() -> Result<(), Problem> {
        with_open(|c| c.idle())
    }

    fn grab(of: Want) {
        hostile::grab(of)
    }

    fn cross(how: Crossing, times: u32) -> u64 {
        boundary::cross(how, times)
    }
}

fn with_open<T>(f: impl FnOnce(&mut dyn Contestant) -> Result<T, Problem>) -> Result<T, Problem> {
    OPEN.with_borrow_mut(|open| match open {
        Some(contestant) => f(contestant.as_mut()),
        None => Err(failed("open comes first")),
    })
}

fn failed(text: impl ToString) -> Problem {
    Problem::Failed(text.to_string())
}

bindings::export!(Component with_types_in bindings);
