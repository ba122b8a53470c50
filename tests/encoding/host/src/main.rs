//! Hands bursts to guests and takes them back, checks every value, and measures processor time per datagram.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rustix::time::{ClockId, clock_gettime};
use wasmtime::component::{Component, Linker, ResourceTable, TypedFunc, WasmList};
use wasmtime::{Config, Engine, Store, StoreContextMut};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

mod burst;
use burst::Burst;

/// Processor time of one measurement, about.
const SLICE: Duration = Duration::from_millis(8);
/// The bits of a guest's sum that count: componentize-qjs 0.4.5 answers 0x7fffffff for any greater u32.
const SUM: u32 = 0x7fff_ffff;
const WORKS: [&str; 4] = ["cross-in", "decode", "cross-out", "encode"];
const STRIDES: [u32; 2] = [32, 64];

type Work = TypedFunc<(u32, u32), (u32,)>;

struct State {
    wasi: WasiCtx,
    table: ResourceTable,
    burst: Arc<Burst>,
    /// The headers and the payload of the last send, where they are to be checked.
    check: Option<Sent>,
}

#[derive(Default)]
struct Sent {
    bytes: Vec<u8>,
    words: Vec<u32>,
    payload: Vec<u8>,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

struct Guest {
    name: String,
    store: Store<State>,
    styles: Vec<String>,
    prepare: TypedFunc<(u32, u32), ()>,
    works: Vec<Work>,
}

fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::<State>::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    let mut wire = linker.instance("datagrant:encoding/wire@0.1.0")?;
    // Answers are lowered straight from what the host has, lists are read in place: what the real `bursts` does.
    wire.func_wrap("receive-bytes", |store: StoreContextMut<'_, State>, ()| {
        let burst = &store.data().burst;
        Ok(((burst.bytes.clone(), burst.payload.clone()),))
    })?;
    wire.func_wrap("receive-words", |store: StoreContextMut<'_, State>, ()| {
        let burst = &store.data().burst;
        Ok(((burst.words.clone(), burst.payload.clone()),))
    })?;
    wire.func_wrap(
        "send-bytes",
        |mut store: StoreContextMut<'_, State>, (headers, payload): (WasmList<u8>, WasmList<u8>)| {
            let (bytes, all) = (headers.as_le_slice(&store), payload.as_le_slice(&store));
            let answer = (bytes.len() / 4 + all.len()) as u32;
            if store.data().check.is_some() {
                let (bytes, payload, words) = (bytes.to_vec(), all.to_vec(), Vec::new());
                store.data_mut().check = Some(Sent { bytes, words, payload });
            }
            Ok((answer,))
        },
    )?;
    wire.func_wrap(
        "send-words",
        |mut store: StoreContextMut<'_, State>, (headers, payload): (WasmList<u32>, WasmList<u8>)| {
            let (words, all) = (headers.as_le_slice(&store), payload.as_le_slice(&store));
            let answer = (words.len() + all.len()) as u32;
            if store.data().check.is_some() {
                let (words, payload, bytes) = (words.to_vec(), all.to_vec(), Vec::new());
                store.data_mut().check = Some(Sent { bytes, words, payload });
            }
            Ok((answer,))
        },
    )?;
    Ok(linker)
}

impl Guest {
    fn load(linker: &Linker<State>, path: &Path) -> Result<Self> {
        let component = Component::from_file(linker.engine(), path)?;
        let state = State {
            wasi: WasiCtx::builder().inherit_stderr().build(),
            table: ResourceTable::new(),
            burst: Arc::new(Burst::new(32)),
            check: None,
        };
        let mut store = Store::new(linker.engine(), state);
        let instance = linker.instantiate(&mut store, &component)?;
        let styles: TypedFunc<(), (Vec<String>,)> = instance.get_typed_func(&mut store, "styles")?;
        let (styles,) = styles.call(&mut store, ())?;
        let prepare = instance.get_typed_func(&mut store, "prepare")?;
        let mut works = Vec::new();
        for work in WORKS {
            works.push(instance.get_typed_func(&mut store, work)?);
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self {
            name,
            store,
            styles,
            prepare,
            works,
        })
    }

    fn prepare(&mut self, style: u32, stride: u32) -> Result<()> {
        self.store.data_mut().burst = Arc::new(Burst::new(stride));
        Ok(self.prepare.call(&mut self.store, (style, stride))?)
    }

