//! What a datagram costs, side by side: guests on datagrant, native sockets, tokio, Node, `wasi:sockets`. Started by
//! `cargo xtask bench`, which builds what it needs.
//!
//! The runner starts one process for each contestant and one for the other side, and tells them what to do. A contestant
//! tells what it has used of a processor; the other side's cost is not counted.

mod cell;
mod datagram;
mod extra;
mod host;
mod machine;
mod measure;
mod order;
mod report;
mod stats;
mod subject;
mod sys;
mod traffic;
mod worker;

use crate::cell::{Contestant, Work};
use crate::measure::{Bench, Plan, Processors};
use crate::worker::Worker;
use anyhow::{Context, Result, bail};
use clap::{Args, Parser};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

#[derive(Parser)]
#[command(disable_help_subcommand = true)]
enum Options {
    /// Measures and reports.
    Run(Run),
    /// A contestant, for the runner.
    #[command(hide = true)]
    Subject { contestant: String, component: PathBuf },
    /// The other side, for the runner.
    #[command(hide = true)]
    Traffic,
    /// Other figures, for the runner.
    #[command(hide = true)]
    Extra { kind: String, component: PathBuf },
}

#[derive(Args)]
struct Run {
    /// Fewer rounds, IPv4 only.
    #[arg(long)]
    quick: bool,
    /// Write the rows to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Rewrite docs/benchmark.md and docs/benchmark.svg.
    #[arg(long)]
    write: bool,
    /// Only these works, contestants and other figures (boundary, decision, memory, neighbour, cold-start), with commas between;
    /// native runs always.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// The other side shares the contestant's processor in all works: steadier, and without the cost of two caches.
    #[arg(long)]
    together: bool,
    /// The component with the guests.
    #[arg(long, hide = true)]
    component: PathBuf,
    /// The component for cold starts.
    #[arg(long, hide = true)]
    first_echo: PathBuf,
    /// The program `datagrant`.
    #[arg(long, hide = true)]
    program: PathBuf,
    /// Node.
    #[arg(long, hide = true)]
    node: Option<PathBuf>,
    /// Why there is no Node.
    #[arg(long, hide = true, default_value = "no --node was given")]
    no_node: String,
    /// A component that is a contestant by itself, such as `quickjs=FILE`.
    #[arg(long, hide = true, value_name = "CONTESTANT=FILE", value_parser = of_contestant)]
    guest: Vec<(Contestant, String)>,
    /// Why there is none.
    #[arg(long, hide = true, value_name = "CONTESTANT=REASON", value_parser = of_contestant)]
    no_guest: Vec<(Contestant, String)>,
}

fn of_contestant(text: &str) -> Result<(Contestant, String)> {
    let (name, text) = text.split_once('=').context("no = in it")?;
    Ok((Contestant::named(name).context("no such contestant")?, text.to_owned()))
}

/// What is measured, as files.
struct Paths {
    component: PathBuf,
    first_echo: PathBuf,
    program: PathBuf,
    /// Or why there is none.
    node: Result<PathBuf, String>,
    /// Contestants that are components by themselves, or why they are none.
    guests: BTreeMap<Contestant, Result<PathBuf, String>>,
}

impl Paths {
    /// What this contestant runs.
    fn component(&self, contestant: Contestant) -> Result<&Path> {
        if !contestant.is_program() {
            return Ok(&self.component);
        }
        match self.guests.get(&contestant) {
            Some(Ok(file)) => Ok(file),
            Some(Err(reason)) => bail!("{reason}"),
            None => bail!("no --guest {}=FILE was given", contestant.name()),
        }
    }
}

fn main() -> Result<()> {
    match Options::parse() {
        Options::Run(options) => run(options),
        Options::Subject { contestant, component } => {
            let contestant = Contestant::named(&contestant).context("no such contestant")?;
            subject::run(contestant, &component)
        }
        Options::Traffic => traffic::run(),
        Options::Extra { kind, component } => extra::run(&kind, &component),
    }
}

