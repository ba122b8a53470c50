//! Contestants that are whole programs of another language in a component, with its own loop: a new instance for each order.

use super::Subject;
use crate::host;
use crate::order::Order;
use anyhow::{Context, Result, anyhow, bail, ensure};
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::task::Poll;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

/// What a program may print: two lines.
const OUTPUT_BYTES: usize = 4096;

type Running = Pin<Box<dyn Future<Output = Result<()>>>>;

pub struct Program {
    program: host::Program,
    running: Option<(Running, MemoryOutputPipe)>,
    // After the instance, whose sockets it watches.
    runtime: Runtime,
}

impl Program {
    pub fn new(component: &Path) -> Result<Self> {
        Ok(Self {
            program: host::Program::new(component)?,
            running: None,
            runtime: Builder::new_current_thread().enable_all().build()?,
        })
    }
}

impl Subject for Program {
    fn open(&mut self, order: &Order) -> Result<SocketAddr> {
        let Program {
            program,
            running,
            runtime,
        } = self;
        // Drops what an earlier order left, in the runtime, where its sockets are watched.
        let _inside = runtime.enter();
        *running = None;
        let line = order.line();
        let args: Vec<&str> = std::iter::once("contestant").chain(line.split(' ')).collect();
        let stdout = MemoryOutputPipe::new(OUTPUT_BYTES);
        let future = Box::pin(program.run(&args, super::guest::grants(order)?, stdout.clone()));
        let (future, stdout) = running.insert((future, stdout));
        // It goes no further than to the wait after its address.
        let address = poll_fn(|context| {
            let ended = future.as_mut().poll(context);
            match (answer(stdout, "at"), ended) {
                (Ok(Some(address)), Poll::Pending) => Poll::Ready(Ok(address)),
                (Err(error), _) | (_, Poll::Ready(Err(error))) => Poll::Ready(Err(error)),
                (_, Poll::Ready(Ok(()))) => Poll::Ready(Err(anyhow!("the program ended early"))),
                (Ok(None), Poll::Pending) => Poll::Pending,
            }
        });
        Ok(runtime
            .block_on(async { timeout(crate::measure::LIMIT, address).await })??
            .parse()?)
    }

    fn run(&mut self, _: &Order) -> Result<u64> {
        let (future, stdout) = self.running.take().context("open comes first")?;
        let limited = async { timeout(crate::measure::LIMIT, future).await };
        self.runtime.block_on(limited).context("not done in time")??;
        let count = answer(&stdout, "done")?.context("the program does not say what it has done")?;
        Ok(count.parse()?)
    }
}

/// The rest of the line that begins with `word`, when it is there.
fn answer(stdout: &MemoryOutputPipe, word: &str) -> Result<Option<String>> {
    let text = String::from_utf8(stdout.contents().to_vec())?;
    ensure!(text.len() < OUTPUT_BYTES, "the program prints too much: {text}");
    let mut answer = None;
    for line in text.split_inclusive('\n') {
        match line.trim_end().split_once(' ') {
            Some(("failed", reason)) => bail!("{reason}"),
            Some((first, rest)) if first == word && line.ends_with('\n') => answer = Some(rest.to_owned()),
            _ => {}
        }
    }
    Ok(answer)
}
