//! `cargo xtask`: everything that is more than one cargo call. Each command does all of its own set-up and says so.

mod bench;
mod build;
mod c;
mod demo;
mod fuzz;
mod go;
mod javascript;
mod jco;
mod python;
mod setup;
mod shell;
mod test;

use clap::Parser;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
enum Command {
    /// Build the echo example and the program, and run them with real traffic. In Rust it needs rustup alone.
    Demo(demo::Options),
    /// Everything that CI runs: format, lints, documentation, all tests. Installs what it needs, and says so.
    Test,
    /// Measure what a datagram costs, beside native sockets, tokio, Node and wasi:sockets. Installs what it needs.
    Bench(bench::Options),
    /// Fuzz the grammar, grants files, burst headers and what a hostile guest does. Installs nightly and cargo-fuzz.
    Fuzz(fuzz::Options),
}

fn main() -> ExitCode {
    let result = match Command::parse() {
        Command::Demo(options) => demo::run(&options),
        Command::Test => test::run(),
        Command::Bench(options) => bench::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
