//! From the start of a process to its first echo.

use super::Extra;
use crate::Paths;
use crate::stats::Summary;
use crate::sys;
use crate::worker::Guarded;
use anyhow::{Context, Result, ensure};
use std::net::UdpSocket;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(5);

/// One start: time until the echo is back, and what the process has used by then.
struct Start {
    wall: Duration,
    cpu: Duration,
}

pub fn measure(paths: &Paths, times: usize) -> Result<Vec<Extra>> {
    let here = UdpSocket::bind("127.0.0.1:0")?;
    here.set_read_timeout(Some(PATIENCE))?;
    let address = here.local_addr()?.to_string();
    // Private to the user, as the program wants it, and its own.
    let caches = crate::folder()?.join("home");
    std::fs::create_dir_all(&caches)?;
    let compiled = crate::folder()?.join("first-echo.cwasm");
    let mut compile = Command::new(&paths.program);
    compile
        .arg("compile")
        .arg(&paths.first_echo)
        .arg("-o")
        .arg(&compiled)
        .stdout(Stdio::null());
    ensure!(compile.status()?.success(), "the guest does not compile");
    let datagrant = |component: &Path| {
        let mut command = Command::new(&paths.program);
        command.arg("run").arg("--allow-precompiled").arg(component);
        command.args(["--allow-bind", "127.0.0.1:0", "--allow-send", &address, "--", &address]);
        command.env("XDG_CACHE_HOME", &caches);
        command
    };
    let node = || {
        let mut command = Command::new(paths.node.clone().unwrap_or_default());
        command.arg(crate::node_program("first-echo.js")).arg(&address);
        command
    };
    let mut all = Vec::new();
    let mut results: [(&str, Result<Vec<Start>>); 3] = [
        ("datagrant run, compiled code cached", Ok(Vec::new())),
        ("datagrant run, compiled ahead", Ok(Vec::new())),
        (
            "node",
            paths.node.clone().map(|_| Vec::new()).map_err(anyhow::Error::msg),
        ),
    ];
    // The first round fills caches, of the disk too.
    for round in 0..=times {
        for (i, (_, starts)) in results.iter_mut().enumerate() {
            let Ok(list) = starts else { continue };
            let mut command = match i {
                0 => datagrant(&paths.first_echo),
                1 => datagrant(&compiled),
                _ => node(),
            };
            match once(&here, &mut command) {
                Ok(_) if round == 0 => {}
                Ok(start) => list.push(start),
                Err(error) => *starts = Err(error),
            }
        }
    }
    for (name, starts) in results {
        for (what, of) in [("", Start::wall as fn(&Start) -> f64), (", CPU", Start::cpu)] {
            let outcome = match &starts {
                Ok(starts) => Summary::of(starts.iter().map(of).collect()).ok_or_else(|| "no start".to_owned()),
                Err(error) => Err(format!("{error:#}")),
            };
            all.push(Extra {
                kind: "cold-start".to_owned(),
                name: format!("{name}{what}"),
                unit: "ms".to_owned(),
                outcome,
            });
        }
    }
    Ok(all)
}

impl Start {
    fn wall(&self) -> f64 {
        self.wall.as_secs_f64() * 1e3
    }

    fn cpu(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e3
    }
}

fn once(here: &UdpSocket, command: &mut Command) -> Result<Start> {
    let mut buffer = [0; 64];
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let child = Guarded::spawn(command, None)?;
    let (length, there) = here.recv_from(&mut buffer).context("it does not start")?;
    ensure!(&buffer[..length] == b"here", "a stranger wrote");
    here.send_to(b"first", there)?;
    let (length, from) = here.recv_from(&mut buffer).context("no echo")?;
    let wall = started.elapsed();
    ensure!(from == there && &buffer[..length] == b"first", "a wrong echo");
    let cpu = sys::processor_time_of(child.pid())?;
    Ok(Start { wall, cpu })
}
