//! `datagrant componentize`.

use clap::Args;
use std::path::PathBuf;

const MADE: &str = "\
What it becomes is read from what the module exports:
  _start                                a command, as C compilers make it for WASI preview 1
  wasi:cli/run@0.2.0#run                a command without _start, as Go's c-shared mode makes it
  datagrant:dgram/handler@0.1.0#step    a service, for `datagrant serve`
and it may import each function of datagrant:dgram, by its name in the component model's ABI. A module
that says its own world, as modules with generated bindings do, becomes a component of that world.
WASI preview 1, where the module imports it, becomes WASI 0.2.

  clang --target=wasm32-wasip1 ... -o app.module.wasm
  datagrant componentize app.module.wasm -o app.wasm";

/// Make a component of a core module: what C and Go compilers leave to be done.
#[derive(Debug, Args)]
#[command(after_help = MADE)]
pub struct Componentize {
    /// The module, a `.wasm` file.
    pub module: PathBuf,

    /// Where the component goes.
    #[arg(short, long, value_name = "FILE.wasm")]
    pub output: PathBuf,

    /// The component's world, for a contract of your own beside or without datagrant:dgram: the folder of its WIT.
    #[arg(long, value_name = "FOLDER", requires = "world")]
    pub wit: Option<PathBuf>,

    /// The name of that world.
    #[arg(long, value_name = "NAME", requires = "wit")]
    pub world: Option<String>,
}
