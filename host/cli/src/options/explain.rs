//! `datagrant explain`.

use clap::Args;
use std::path::PathBuf;

const READ: &str = "\
What is printed is a grants file, which grants nothing as it stands; what there is to know of the
component stands in its comments. So it can be read, kept, and filled in:

  datagrant explain app.wasm > grants.toml
  datagrant run app.wasm --grants grants.toml

The component is read, and neither compiled nor run. What it could use is what it imports, function
by function: one that imports no `join` can join no group. Some toolchains import everything, and
then nothing can be left out. `datagrant suggest` says what a run has used.";

/// Say what a component imports and which rights it could use, as a grants file to start from.
#[derive(Debug, Args)]
#[command(after_help = READ)]
pub struct Explain {
    /// The component, a `.wasm` file.
    pub component: PathBuf,
}
