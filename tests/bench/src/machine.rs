//! Where it was measured.

use crate::sys;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// A description, for the page.
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub hypervisor: bool,
    pub kernel: String,
    pub rustc: String,
    pub node: String,
    pub commit: String,
    pub date: String,
}

impl Machine {
    pub fn here(node: Result<&Path, &String>) -> Machine {
        let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let field = |name: &str| {
            let line = cpuinfo.lines().find(|line| line.starts_with(name))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        };
        let hypervisor = field("flags").is_some_and(|flags| flags.split(' ').any(|flag| flag == "hypervisor"));
        let model = ["cpu family", "model\t", "stepping"].map(|name| field(name).unwrap_or_default());
        Machine {
            processor: format!(
                "{} (family {}, model {}, stepping {})",
                field("model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
                model[0],
                model[1],
                model[2]
            ),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            hypervisor,
            kernel: says("uname", &["-sr"]),
            rustc: says("rustc", &["--version"]),
            node: match node {
                Ok(node) => says(&node.to_string_lossy(), &["--version"]),
                Err(reason) => reason.clone(),
            },
            commit: says("git", &["describe", "--always", "--dirty"]),
            date: says("date", &["-u", "+%Y-%m-%d"]),
        }
    }
}

/// What a program prints on one line.
fn says(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    let text = output.ok().filter(|o| o.status.success()).map(|o| o.stdout);
    match text {
        Some(text) => String::from_utf8_lossy(&text).trim().to_owned(),
        None => "unknown".to_owned(),
    }
}

/// What other programs do meanwhile.
pub struct Load {
    since: Instant,
    busy: Option<f64>,
}

impl Load {
    pub fn begin() -> Load {
        Load {
            since: Instant::now(),
            busy: busy(),
        }
    }

    /// As a share of all processors, once all children have ended.
    pub fn of_others(&self) -> Option<f64> {
        let busy = busy()? - self.busy?;
        let ours = (sys::processor_time() + sys::processor_time_of_ended_children().ok()?).as_secs_f64();
        let processors = std::thread::available_parallelism().ok()?.get() as f64;
        Some(((busy - ours) / self.since.elapsed().as_secs_f64() / processors).clamp(0.0, 1.0))
    }
}

/// Seconds that all processors together have worked since the start of the system.
fn busy() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let ticks = stat.lines().next()?.split_whitespace().skip(1).map(str::parse::<f64>);
    let ticks: Vec<f64> = ticks.collect::<Result<_, _>>().ok()?;
    // user, nice, system, idle, iowait, irq, softirq, steal, ...; Linux counts in hundredths of a second.
    let [user, nice, system, _, _, irq, softirq, steal, ..] = ticks.as_slice() else {
        return None;
    };
    Some((user + nice + system + irq + softirq + steal) / 100.0)
}
