//! The `datagrant` program: runs WebAssembly components with the UDP that was granted, and no more.

mod cache;
mod compile;
mod component;
mod current;
mod engine;
mod guest;
mod options;
mod report;
mod run;
mod serve;
mod sockets;
mod status;
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
        Command::Compile(options) => compile::compile(&options).map(|()| Status::Exited(0)),
    };
    match result {
        Ok(status) => status.into(),
        Err(error) => {
            eprintln!("datagrant: {error:#}");
            Status::FAILED.into()
        }
    }
}
