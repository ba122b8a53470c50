//! The operations on sockets.

use crate::ask::ask;
use crate::burst;
use crate::load::{self, Shape};
use crate::lookup::Lookups;
use crate::multicast;
use crate::operation::{joined, milliseconds, number, split, times};
use crate::poll::{self, Direction};
use crate::room::{fill, wait_for_room};
use crate::text;
use crate::wasi;
use datagrant_guest::bindings::granted;
use datagrant_guest::bindings::sockets::Socket;
use datagrant_guest::bindings::types::{
    BurstOptions, CreateFlags, ErrorCode, Event, Interest, IpAddressFamily, IpSocketAddress,
};
use datagrant_guest::bindings::wait::wait;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// The sockets, by name.
#[derive(Default)]
pub struct Sockets {
    named: HashMap<String, Named>,
    lookups: Lookups,
    /// Those of `create-many`.
    many: Vec<Socket>,
    /// Datagrams go by `bursts`.
    by_bursts: bool,
    /// Everything goes by `wasi:sockets`.
    by_wasi: Option<wasi::Sockets>,
}

struct Named {
    socket: Socket,
    /// The source of the last message.
    from: Option<IpSocketAddress>,
}

impl Sockets {
    pub fn perform(&mut self, line: &str) -> Result<String, String> {
        let (name, line) = match line.split_once(": ") {
            Some((name, line)) if name.chars().all(char::is_alphanumeric) => (name, line),
            _ => ("a", line),
        };
        let (verb, rest) = split(line);
        if line == "wasi on" {
            self.by_wasi = Some(wasi::Sockets::default());
            return Ok("ok".to_owned());
        }
        if let Some(sockets) = &mut self.by_wasi {
            return sockets.perform(name, verb, rest);
        }
        let by_bursts = self.by_bursts;
        if verb == "bursts" {
            self.by_bursts = switch(rest)?;
            return Ok("ok".to_owned());
        }
        if verb == "create" {
            // First, so that a limit of sockets counts it once.
            self.named.remove(name);
            let (family, flags) = created(rest)?;
            return Ok(text::result(Socket::create(family, flags).map(|socket| {
                self.named.insert(name.to_owned(), Named { socket, from: None });
                String::new()
            })));
        }
        if verb == "create-many" {
            let (count, rest) = split(rest);
            return self.create_many(number(count)?, rest);
        }
        if verb == "drop-many" {
            self.many.clear();
            return Ok("ok".to_owned());
        }
        if verb == "names" {
            return Ok(joined(granted::names()));
        }
        if verb == "take" {
            return Ok(text::result(granted::take(rest).and_then(|socket| {
                let local = socket.local_address()?;
                self.named.insert(name.to_owned(), Named { socket, from: None });
                Ok(text::address(local))
            })));
        }
        // What an address may ask of other sockets, before this one is borrowed.
        let address = match verb {
            "bind" if rest.is_empty() => None,
            "bind" | "connect" => Some(self.address(rest)?),
            "burst-of" | "burst-for" => Some(self.address(rest.rsplit(' ').next().unwrap_or_default())?),
            "send" | "fill" | "ask" => {
                let (first, second) = split(rest);
                match if verb == "ask" { second } else { first } {
                    "-" => None,
                    address => Some(self.address(address)?),
                }
            }
            _ => None,
        };
        let burst: Vec<(IpSocketAddress, &str)> = match verb {
            "burst" => rest
                .split(" + ")
                .map(|one| {
                    let (address, text) = split(one);
                    Ok((self.address(address)?, text))
                })
                .collect::<Result<_, String>>()?,
            _ => vec![],
        };
        if verb.starts_with("lookup") {
            return self.lookups.perform(name, verb, rest);
        }
        if verb == "drop" {
            self.named.remove(name);
            return Ok("ok".to_owned());
        }
        let named = self.named.get_mut(name).ok_or_else(|| format!("no socket {name}"))?;
        let socket = &named.socket;
        let done = |()| String::new();
        Ok(match verb {
            "bind" => text::result(socket.bind(address, false).map(text::address)),
            "connect" => {
                let address = address.ok_or("an address is missing")?;
                text::result(socket.connect(address).map(text::address))
            }
            "disconnect" => text::result(socket.disconnect().map(done)),
            "send" => text::result(send(socket, by_bursts, split(rest).1, address).map(done)),
            "fill" => fill(|| send(socket, by_bursts, split(rest).1, address)),
            "room" => text::result(wait_for_room(socket)),
            "ask" => text::result(ask(socket, number(split(rest).0)?, address)),
            "burst" => text::report(burst::send_all(socket, &burst)),
            "echo" => match burst::echo(socket) {
                Ok(report) => text::report(report),
                Err(error) => text::code(error).to_owned(),
            },
            "packet-info" => text::result(burst::configure(socket, BurstOptions::PACKET_INFO, switch(rest)?).map(done)),
            "coalesce" => text::result(burst::configure(socket, BurstOptions::COALESCE, switch(rest)?).map(done)),
            "poll-receive" | "poll-room" => {
                let receive = verb == "poll-receive";
                poll::wait(socket, if receive { Direction::RECEIVE } else { Direction::SEND });
                "ok".to_owned()
            }
            "buffers" => text::result(buffers(socket)),
            "receive-buffer" => text::result(socket.set_receive_buffer_bytes(number(rest)?).map(done)),
            "send-buffer" => text::result(socket.set_send_buffer_bytes(number(rest)?).map(done)),
            "receive-for" => load::receive(socket, by_bursts, rest)?,
            "burst-of" => text::report(Shape::read(rest)?.0.send(socket, address)),
            "burst-for" => {
                let (time, rest) = split(rest);
                load::send(socket, Shape::read(rest)?.0, time, address)?
            }
            "reply" => {
                let from = named.from.ok_or("nothing was received yet")?;
                text::result(send(socket, by_bursts, rest, Some(from)).map(done))
            }
            "broadcast" => text::result(socket.set_broadcast(switch(rest)?).map(done)),
            "local" => text::result(socket.local_address().map(text::address)),
            "remote" => text::result(socket.remote_address().map(text::address)),
            "close" => {
                socket.close();
                "ok".to_owned()
            }
            "events" => joined(named.take(by_bursts).into_iter().map(text::event)),
            "receive" if rest.is_empty() => joined(named.receive(by_bursts, None)),
            "receive" => joined(named.receive(by_bursts, Some(milliseconds(rest)?))),
            _ => return multicast::perform(socket, verb, rest)?.ok_or_else(|| format!("no operation {verb}")),
        })
    }

