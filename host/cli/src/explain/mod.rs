//! `datagrant explain`: what a component imports, and which rights it could use.

mod abilities;
mod offered;
mod print;
mod shape;

use crate::{component, options, told};
use abilities::Abilities;
use anyhow::{Context, Result};
use datagrant::grants::GrantsFile;
pub use shape::Shape;

/// Prints a grants file that grants nothing, with what there is to know in its comments.
pub fn explain(options: &options::Explain) -> Result<()> {
    let bytes = component::read(&options.component)?;
    let shape = Shape::read(&bytes).map_err(|error| component::invalid(&options.component, &error))?;
    let missing = offered::missing(&bytes, &shape)?;
    let file = print::print(&options.component, &shape, &Abilities::of(&shape), missing.as_deref());
    GrantsFile::parse(&file).context("what was to be printed is no grants file")?;
    told::print(&file)
}
