//! The `datagrant` program: runs WebAssembly components with the UDP that was granted, and no more.

mod cache;
mod component;
mod options;
mod report;
mod run;
mod status;
mod supervise;

use clap::Parser;
use options::{Command, Options};
use status::Status;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Options { command } = Options::parse();
    let result = match command {
        Command::Run(options) => run::run(options),
    };
    match result {
        Ok(status) => status.into(),
        Err(error) => {
            eprintln!("datagrant: {error:#}");
            Status::FAILED.into()
        }
    }
}
