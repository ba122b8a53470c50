//! `datagrant suggest`: the grants that an audit says were used.

mod merge;
mod print;
mod read;
mod seen;

use crate::options;
use anyhow::{Context, Result};
use datagrant::grants::GrantsFile;

/// Prints a grants file.
pub fn suggest(options: &options::Suggest) -> Result<()> {
    let path = options.audit.display();
    let mut seen = read::read(&options.audit).with_context(|| format!("cannot suggest from {path}"))?;
    seen.merge(options.merge, options.merge_v6);
    let file = print::print(&seen, &options.audit, options.include_denied);
    // What is printed is understood, or not printed.
    GrantsFile::parse(&file).context("the suggestion is no grants file: try --merge /24")?;
    print!("{file}");
    Ok(())
}
