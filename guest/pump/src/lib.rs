//! Makes a command of a service (world `pump`): `wac plug pump.wasm --plug service.wasm -o command.wasm`.
//!
//! It steps the service's handler, waits for what it answers, and steps again, as a host that knows services does. There
//! are no signals in a command: `stop` is never called, and the host's own way of ending a command ends this one.

mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "pump", generate_all });
}

use bindings::datagrant::dgram::handler::{self, Next, Wanted};
use bindings::datagrant::dgram::types::Interest;
use bindings::datagrant::dgram::wait::wait;
use bindings::exports::wasi::cli::run::Guest;

struct Pump;

impl Guest for Pump {
    /// Fails when the service says that it cannot go on, or answers what cannot be waited for; stderr says why.
    fn run() -> Result<(), ()> {
        serve().map_err(|why| eprintln!("the service failed: {why}"))
    }
}

bindings::export!(Pump with_types_in bindings);

fn serve() -> Result<(), String> {
    let mut ready = Interest {
        receive: vec![],
        send: vec![],
    };
    loop {
        let Wanted { on, timeout } = match handler::step(&ready) {
            Next::Wait(wanted) => wanted,
            Next::Done => return Ok(()),
            Next::Failed(why) => return Err(why),
        };
        ready = wait(&on, timeout).map_err(|code| format!("it cannot wait as it asks to: {}", code.name()))?;
    }
}