fn run(options: Run) -> Result<()> {
    let started = Instant::now();
    let load = machine::Load::begin();
    worker::end_children_on_signals()?;
    let paths = Paths {
        component: options.component,
        first_echo: options.first_echo,
        program: options.program,
        node: options.node.ok_or(options.no_node),
        guests: (options.guest.into_iter().map(|(name, file)| (name, Ok(file.into()))))
            .chain(options.no_guest.into_iter().map(|(name, reason)| (name, Err(reason))))
            .collect(),
    };
    let mut plan = Plan::new(options.quick);
    plan.together = options.together;
    let extras = restrict(&mut plan, &options.only)?;
    // One processor for the contestant, one for the other side: where each runs is no matter of luck.
    let processors = sys::processors()?;
    let (ours, theirs) = match processors.as_slice() {
        [first, .., last] => (Some(*last), Some(*first)),
        _ => (None, None),
    };
    let processors = Processors {
        contestant: ours,
        other: theirs,
    };
    for contestant in &plan.contestants {
        if let Some(Ok(file)) = paths.guests.get(contestant) {
            // Into the cache: what a contestant is asked for it answers at once, and engines take long to be compiled.
            eprintln!("compiling {}", contestant.name());
            drop(host::Program::new(file)?);
        }
    }
    let traffic = Worker::start("the other side", this()?.arg("traffic"), theirs)?;
    let start = |contestant| start(contestant, &paths, ours);
    let mut bench = Bench::new(&start, traffic, processors);
    let rows = bench.run(&plan)?;
    drop(bench);
    let extras = extra::measure(&paths, ours, options.quick, |kind| extras.iter().any(|e| e == kind))?;

    let report = report::Report {
        others: load.of_others(),
        machine: machine::Machine::here(paths.node.as_deref()),
        rows,
        extras,
        rounds: plan.rounds,
        milliseconds: plan.time.as_millis(),
        took: started.elapsed(),
        command: if options.quick {
            "cargo xtask bench --quick"
        } else {
            "cargo xtask bench"
        },
    };
    print!("{}", report.text());
    if let Some(file) = options.json {
        std::fs::write(&file, report.json()).with_context(|| format!("cannot write {}", file.display()))?;
        eprintln!("wrote {}", file.display());
    }
    if options.write {
        let docs = manifest().join("../../docs");
        std::fs::create_dir_all(&docs)?;
        let profile = std::fs::read_to_string(manifest().join("profile.md"))?;
        std::fs::write(docs.join("benchmark.md"), report.page(&profile))?;
        std::fs::write(docs.join("benchmark.svg"), report.picture())?;
        eprintln!("wrote docs/benchmark.md and docs/benchmark.svg");
    }
    Ok(())
}

/// Leaves what is named. What remains of the other figures is the answer.
fn restrict(plan: &mut Plan, only: &[String]) -> Result<Vec<String>> {
    let kinds = || extra::KINDS.into_iter().chain(["cold-start"]).map(str::to_owned);
    if only.is_empty() {
        return Ok(kinds().collect());
    }
    let works: Vec<Work> = only.iter().filter_map(|name| Work::named(name)).collect();
    let contestants: Vec<Contestant> = only.iter().filter_map(|name| Contestant::named(name)).collect();
    let extras: Vec<String> = kinds().filter(|kind| only.contains(kind)).collect();
    if works.len() + contestants.len() + extras.len() != only.len() {
        bail!(
            "--only {}: not all of these are works, contestants or other figures",
            only.join(",")
        );
    }
    if works.is_empty() && contestants.is_empty() {
        plan.cells.clear();
    }
    plan.cells.retain(|cell| works.is_empty() || works.contains(&cell.work));
    plan.contestants
        .retain(|c| *c == Contestant::Native || contestants.is_empty() || contestants.contains(c));
    Ok(extras)
}

fn start(contestant: Contestant, paths: &Paths, processor: Option<usize>) -> Result<Worker> {
    let mut command = match contestant {
        Contestant::Node => {
            let mut node = Command::new(paths.node.as_ref().map_err(|reason| anyhow::anyhow!("{reason}"))?);
            node.arg(node_program("subject.js"));
            node
        }
        Contestant::Asyncio => {
            let mut python = Command::new("python3");
            python.arg(manifest().join("python/subject.py"));
            python
        }
        _ => {
            let mut command = this()?;
            command.arg("subject").arg(contestant.name());
            command.arg(paths.component(contestant)?);
            command
        }
    };
    Worker::start(contestant.name(), &mut command, processor)
}

/// This program, once more.
fn this() -> Result<Command> {
    Ok(Command::new(
        std::env::current_exe().context("cannot find this program")?,
    ))
}

fn manifest() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn node_program(name: &str) -> PathBuf {
    manifest().join("node").join(name)
}

/// Where the benchmark keeps what it makes.
fn folder() -> Result<PathBuf> {
    let folder = manifest().join("../../target/bench");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.canonicalize()?)
}
