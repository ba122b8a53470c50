//! `--record FILE`: what a guest's sockets send and receive, as a capture that Wireshark reads, and what `--replay` needs
//! beside it. The format is docs/record.md.
//!
//! - [`Recording`]: the file, and the thread that writes it
//! - [`Head`], [`block`]: what stands in it that is no datagram

pub mod block;
mod comment;
pub mod packet;
mod queue;
mod tap;
mod writer;

pub use block::Head;
pub use writer::DATAGRAMS;

use crate::guest::Guest;
use crate::on_tape::{self, OnTape};
use crate::private_file;
use crate::status::Status;
use anyhow::{Context, Result};
use cap_std::fs::{OpenOptions, Permissions, PermissionsExt};
use datagrant::Tape;
use queue::Queue;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use tap::Tap;
use writer::Writer;

/// A capture file that is open, or none.
pub struct Recording(Option<Open>);

struct Open {
    queue: Arc<Queue>,
    writer: JoinHandle<()>,
    seed: [u8; 32],
}

impl Recording {
    /// Makes the file at `path` anew, for this user alone. Before anything runs: what cannot be written is not run.
    ///
    /// `capture_only` says why it cannot be replayed, if it cannot.
    pub fn open(path: Option<&Path>, guest: &Guest, capture_only: Option<&str>) -> Result<Recording> {
        let Some(path) = path else { return Ok(Recording(None)) };
        let head = Head {
            seed: on_tape::fresh_seed()?,
            capture_only: capture_only.map(str::to_owned),
            component: guest.path().to_string_lossy().into_owned(),
        };
        let cannot = || format!("cannot write the capture file {}", path.display());
        let file = private_file::open(path, OpenOptions::new().write(true).truncate(true)).with_context(cannot)?;
        // One that was there may be for others too; what a guest sends is not.
        file.set_permissions(Permissions::from_mode(0o600))
            .with_context(cannot)?;
        let queue = Arc::new(Queue::default());
        let mut writer = Writer::new(file, path, queue.clone(), capture_only.is_none());
        writer.begin(&head).with_context(cannot)?;
        let writer = thread::Builder::new()
            .name("record".to_owned())
            .spawn(move || writer.write())?;
        Ok(Recording(Some(Open {
            queue,
            writer,
            seed: head.seed,
        })))
    }

    /// What an instance asks the system by, so that it is written down: that of this worker, counted from 1; none: there is
    /// but one.
    pub fn tape(&self, worker: Option<usize>) -> Option<Tape> {
        let open = self.0.as_ref()?;
        Some(Tape::record(Tap::new(worker, open.queue.clone())))
    }

    /// What the one instance asks by, so that it can be replayed.
    pub fn on_tape(&self) -> Option<OnTape> {
        let seed = self.0.as_ref()?.seed;
        let tape = self.tape(None)?;
        Some(OnTape { tape, seed })
    }

    /// Writes what is left, and how it ended.
    pub fn finish(self, status: Option<Status>) {
        if let Some(Open { queue, writer, .. }) = self.0 {
            queue.end(status);
            // It tells itself what it cannot write.
            let _ = writer.join();
        }
    }
}
