//! What is no contest: the boundary alone, decisions, cold starts, memory, neighbours.

mod boundary;
mod cold;
mod decision;
mod memory;
mod neighbour;

use crate::Paths;
use crate::stats::Summary;
use crate::worker::Worker;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::time::Duration;

/// For one figure.
const LIMIT: Duration = Duration::from_secs(60);

/// One figure.
pub struct Extra {
    pub kind: String,
    pub name: String,
    /// `ns`, `ms`, `bytes` or `times`.
    pub unit: String,
    pub outcome: Result<Summary, String>,
}

/// The kinds that are measured in a process of their own.
pub const KINDS: [&str; 4] = ["boundary", "decision", "memory", "neighbour"];

/// In that process: measures and prints, a line each.
pub fn run(kind: &str, component: &Path) -> Result<()> {
    let _orders = crate::order::lines();
    match kind {
        "boundary" => boundary::run(component)?,
        "decision" => decision::run()?,
        "memory" => memory::run(component)?,
        "neighbour" => neighbour::run(component)?,
        _ => bail!("no figures of the kind {kind}"),
    }
    println!("done");
    Ok(())
}

fn tell(kind: &str, name: &str, unit: &str, values: Vec<f64>) -> Result<()> {
    let Summary { low, median, high } = Summary::of(values).context("no values")?;
    println!("figure {kind} {unit} {low} {median} {high} {name}");
    Ok(())
}

/// In the runner: all of them.
pub fn measure(
    paths: &Paths,
    processor: Option<usize>,
    quick: bool,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Extra>> {
    let mut all = Vec::new();
    for kind in KINDS.into_iter().filter(|kind| wanted(kind)) {
        eprintln!("{kind}");
        if let Err(error) = of_kind(kind, paths, processor, &mut all) {
            eprintln!("  {kind}: {error:#}");
            all.push(Extra {
                kind: kind.to_owned(),
                name: kind.to_owned(),
                unit: String::new(),
                outcome: Err(format!("{error:#}")),
            });
        }
    }
    if wanted("cold-start") {
        eprintln!("cold-start");
        all.extend(cold::measure(paths, if quick { 10 } else { 20 })?);
    }
    Ok(all)
}

fn of_kind(kind: &str, paths: &Paths, processor: Option<usize>, all: &mut Vec<Extra>) -> Result<()> {
    let mut worker = Worker::start(
        kind,
        crate::this()?.arg("extra").arg(kind).arg(&paths.component),
        // Two guests have a processor each, where there are two.
        processor.filter(|_| kind != "neighbour"),
    )?;
    loop {
        let line = worker.line(LIMIT)?;
        if line == "done" {
            return Ok(());
        }
        all.push(parse(&line).with_context(|| format!("not a figure: {line}"))?);
    }
}

fn parse(line: &str) -> Option<Extra> {
    let mut words = line.strip_prefix("figure ")?.splitn(6, ' ').map(str::to_owned);
    let (kind, unit) = (words.next()?, words.next()?);
    let mut number = || words.next()?.parse().ok();
    let summary = Summary {
        low: number()?,
        median: number()?,
        high: number()?,
    };
    Some(Extra {
        kind,
        name: words.next()?,
        unit,
        outcome: Ok(summary),
    })
}
