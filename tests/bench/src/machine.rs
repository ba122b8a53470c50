//! Where it was measured.

use std::path::Path;
use std::process::Command;

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
