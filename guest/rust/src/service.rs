//! Services: components that have no `main`, and are called when there is something to do.
//!
//! The same code can be either. A function sets sockets, timers and callbacks up; a program runs the loop, and a service
//! is stepped by its host (`datagrant serve`), or by a `pump` component where the host knows no services:
//!
//! ```
//! use std::io;
//! use datagrant_guest::EventLoop;
//!
//! fn echo(events: &EventLoop) -> io::Result<()> {
//!     let server = events.granted("echo")?; // datagrant serve echo.wasm --socket echo=0.0.0.0:7
//!     server.on_message(|server, data, from| server.send(data, from));
//!     Ok(())
//! }
//!
//! # #[cfg(target_family = "wasm")]
//! datagrant_guest::service!(echo); // in a library with crate-type "cdylib"
//!
//! # #[allow(dead_code)]
//! # mod program { use std::io; use datagrant_guest::EventLoop; use super::echo;
//! fn main() -> io::Result<()> { // in a program
//!     let events = EventLoop::new();
//!     echo(&events)?;
//!     events.run()
//! }
//! # }
//! # fn main() {}
//! ```
//!
//! # How it ends
//!
//! A service is done when nothing is left that could call back, as a loop is. An error that nobody handled ends it as
//! failed, and is told to the operator. Asked to end, it calls what [`EventLoop::on_stop`] was given, or else does
//! [`EventLoop::drain`].

use std::cell::RefCell;
use std::io;
use std::time::Duration;

use crate::EventLoop;
use crate::bindings::types::Interest;
use crate::event_loop::Outcome;

#[doc(hidden)]
#[allow(
    missing_docs,
    unused_qualifications,
    reason = "generated: what wit/ documents is documented here, and only that"
)]
pub mod generated {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "service",
        with: {
            "datagrant:dgram/types@0.1.0": crate::bindings::types,
            "datagrant:dgram/sockets@0.1.0": crate::bindings::sockets,
            "datagrant:dgram/bursts@0.1.0": crate::bindings::bursts,
            "datagrant:dgram/name-lookup@0.1.0": crate::bindings::name_lookup,
            "datagrant:dgram/zones@0.1.0": crate::bindings::zones,
            "datagrant:dgram/granted@0.1.0": crate::bindings::granted,
            "datagrant:dgram/wait@0.1.0": crate::bindings::wait,
        },
        pub_export_macro: true,
        export_macro_name: "export_service",
    });
}

pub use generated::exports::datagrant::dgram::handler::{Guest, Next, Wanted};

thread_local! {
    /// From the first step on.
    static EVENTS: RefCell<Option<EventLoop>> = const { RefCell::new(None) };
}

/// Makes a service of the crate: exports `handler`, and calls this function once, with the loop, before anything else.
/// Of what the function may return see [`Outcome`]; an error ends the service.
///
/// See [the module](mod@crate::service).
#[macro_export]
macro_rules! service {
    ($setup:expr) => {
        const _: () = {
            struct Service;

            impl $crate::service::Guest for Service {
                fn step(ready: $crate::bindings::types::Interest) -> $crate::service::Next {
                    $crate::service::step(&ready, $setup)
                }

                fn stop() -> $crate::service::Next {
                    $crate::service::stop()
                }
            }

    $crate::service::generated::export_service!(Service with_types_in $crate::service::generated);
        };
    };
}

/// What [`service!`](crate::service!) exports as `step`.
#[doc(hidden)]
pub fn step<R: Outcome>(ready: &Interest, setup: impl FnOnce(&EventLoop) -> R) -> Next {
    let events = EVENTS.with_borrow(Clone::clone);
    let events = match events {
        Some(events) => Ok(events),
        None => {
            let events = EventLoop::new();
            EVENTS.set(Some(events.clone()));
            setup(&events).outcome().map(|()| events)
        }
    };
    next(events.and_then(|events| events.step(ready)))
}

/// What [`service!`](crate::service!) exports as `stop`.
#[doc(hidden)]
pub fn stop() -> Next {
    let Some(events) = EVENTS.with_borrow(Clone::clone) else {
        return Next::Done;
    };
    let nothing = Interest {
        receive: vec![],
        send: vec![],
    };
    next(events.stop().and_then(|()| events.step(&nothing)))
}

fn next(wanted: io::Result<Option<(Interest, Option<Duration>)>>) -> Next {
    let next = match wanted {
        Ok(Some((on, timeout))) => {
            let timeout = timeout.map(|time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
            return Next::Wait(Wanted { on, timeout });
        }
        Ok(None) => Next::Done,
        Err(error) => Next::Failed(error.to_string()),
    };
    // No call follows: what is left goes.
    drop(EVENTS.take());
    next
}

#[cfg(test)]
#[path = "tests/service.rs"]
mod tests;
