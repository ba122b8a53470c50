//! The `datagrant` program: runs WebAssembly components with the UDP that was granted, and no more.

#[macro_use]
mod told;

mod audit;
mod cache;
mod check;
mod compile;
mod component;
mod componentize;
mod compose;
mod current;
mod engine;
mod explain;
mod guest;
mod metrics;
mod observer;
mod on_tape;
mod options;
mod private_file;
mod record;
mod replay;
mod report;
mod run;
mod serve;
mod sockets;
mod status;
mod suggest;
mod supervise;
mod sys;

use options::{Command, Options};
use status::Status;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Options { command } = Options::read();
    let result = match command {
        Command::Run(options) => run::run(options),
        Command::Serve(options) => serve::serve(options),
        Command::Compose(options) => compose::write(&options).map(|()| Status::Exited(0)),
        Command::Explain(options) => explain::explain(&options).map(|()| Status::Exited(0)),
        Command::Check(options) => check::check(&options),
        Command::Suggest(options) => suggest::suggest(&options).map(|()| Status::Exited(0)),
        Command::Componentize(options) => componentize::componentize(&options).map(|()| Status::Exited(0)),
        Command::Compile(options) => compile::compile(&options).map(|()| Status::Exited(0)),
    };
    match result {
        Ok(status) => status.into(),
        Err(error) => {
            tell!("datagrant: {error:#}");
            Status::FAILED.into()
        }
    }
}
