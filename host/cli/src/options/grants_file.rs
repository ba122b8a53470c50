//! `--grants FILE`.

use clap::builder::{PathBufValueParser, TypedValueParser};
use datagrant::grants::GrantsFile;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

/// A parser that lets clap name the flag and the file that is not understood.
pub fn parser() -> impl TypedValueParser<Value = GrantsFile> {
    PathBufValueParser::new().try_map(read)
}

fn read(path: PathBuf) -> Result<GrantsFile, String> {
    let text = text(path).map_err(|error| format!("cannot read it: {error}"))?;
    GrantsFile::parse(&text).map_err(|error| error.to_string())
}

/// No more than is understood, and a byte: of a device, too, that never ends.
fn text(path: PathBuf) -> io::Result<String> {
    let mut text = String::new();
    let most = GrantsFile::MAX_BYTES as u64 + 1;
    File::open(path)?.take(most).read_to_string(&mut text)?;
    Ok(text)
}