    fn create_many(&mut self, count: u64, kind: &str) -> Result<String, String> {
        let (family, flags) = created(kind)?;
        let mut ends = BTreeMap::<&str, u64>::new();
        for _ in 0..count {
            let end = match Socket::create(family, flags) {
                Ok(socket) => {
                    self.many.push(socket);
                    "ok"
                }
                Err(error) => text::code(error),
            };
            *ends.entry(end).or_default() += 1;
        }
        Ok(times(ends))
    }

    /// An address, in which `@NAME` is the port of a socket.
    fn address(&self, text: &str) -> Result<IpSocketAddress, String> {
        text::address_with_port_of(text, |name| {
            let named = self.named.get(name).ok_or_else(|| format!("no socket {name}"))?;
            named.socket.local_address().map_err(|e| format!("{name}: {e}"))
        })
    }
}

impl Named {
    /// All events that there are.
    fn take(&mut self, by_bursts: bool) -> Vec<Event> {
        let mut all = Vec::new();
        loop {
            let some = match by_bursts {
                true => burst::next_events(&self.socket),
                false => self.socket.next_events(64),
            };
            if some.is_empty() {
                return all;
            }
            for event in &some {
                if let Event::Message(message) = event {
                    self.from = Some(message.remote);
                }
            }
            all.extend(some);
        }
    }

    /// Waits for what does not follow from the guest's own calls, and takes it.
    fn receive(&mut self, by_bursts: bool, patience: Option<Duration>) -> Vec<String> {
        let until = patience.map(|patience| Instant::now() + patience);
        loop {
            let told: Vec<String> = self
                .take(by_bursts)
                .into_iter()
                .filter(|event| !matches!(event, Event::Listening(_) | Event::Connect(_)))
                .map(text::event)
                .collect();
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if !told.is_empty() || left.is_some_and(|left| left.is_zero()) {
                return told;
            }
            let on = Interest {
                receive: vec![self.socket.id()],
                send: vec![],
            };
            let left = left.map(|left| left.as_nanos() as u64);
            if let Err(error) = wait(&on, left) {
                return vec![format!("wait {}", text::code(error))];
            }
        }
    }
}

fn send(socket: &Socket, by_bursts: bool, text: &str, to: Option<IpSocketAddress>) -> Result<(), ErrorCode> {
    match (by_bursts, to.map(text::port)) {
        (false, _) | (true, Some(0)) => socket.send(text.as_bytes(), to),
        (true, _) => burst::send(socket, text.as_bytes(), to),
    }
}

fn buffers(socket: &Socket) -> Result<String, ErrorCode> {
    let (receive, send) = (socket.receive_buffer_bytes()?, socket.send_buffer_bytes()?);
    Ok(format!("{receive} {send}"))
}

fn created(text: &str) -> Result<(IpAddressFamily, CreateFlags), String> {
    let mut words = text.split(' ');
    let family = match words.next() {
        Some("ipv4") => IpAddressFamily::Ipv4,
        Some("ipv6") => IpAddressFamily::Ipv6,
        _ => return Err("ipv4 or ipv6?".to_owned()),
    };
    words
        .map(|word| match word {
            "reuse-address" => Ok(CreateFlags::REUSE_ADDRESS),
            "reuse-port" => Ok(CreateFlags::REUSE_PORT),
            "ipv6-only" => Ok(CreateFlags::IPV6_ONLY),
            _ => Err(format!("no flag {word}")),
        })
        .collect::<Result<CreateFlags, String>>()
        .map(|flags| (family, flags))
}

pub fn switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("on or off?".to_owned()),
    }
}
