//! The matrix, measured in rounds: each round has every contestant once, in an order that rotates, so that what
//! disturbs the machine disturbs all of them.

use crate::cell::{Cell, Contestant, Family, Work};
use crate::order::Order;
use crate::stats::Summary;
use crate::subject::Missing;
use crate::worker::Worker;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

/// No single measurement takes longer; then it failed.
pub const LIMIT: Duration = Duration::from_secs(10);
/// Beyond that, a process is taken for lost.
const ANSWER: Duration = Duration::from_secs(15);
/// To learn how long a datagram takes, and for Node's compiler.
const WARM_UP: [u64; 2] = [2_000, 20_000];

/// How much is measured.
pub struct Plan {
    pub cells: Vec<Cell>,
    pub contestants: Vec<Contestant>,
    pub rounds: usize,
    /// Whether everything shares one processor.
    pub together: bool,
    /// How long one measurement should take.
    pub time: Duration,
}

impl Plan {
    pub fn new(quick: bool) -> Plan {
        let families: &[Family] = if quick { &[Family::Ipv4] } else { Family::ALL };
        let mut cells = Vec::new();
        for &family in families {
            for &work in Work::ALL {
                cells.extend([64, 1200].map(|bytes| Cell { work, family, bytes }));
            }
        }
        Plan {
            cells,
            contestants: Contestant::ALL.to_vec(),
            together: false,
            rounds: if quick { 7 } else { 15 },
            time: Duration::from_millis(if quick { 120 } else { 250 }),
        }
    }
}

/// What one contestant used for one datagram, in one round.
#[derive(Clone, Copy, Debug)]
struct Sample {
    cpu_ns: f64,
    wall_ns: f64,
}

/// A contestant's result in a cell.
pub struct Row {
    pub cell: Cell,
    pub contestant: Contestant,
    pub outcome: Result<Figures, String>,
}

pub struct Figures {
    pub cpu_ns: Summary,
    pub wall_ns: Summary,
    /// Of ratios within rounds.
    pub to_native: Option<Summary>,
    /// GRO and GSO, for those that have them.
    pub to_native_offload: Option<Summary>,
    pub to_node: Option<Summary>,
    /// For the same Python in a guest.
    pub to_asyncio: Option<Summary>,
    /// For the same guest over our `wasi:sockets`: to wasmtime-wasi's.
    pub to_wasmtime_wasi: Option<Summary>,
}

/// Who runs where, so that it is no matter of luck. None where there is but one processor.
#[derive(Clone, Copy, Debug)]
pub struct Processors {
    pub contestant: Option<usize>,
    pub other: Option<usize>,
}

/// How to start a contestant; an error is the reason why it is missing.
pub type Start<'a> = dyn Fn(Contestant) -> Result<Worker> + 'a;

pub struct Bench<'a> {
    start: &'a Start<'a>,
    traffic: Worker,
    processors: Processors,
    subjects: BTreeMap<Contestant, Result<Worker, String>>,
}

impl<'a> Bench<'a> {
    pub fn new(start: &'a Start<'a>, traffic: Worker, processors: Processors) -> Self {
        Bench {
            start,
            traffic,
            processors,
            subjects: BTreeMap::new(),
        }
    }

