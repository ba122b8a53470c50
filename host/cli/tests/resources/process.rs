//! What the system tells of a process.

use crate::common::Started;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

pub struct Process(PathBuf);

impl Process {
    pub fn of(program: &Started) -> Process {
        Process(PathBuf::from(format!("/proc/{}", program.id())))
    }

    pub fn is_running(&self) -> bool {
        !self.field("State:").starts_with('Z')
    }

    /// The time that all of its threads have used of a processor.
    pub fn processor_time(&self) -> Duration {
        let threads = fs::read_dir(self.0.join("task")).expect("it runs");
        let nanoseconds = threads.flatten().map(|thread| {
            // A thread may end meanwhile.
            let line = fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
            line.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0)
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    /// VmRSS.
    pub fn resident_bytes(&self) -> u64 {
        let kib = self.field("VmRSS:");
        let kib = kib.trim_end_matches(" kB").parse::<u64>().expect("a number");
        kib * 1024
    }

    /// How many descriptors are open.
    pub fn descriptors(&self) -> usize {
        fs::read_dir(self.0.join("fd")).expect("it runs").count()
    }

    fn field(&self, name: &str) -> String {
        let status = fs::read_to_string(self.0.join("status")).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.expect("Linux tells it").trim().to_owned()
    }
}
