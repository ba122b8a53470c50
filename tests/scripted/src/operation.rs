//! The operations.

use crate::exit::exit;
use crate::multicast;
use crate::socket::Sockets;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use std::{env, fs, hint, io, process, thread};

/// What the operations work on.
#[derive(Default)]
pub struct Guest {
    sockets: Sockets,
    /// Of `allocate`.
    memory: Vec<Vec<u8>>,
}

impl Guest {
    /// Performs an operation: how it ended, or why it is not understood.
    pub fn perform(&mut self, line: &str) -> Result<String, String> {
        let (verb, rest) = split(line);
        match verb {
            "repeat" => self.repeat(rest),
            "sleep" => {
                thread::sleep(milliseconds(rest)?);
                done()
            }
            "env" => Ok(joined(env::vars().map(|(name, value)| format!("{name}={value}")))),
            "input" => {
                let mut text = String::new();
                Ok(match io::stdin().read_line(&mut text) {
                    Ok(_) => format!("{text:?}"),
                    Err(e) => failed(&e),
                })
            }
            "complain" => {
                eprintln!("{rest}");
                done()
            }
            "list" => Ok(match fs::read_dir(rest) {
                Ok(entries) => {
                    let mut names: Vec<String> = entries
                        .flatten()
                        .map(|entry| entry.file_name().to_string_lossy().into_owned())
                        .collect();
                    names.sort();
                    joined(names)
                }
                Err(e) => failed(&e),
            }),
            "read" => Ok(match fs::read_to_string(rest) {
                Ok(text) => format!("{text:?}"),
                Err(e) => failed(&e),
            }),
            "write" => {
                let (path, text) = split(rest);
                Ok(match fs::write(path, text) {
                    Ok(()) => "ok".to_owned(),
                    Err(e) => failed(&e),
                })
            }
            "allocate" => {
                let mut memory = Vec::<u8>::new();
                let end = match memory.try_reserve_exact(number(rest)?) {
                    Ok(()) => "ok",
                    Err(_) => "no memory",
                };
                self.memory.push(memory);
                Ok(end.to_owned())
            }
            "compute" => {
                let (started, time) = (Instant::now(), milliseconds(rest)?);
                while started.elapsed() < time {
                    hint::spin_loop();
                }
                done()
            }
            "exit" => exit(number(rest)?),
            // Of `std`, which has no numbers to give under WASI 0.2.6.
            "fail" => process::exit(3),
            "panic" => panic!("{rest}"),
            "trap" => trap(),
            "spin" => loop {
                hint::spin_loop();
            },
            _ => match multicast::zone(line)? {
                Some(end) => Ok(end),
                None => self.sockets.perform(line),
            },
        }
    }

    fn repeat(&mut self, rest: &str) -> Result<String, String> {
        let (count, operations) = split(rest);
        let count: u64 = number(count)?;
        let mut ends = BTreeMap::<String, u64>::new();
        for _ in 0..count {
            for operation in operations.split(" + ") {
                let mut end = self.perform(operation)?;
                if end.starts_with("ok ") {
                    end.truncate(2);
                }
                *ends.entry(end).or_default() += 1;
            }
        }
        Ok(times(ends))
    }
}

fn done() -> Result<String, String> {
    Ok("ok".to_owned())
}

fn failed(error: &io::Error) -> String {
    format!("failed: {error}")
}

#[cfg(target_arch = "wasm32")]
fn trap() -> ! {
    core::arch::wasm32::unreachable()
}

#[cfg(not(target_arch = "wasm32"))]
fn trap() -> ! {
    process::abort()
}

/// The first word, and what follows it.
pub fn split(line: &str) -> (&str, &str) {
    line.split_once(' ').unwrap_or((line, ""))
}

pub fn number<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse()
        .map_err(|_| format!("{text:?} is no number that fits here"))
}

pub fn milliseconds(text: &str) -> Result<Duration, String> {
    number(text).map(Duration::from_millis)
}

/// Each way in which something ended, with how often.
pub fn times(ends: BTreeMap<impl std::fmt::Display, u64>) -> String {
    joined(ends.iter().map(|(end, times)| format!("{times} x {end}")))
}

/// With commas between, or `nothing`.
pub fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    if parts.is_empty() {
        "nothing".to_owned()
    } else {
        parts.join(", ")
    }
}
