//! `datagrant compose`.

use super::with::{Said, With};
use clap::Args;
use std::path::PathBuf;

const HOW: &str = "\
By example:
  compose app.wasm --with faults.wasm,loss=10%,seed=7 -o lossy.wasm
                                      app.wasm, and the middleware, as one component
  compose app.wasm --with faults.wasm,delay=20ms --with firewall.wasm,deny-send='10.0.0.7:*' -o both.wasm
                                      the first is next to the host, the last next to app.wasm
  compose service.wasm --plug codec.wasm --plug adapter.wasm -o anywhere.wasm
                                      what other components export, in place of what is still imported then
  compose service.wasm -o command.wasm
                                      a command of a service, by the pump
  compose --options loss=10%,seed=7 -o options.wasm
                                      what a middleware is told, as a component

The same by hand, with wac (https://github.com/bytecodealliance/wac):
  datagrant compose --options loss=10%,seed=7 -o options.wasm
  wac plug faults.wasm --plug options.wasm -o faults-7.wasm
  wac plug app.wasm --plug faults-7.wasm -o lossy.wasm

What app.wasm imports of wasi:sockets is not wrapped by a middleware of datagrant:dgram. `run --with` denies it; a file that
was composed is run with --deny-wasi-sockets, which is said where it matters.";

/// Join a component with middlewares, and write the one component that they make together.
#[derive(Debug, Args)]
#[command(after_help = HOW)]
pub struct Compose {
    /// The component, a `.wasm` file: a command, a service, or a middleware.
    #[arg(required_unless_present = "options")]
    pub component: Option<PathBuf>,

    /// A middleware, and its options. May be given again: the first is next to the host.
    #[arg(long = "with", value_name = "FILE[,NAME=VALUE]...")]
    pub with: Vec<With>,

    /// A component whose exports take the place of imports that are still there then, as by `wac plug`: an interface of your own,
    /// or the adapter over wasi:sockets. May be given again, and is joined in this order.
    #[arg(long, value_name = "FILE")]
    pub plug: Vec<PathBuf>,

    /// Write what a middleware is told, and nothing else: to be plugged into it by hand.
    #[arg(long, value_name = "NAME=VALUE[,NAME=VALUE]...", conflicts_with_all = ["component", "with", "plug"])]
    pub options: Option<Said>,

    /// Where the component goes.
    #[arg(short, long, value_name = "FILE.wasm")]
    pub output: PathBuf,
}
