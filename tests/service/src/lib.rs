//! A service for tests, on the contract as it is. It answers each datagram with `TOKEN TEXT`: the token is the instance's
//! own, so that a client sees which one has answered. It takes one datagram at a time: what it has not come to is still in
//! the kernel's queue. An `error` and a `close` are printed; it does not wait for what is closed.
//!
//! # Arguments
//!
//! In order, in the first step. Each prints a line: the argument, ` -> `, and a local address or an error code.
//!
//! | argument | does |
//! |---|---|
//! | `take NAME` | takes a socket that was handed in |
//! | `bind ADDRESS`, `bind ADDRESS exclusive` | makes a socket, and binds it |
//! | `connect ADDRESS` | connects the last socket |
//! | `stop hang`, `stop trap`, `stop fail` | what `stop` does, in place of answering what is there and saying `done` |
//! | a text of the table below, such as `trap` | the same, without an answer |
//!
//! # Datagrams
//!
//! | text | does |
//! |---|---|
//! | `done`, `fail WHY` | answers, and ends by itself |
//! | `exit N` | exits, as `std` can: 0, or 1 for any other number |
//! | `trap` | traps, without an answer |
//! | `slow MS` | does nothing else for so long, and answers |
//! | `spin` | computes for ever |
//! | `tick MS` | answers, and once more when the next step comes, which it asks for after so long |
//! | `wait nothing`, `wait unknown` | answers, and asks for what cannot be waited for |
//! | anything else | answers |

mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "service", generate_all });
}
mod socket;

use bindings::datagrant::dgram::sockets::Socket;
use bindings::datagrant::dgram::types::{Event, Interest, IpSocketAddress};
use bindings::exports::datagrant::dgram::handler::{Guest, Next, Wanted};
use std::cell::RefCell;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

#[derive(Default)]
struct State {
    token: String,
    sockets: Vec<Socket>,
    /// The ids of those that are closed.
    closed: Vec<u32>,
    stop: String,
    /// Who is answered in the next step.
    tick: Option<(usize, IpSocketAddress)>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

struct Service;

impl Guest for Service {
    fn step(_: Interest) -> Next {
        STATE.with_borrow_mut(State::step)
    }

    fn stop() -> Next {
        STATE.with_borrow_mut(|state| {
            println!("stop");
            match state.stop.as_str() {
                "hang" => state.wait(None),
                "trap" => trap(),
                "fail" => Next::Failed("told to fail when it stops".to_owned()),
                _ => state.serve().unwrap_or(Next::Done),
            }
        })
    }
}

bindings::export!(Service with_types_in bindings);

impl State {
    fn step(&mut self) -> Next {
        if self.token.is_empty() {
            self.token = format!("{:08x}", RandomState::new().hash_one(()) as u32);
            if let Some(end) = self.begin() {
                return end;
            }
        }
        if let Some((place, to)) = self.tick.take() {
            self.answer(place, "tick", to);
        }
        self.serve().unwrap_or_else(|| self.wait(None))
    }

    /// What the arguments say.
    fn begin(&mut self) -> Option<Next> {
        for line in std::env::args().skip(1) {
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            let outcome = match verb {
                "stop" => {
                    self.stop = rest.to_owned();
                    continue;
                }
                "take" => socket::take(rest),
                "bind" => socket::bind(rest),
                "connect" => socket::connect(self.sockets.last().expect("a socket"), rest),
                _ => match self.obey(&line, None) {
                    None => continue,
                    end => return end,
                },
            };
            match outcome {
                Ok((socket, what)) => {
                    println!("{line} -> {what}");
                    self.sockets.extend(socket);
                }
                Err(code) => println!("{line} -> {code}"),
            }
        }
        None
    }

    /// Answers all that is there; says how it ends, where a datagram says so.
    fn serve(&mut self) -> Option<Next> {
        for place in 0..self.sockets.len() {
            while let Some(event) = self.sockets[place].next_events(1).pop() {
                match event {
                    Event::Message(message) => {
                        let text = String::from_utf8_lossy(&message.data).into_owned();
                        let end = self.obey(&text, Some((place, message.remote)));
                        if end.is_some() {
                            return end;
                        }
                    }
                    Event::Error(code) => println!("error {}", code.name()),
                    Event::Close => {
                        println!("close");
                        self.closed.push(self.sockets[place].id());
                    }
                    Event::Listening(_) | Event::Connect(_) => {}
                }
            }
        }
        None
    }

    fn obey(&mut self, text: &str, from: Option<(usize, IpSocketAddress)>) -> Option<Next> {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        let milliseconds = || Duration::from_millis(rest.parse().expect("a number"));
        match verb {
            "trap" => trap(),
            "exit" => std::process::exit(rest.parse().expect("a number")),
            "slow" => std::thread::sleep(milliseconds()),
            "spin" => loop {
                std::hint::spin_loop();
            },
            _ => {}
        }
        if let Some((place, to)) = from {
            self.answer(place, text, to);
        }
        match (verb, rest) {
            ("done", _) => Some(Next::Done),
            ("fail", why) => Some(Next::Failed(why.to_owned())),
            ("tick", _) => {
                self.tick = from;
                Some(self.wait(Some(milliseconds())))
            }
            ("wait", "nothing") => Some(Next::Wait(Wanted {
                on: interest(vec![]),
                timeout: None,
            })),
            ("wait", "unknown") => Some(Next::Wait(Wanted {
                on: interest(vec![u32::MAX]),
                timeout: None,
            })),
            _ => None,
        }
    }

    fn answer(&self, place: usize, text: &str, to: IpSocketAddress) {
        let answer = format!("{} {text}", self.token);
        if let Err(code) = self.sockets[place].send(answer.as_bytes(), Some(to)) {
            eprintln!("no answer to {text:?}: {code:?}");
        }
    }

    fn wait(&self, timeout: Option<Duration>) -> Next {
        let open = self
            .sockets
            .iter()
            .map(Socket::id)
            .filter(|id| !self.closed.contains(id));
        Next::Wait(Wanted {
            on: interest(open.collect()),
            timeout: timeout.map(|timeout| timeout.as_nanos() as u64),
        })
    }
}

fn interest(receive: Vec<u32>) -> Interest {
    Interest { receive, send: vec![] }
}

#[cfg(target_arch = "wasm32")]
fn trap() -> ! {
    core::arch::wasm32::unreachable()
}

#[cfg(not(target_arch = "wasm32"))]
fn trap() -> ! {
    std::process::abort()
}
