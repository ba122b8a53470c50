//! A contestant: a process that does what it is told, and tells what it has used.

mod guest;
mod native;
mod offload;
mod program;
mod single;
mod tokio;

use crate::cell::{Contestant, Family, Work};
use crate::order::{self, Order};
use crate::sys::{self, Readable};
use anyhow::{Result, bail};
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::time::{Duration, Instant};

/// So that nothing hangs: nobody is silent for so long.
const PATIENCE: Duration = Duration::from_secs(3);
/// Datagrams a call.
const BATCH: usize = 64;
/// More than the largest datagram here.
const SLOT_BYTES: usize = 2048;

/// One way of moving datagrams.
trait Subject {
    /// Makes ready for an order, and answers where its socket is.
    fn open(&mut self, order: &Order) -> Result<SocketAddr>;

    /// Does it, and answers how many datagrams it were.
    fn run(&mut self, order: &Order) -> Result<u64>;
}

/// What a provider cannot do: an error that is told as a reason and not as a failure.
#[derive(Debug)]
pub struct Missing(pub String);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

/// Obeys orders until there are none. To each it answers `at ADDRESS` when it is ready, and then
/// `done CPU_NS WALL_NS COUNT`; or `missing REASON` or `failed REASON`.
pub fn run(contestant: Contestant, component: &Path) -> Result<()> {
    let mut subject: Box<dyn Subject> = match contestant {
        Contestant::Native => Box::new(native::Native::new(true)),
        Contestant::NativeBlocking => Box::new(native::Native::new(false)),
        Contestant::NativeSingle => Box::new(single::Single::default()),
        Contestant::NativeOffload => Box::new(offload::Offload::default()),
        Contestant::Tokio => Box::new(tokio::Tokio::new()?),
        Contestant::Node | Contestant::Asyncio => bail!("{} is a program of its own", contestant.name()),
        program if program.is_program() => Box::new(program::Program::new(component)?),
        guest => Box::new(guest::Guest::new(guest, component)?),
    };
    let orders = order::lines();
    while let Ok(line) = orders.recv() {
        match obey(subject.as_mut(), &line) {
            Ok(answer) => println!("{answer}"),
            Err(error) => match error.downcast_ref::<Missing>() {
                Some(reason) => println!("missing {reason}"),
                None => println!("failed {}", format!("{error:#}").replace('\n', " ")),
            },
        }
    }
    Ok(())
}

fn obey(subject: &mut dyn Subject, line: &str) -> Result<String> {
    let order = Order::parse(line)?;
    let at = subject.open(&order)?;
    println!("at {at}");
    let (wall, cpu) = (Instant::now(), sys::processor_time());
    let count = subject.run(&order)?;
    let (cpu, wall) = (sys::processor_time() - cpu, wall.elapsed());
    Ok(format!("done {} {} {count}", cpu.as_nanos(), wall.as_nanos()))
}

/// A socket in an event loop: it tries first, and waits when there is nothing.
struct Looped {
    socket: UdpSocket,
    readable: Readable,
}

impl Looped {
    fn bound(family: Family) -> Result<Looped> {
        let socket = UdpSocket::bind(family.any_port())?;
        socket.set_nonblocking(true)?;
        let readable = Readable::new(&socket)?;
        Ok(Looped { socket, readable })
    }

    /// Calls `receive`, which answers how many of at most `most` came, until something has come. What was less than
    /// `most` is followed by a wait at once, `empty`: there is no more.
    fn receive(
        &self,
        empty: &mut bool,
        most: usize,
        mut receive: impl FnMut() -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            if std::mem::take(empty) {
                self.readable.wait(PATIENCE)?;
            }
            match receive() {
                Ok(count) => {
                    *empty = count < most;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => *empty = true,
                Err(error) => return Err(error),
            }
        }
    }
}

/// Where it is needed: whether what was sent is received by the same contestant.
fn is_echo(work: Work) -> bool {
    work.comes_back()
}
