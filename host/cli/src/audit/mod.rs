//! `--audit FILE`: every decision about the guest's operations, as JSON lines. The schema is docs/audit.md.
//!
//! - [`Audit`]: the file, and the thread that writes it
//! - [`Tap`]: what a worker's decisions are told to; bounded, and quick where they repeat
//!
//! A guest's own output can imitate what the program prints, and cannot reach this file.

mod line;
mod table;
mod tap;
mod writer;

pub use tap::Tap;

use crate::private_file;
use anyhow::{Context, Result};
use cap_std::fs::OpenOptions;
use line::Line;
use std::io::{Read, Seek, SeekFrom, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use writer::{Wake, Writer};

/// An audit file that is open, or none.
pub struct Audit(Option<Open>);

struct Open {
    taps: Vec<Arc<Tap>>,
    wake: Arc<Wake>,
    writer: JoinHandle<()>,
}

impl Audit {
    /// Opens the file at `path`, for this user alone where it is made, and writes to its end. Before anything runs: what
    /// cannot be written is not run.
    pub fn open(path: Option<&Path>, component: &Path, workers: NonZeroUsize) -> Result<Audit> {
        let Some(path) = path else { return Ok(Audit(None)) };
        let cannot = || format!("cannot write the audit file {}", path.display());
        let mut file = open(path).with_context(cannot)?;
        let started = Line::event("started")
            .text("component", &component.to_string_lossy())
            .number("workers", workers.get() as u64)
            .number("process", std::process::id().into());
        file.write_all(started.finish().as_bytes()).with_context(cannot)?;
        let wake = Arc::new(Wake::default());
        let tap = |worker| Arc::new(Tap::new(worker, wake.clone()));
        let taps: Vec<Arc<Tap>> = (1..=workers.get()).map(tap).collect();
        let writer = Writer::new(file, path, taps.clone(), wake.clone());
        let writer = thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || writer.write())?;
        Ok(Audit(Some(Open { taps, wake, writer })))
    }

    /// What the decisions of this worker are told to, counted from 1; the same for each of its instances.
    pub fn tap(&self, worker: usize) -> Option<Arc<Tap>> {
        self.0.as_ref()?.taps.get(worker.checked_sub(1)?).cloned()
    }

    /// Writes what is left to tell.
    pub fn finish(self) {
        if let Some(Open { wake, writer, .. }) = self.0 {
            wake.end();
            // It tells itself what it cannot write.
            let _ = writer.join();
        }
    }
}

fn open(path: &Path) -> Result<cap_std::fs::File> {
    let mut file = private_file::open(path, OpenOptions::new().read(true).append(true))?;
    // A line that a crash has cut stays a line of its own.
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    if last != *b"\n" {
        file.write_all(b"\n")?;
    }
    Ok(file)
}