    /// All of it.
    pub fn run(&mut self, plan: &Plan) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for (i, &cell) in plan.cells.iter().enumerate() {
            eprint!(
                "[{}/{}] {} of {} bytes, {}",
                i + 1,
                plan.cells.len(),
                cell.work.name(),
                cell.bytes,
                cell.family.name()
            );
            rows.extend(self.cell(plan, cell)?);
            eprintln!();
        }
        Ok(rows)
    }

    fn cell(&mut self, plan: &Plan, cell: Cell) -> Result<Vec<Row>> {
        let contestants: Vec<Contestant> = plan.contestants.iter().copied().filter(|c| c.does(cell.work)).collect();
        let together = cell.work.takes_turns() || plan.together;
        self.traffic.pin(if together {
            self.processors.contestant
        } else {
            self.processors.other
        });
        let mut counts = BTreeMap::new();
        let mut problems = BTreeMap::new();
        for &contestant in &contestants {
            match self.warm_up(contestant, cell, plan.time) {
                Ok(count) => drop(counts.insert(contestant, count)),
                Err(error) => drop(problems.insert(contestant, self.problem(contestant, &error))),
            }
        }
        let mut rounds: Vec<BTreeMap<Contestant, Sample>> = Vec::new();
        for round in 0..plan.rounds {
            eprint!(".");
            let mut samples = BTreeMap::new();
            for i in 0..contestants.len() {
                let contestant = contestants[(i + round) % contestants.len()];
                let Some(&count) = counts.get(&contestant) else {
                    continue;
                };
                if problems.contains_key(&contestant) {
                    continue;
                }
                match self.once(contestant, cell, count) {
                    Ok(sample) => drop(samples.insert(contestant, sample)),
                    Err(error) => drop(problems.insert(contestant, self.problem(contestant, &error))),
                }
            }
            rounds.push(samples);
        }
        let row = |&contestant: &Contestant| Row {
            cell,
            contestant,
            outcome: match problems.remove(&contestant) {
                Some(problem) => Err(problem),
                None => figures(contestant, &rounds).ok_or_else(|| "no round".to_owned()),
            },
        };
        Ok(contestants.iter().map(row).collect())
    }

    /// Said at once. A contestant that failed, rather than lacks something, is started anew for the next cell.
    fn problem(&mut self, contestant: Contestant, error: &anyhow::Error) -> String {
        if !error.is::<Missing>() {
            eprint!("\n  {}: {error:#}\n  ", contestant.name());
            if self.subjects.get(&contestant).is_some_and(Result::is_ok) {
                self.subjects.remove(&contestant);
            }
        }
        format!("{error:#}")
    }

    /// How many datagrams fill the time.
    fn warm_up(&mut self, contestant: Contestant, cell: Cell, time: Duration) -> Result<u64> {
        let mut count = 0;
        for few in WARM_UP {
            let sample = self.once(contestant, cell, few)?;
            let fills = time.as_nanos() as f64 / sample.wall_ns;
            count = (fills as u64).clamp(1_000, 20_000_000);
            if count < WARM_UP[1] {
                break;
            }
        }
        Ok(count)
    }

    fn once(&mut self, contestant: Contestant, cell: Cell, count: u64) -> Result<Sample> {
        let start = self.start;
        let subject = self
            .subjects
            .entry(contestant)
            .or_insert_with(|| start(contestant).map_err(|error| format!("{error:#}")));
        let subject = match subject {
            Ok(subject) => subject,
            Err(reason) => return Err(anyhow::Error::new(Missing(reason.clone()))),
        };
        let traffic = &mut self.traffic;
        let Cell { work, family, bytes } = cell;
        let mut order = Order {
            work: work.task(),
            family,
            bytes,
            count,
            to: None,
        };
        let done = match work {
            Work::Send => {
                traffic.tell(&format!("sink {}", family.name()))?;
                order.to = Some(traffic.answer("at", ANSWER)?.parse()?);
                subject.tell(&order.line())?;
                subject.answer("at", ANSWER)?;
                let done = Done::parse(&subject.answer("done", ANSWER)?)?;
                traffic.tell(&format!("count {bytes} {}", done.count))?;
                traffic.answer("done", ANSWER)?;
                done
            }
            Work::Receive => {
                subject.tell(&order.line())?;
                let at: SocketAddr = subject.answer("at", ANSWER)?.parse()?;
                traffic.tell(&format!("flood {at} {bytes}"))?;
                let done = subject.answer("done", ANSWER);
                traffic.tell("stop")?;
                traffic.answer("done", ANSWER)?;
                Done::parse(&done?)?
            }
            Work::Echo | Work::Rtt | Work::RttApart => {
                subject.tell(&order.line())?;
                let at: SocketAddr = subject.answer("at", ANSWER)?.parse()?;
                traffic.tell(&format!("window {at} {bytes} {} {count}", work.window()))?;
                let done = subject.answer("done", ANSWER);
                traffic.answer("done", ANSWER)?;
                Done::parse(&done?)?
            }
        };
        if done.count < count {
            bail!("{} of {count} datagrams", done.count);
        }
        Ok(Sample {
            cpu_ns: done.cpu_ns / done.count as f64,
            wall_ns: done.wall_ns / done.count as f64,
        })
    }
}

/// What a subject says it has used.
struct Done {
    cpu_ns: f64,
    wall_ns: f64,
    count: u64,
}

impl Done {
    fn parse(answer: &str) -> Result<Done> {
        let mut words = answer.split(' ');
        let mut next = || words.next().with_context(|| format!("not a result: {answer}"));
        Ok(Done {
            cpu_ns: next()?.parse()?,
            wall_ns: next()?.parse()?,
            count: next()?.parse()?,
        })
    }
}

fn figures(contestant: Contestant, rounds: &[BTreeMap<Contestant, Sample>]) -> Option<Figures> {
    let own = |of: fn(&Sample) -> f64| Summary::of(rounds.iter().filter_map(|r| r.get(&contestant).map(of)).collect());
    let to = |other: Contestant| {
        let ratio =
            |round: &BTreeMap<Contestant, Sample>| Some(round.get(&contestant)?.cpu_ns / round.get(&other)?.cpu_ns);
        Summary::of(rounds.iter().filter_map(ratio).collect())
    };
    let is_the_same_guest = contestant == Contestant::WasiSocketsOurs;
    Some(Figures {
        cpu_ns: own(|s| s.cpu_ns)?,
        wall_ns: own(|s| s.wall_ns)?,
        to_native: to(Contestant::Native),
        to_native_offload: contestant.is_offload().then(|| to(Contestant::NativeOffload)).flatten(),
        to_node: to(Contestant::Node),
        to_asyncio: (contestant == Contestant::Python)
            .then(|| to(Contestant::Asyncio))
            .flatten(),
        to_wasmtime_wasi: is_the_same_guest.then(|| to(Contestant::WasiSockets)).flatten(),
    })
}
