//! `--grants FILE`.

use clap::builder::{PathBufValueParser, TypedValueParser};
use datagrant::grants::GrantsFile;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;
use std::path::{Path, PathBuf};

/// A grants file that was understood, and where it is.
#[derive(Clone, Debug)]
pub struct FromFile {
    path: PathBuf,
    file: GrantsFile,
}

impl Deref for FromFile {
    type Target = GrantsFile;

    fn deref(&self) -> &GrantsFile {
        &self.file
    }
}

impl FromFile {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the file says now, or what is wrong with it. A pipe, which is empty when it was read once, would take all grants
    /// back: it is not read again.
    pub fn again(&self) -> Result<GrantsFile, String> {
        let there = std::fs::metadata(&self.path).map_err(cannot_read)?;
        match there.is_file() {
            true => Ok(read(self.path.clone())?.file),
            false => Err("it is no regular file, and can be read only once".to_owned()),
        }
    }
}

/// A parser that lets clap name the flag and the file that is not understood.
pub fn parser() -> impl TypedValueParser<Value = FromFile> {
    PathBufValueParser::new().try_map(read)
}

fn read(path: PathBuf) -> Result<FromFile, String> {
    let text = text(&path).map_err(cannot_read)?;
    let file = GrantsFile::parse(&text).map_err(|error| error.to_string())?;
    Ok(FromFile { path, file })
}

fn cannot_read(error: io::Error) -> String {
    format!("cannot read it: {error}")
}

/// No more than is understood, and a byte: of a device, too, that never ends.
fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let most = GrantsFile::MAX_BYTES as u64 + 1;
    File::open(path)?.take(most).read_to_string(&mut text)?;
    Ok(text)
}
