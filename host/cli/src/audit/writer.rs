//! The thread that writes: the guest waits for no disk.

use super::Tap;
use super::line::Line;
use cap_std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often counts are written.
const INTERVAL: Duration = Duration::from_secs(10);

/// How the taps tell the writer that there is something.
#[derive(Default)]
pub struct Wake {
    told: Mutex<Told>,
    condition: Condvar,
}

#[derive(Default)]
struct Told {
    something: bool,
    end: bool,
}

impl Wake {
    pub fn wake(&self) {
        self.told().something = true;
        self.condition.notify_one();
    }

    pub fn end(&self) {
        self.told().end = true;
        self.condition.notify_one();
    }

    /// Until there is something, or it is that late. Whether it is the end.
    fn wait(&self, until: Instant) -> bool {
        let left = until.saturating_duration_since(Instant::now());
        let idle = |told: &mut Told| !told.something && !told.end;
        let waited = self.condition.wait_timeout_while(self.told(), left, idle);
        let (mut told, _) = waited.unwrap_or_else(PoisonError::into_inner);
        told.something = false;
        told.end
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub struct Writer {
    file: File,
    path: PathBuf,
    taps: Vec<Arc<Tap>>,
    wake: Arc<Wake>,
    /// A write has failed, and may have left half a line.
    failed: bool,
    told: bool,
}

impl Writer {
    pub fn new(file: File, path: &Path, taps: Vec<Arc<Tap>>, wake: Arc<Wake>) -> Writer {
        Writer {
            file,
            path: path.to_owned(),
            taps,
            wake,
            failed: false,
            told: false,
        }
    }

    /// Until the end.
    pub fn write(mut self) {
        let mut next_counts = Instant::now() + INTERVAL;
        loop {
            let end = self.wake.wait(next_counts);
            let counts = end || Instant::now() >= next_counts;
            if counts {
                next_counts = Instant::now() + INTERVAL;
            }
            let mut text = String::new();
            for tap in &self.taps {
                tap.take(counts, &mut text);
            }
            if end {
                text.push_str(&Line::event("ended").finish());
            }
            self.put(&text);
            if end {
                return;
            }
        }
    }

    /// Where that fails, the guest goes on: it is told once, and tried again with what comes next.
    fn put(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let written = self.try_put(text);
        self.failed = written.is_err();
        if let Err(error) = written
            && !self.told
        {
            self.told = true;
            let path = self.path.display();
            tell!("datagrant: cannot write the audit file {path}: {error}; some decisions are not in it");
        }
    }

    fn try_put(&mut self, text: &str) -> io::Result<()> {
        if self.failed {
            self.file.write_all(b"\n")?;
        }
        self.file.write_all(text.as_bytes())
    }
}