    /// Does some work `times` times, checks the answer, and says what it cost.
    fn run(&mut self, work: usize, style: u32, times: u32) -> Result<Duration> {
        let burst = self.store.data().burst.clone();
        let words = self.styles[style as usize].starts_with('w');
        let once = match (WORKS[work], words) {
            ("cross-in", false) => burst.bytes.len() as u32,
            ("cross-in", true) => burst.words.len() as u32,
            ("decode", _) => burst.sum(),
            _ => (burst.words.len() + burst.payload.len()) as u32,
        };
        let before = clock_gettime(ClockId::ThreadCPUTime);
        let (answer,) = self.works[work].call(&mut self.store, (style, times))?;
        let after = clock_gettime(ClockId::ThreadCPUTime);
        ensure!(
            answer & SUM == once.wrapping_mul(times) & SUM,
            "{} of {}, {}: {answer} is not {times} times {once}",
            WORKS[work],
            self.name,
            self.styles[style as usize],
        );
        Ok(Duration::try_from(after - before)?)
    }

    /// What a guest decodes and encodes again is what it was given, in every bit.
    fn check(&mut self, style: u32) -> Result<()> {
        self.store.data_mut().check = Some(Sent::default());
        self.run(3, style, 1)?;
        let sent = self.store.data_mut().check.take().context("nothing was sent")?;
        let burst = &self.store.data().burst;
        let headers = if self.styles[style as usize].starts_with('w') {
            sent.words[..] == burst.words[..] && sent.bytes.is_empty()
        } else {
            sent.bytes[..] == burst.bytes[..] && sent.words.is_empty()
        };
        ensure!(
            headers,
            "{}, {}: other headers came back",
            self.name,
            self.styles[style as usize]
        );
        ensure!(
            sent.payload[..] == burst.payload[..],
            "{}: another payload came back",
            self.name
        );
        Ok(())
    }
}

struct Row {
    guest: usize,
    style: u32,
    stride: u32,
    times: [u32; 4],
    /// Nanoseconds per datagram, a round each.
    costs: [Vec<f64>; 4],
}

fn per_datagram(cost: Duration, times: u32) -> f64 {
    cost.as_nanos() as f64 / f64::from(times) / burst::HEADERS as f64
}

/// The median, and the quartiles as its spread.
fn quartiles(costs: &mut [f64]) -> [f64; 3] {
    costs.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| costs[(costs.len() - 1) * quarter / 4])
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let rounds: usize = arguments
        .next()
        .context("usage: encoding-host ROUNDS GUEST.wasm...")?
        .parse()?;
    let mut config = Config::new();
    config.concurrency_support(false);
    let linker = linker(&Engine::new(&config)?)?;
    let mut guests = Vec::new();
    for path in arguments.map(PathBuf::from) {
        guests.push(Guest::load(&linker, &path).with_context(|| path.display().to_string())?);
    }

    let mut rows = Vec::new();
    for (number, guest) in guests.iter_mut().enumerate() {
        for style in 0..guest.styles.len() as u32 {
            for stride in STRIDES {
                guest.prepare(style, stride)?;
                guest.check(style)?;
                let mut times = [1; 4];
                for (work, times) in times.iter_mut().enumerate() {
                    let mut cost = guest.run(work, style, *times)?;
                    while cost < SLICE {
                        *times *= 2;
                        cost = guest.run(work, style, *times)?;
                    }
                }
                let costs = Default::default();
                rows.push(Row {
                    guest: number,
                    style,
                    stride,
                    times,
                    costs,
                });
            }
        }
    }

    // A round measures everything once: what slows the machine for a while slows all of it.
    for _ in 0..rounds {
        for row in &mut rows {
            let guest = &mut guests[row.guest];
            guest.prepare(row.style, row.stride)?;
            for work in 0..WORKS.len() {
                let cost = guest.run(work, row.style, row.times[work])?;
                row.costs[work].push(per_datagram(cost, row.times[work]));
            }
        }
    }

    println!("CPU ns per datagram, median of {rounds} rounds (quartiles)\n");
    println!("| guest | headers | bytes each | {} |", WORKS.join(" | "));
    println!("|---|---|---|---|---|---|---|");
    for row in &mut rows {
        let guest = &guests[row.guest];
        let cells = row.costs.each_mut().map(|costs| {
            let [low, median, high] = quartiles(costs);
            format!("{median:.1} ({low:.1}-{high:.1})")
        });
        let style = &guest.styles[row.style as usize];
        println!("| {} | {style} | {} | {} |", guest.name, row.stride, cells.join(" | "));
    }
    Ok(())
}
