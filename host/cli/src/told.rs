//! What the program prints. Whoever reads it may have gone, and a disk may be full: neither is a reason to panic.

use anyhow::{Context, Result};
use std::io::{self, ErrorKind, Write};

/// A line for the operator, on stderr. Where nobody reads it, it is lost.
macro_rules! tell {
    ($($text:tt)*) => {
        $crate::told::line(format_args!($($text)*))
    };
}

/// Writes a line to stderr.
pub fn line(text: std::fmt::Arguments<'_>) {
    // In one piece: other threads and the guest write there, too.
    let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
}

/// Writes what was asked for to stdout. A reader who has read enough is no error.
pub fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write to stdout"),
        _ => Ok(()),
    }
}
