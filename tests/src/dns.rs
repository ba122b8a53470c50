//! A name server for tests: it answers what it is told to, wrong things too, and remembers what it was asked.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A name server on UDP and TCP, until it is dropped.
///
/// Its zone has a line for each answer: a name, the type that is asked for (`A`, `AAAA`, or `*` for both), and either a
/// word (`servfail`, `formerr`, `refused`, `nodata`, `silence`, `garbage`, `endless` for an alias of ever new names) or a time to
/// live in seconds with data: addresses of either family, or a name that it is an alias of, which is answered too as far
/// as the zone has it. Several lines for the same question are answers to the first query, the second and so on; the last
/// one stays. A name that has no line does not exist; a type that has none, of a name that has one, has no data.
///
/// ```text
/// one.test    A     300  8.8.8.8 8.8.4.4
/// alias.test  *     60   one.test
/// fail.test   *     servfail
/// ```
#[derive(Debug)]
pub struct NameServer {
    address: SocketAddr,
    state: Arc<State>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct State {
    zone: Zone,
    /// How often each question was asked.
    asked: Mutex<HashMap<Question, usize>>,
    /// Questions, in order: `one.test A`.
    log: Mutex<Vec<String>>,
    over: AtomicBool,
}

type Question = (String, u16);
type Zone = HashMap<Question, Vec<Answer>>;

#[derive(Clone, Debug)]
enum Answer {
    /// A response code, without records.
    Code(u8),
    Silence,
    Garbage,
    Endless,
    Records {
        ttl: u32,
        data: Vec<Data>,
    },
}

#[derive(Clone, Debug)]
enum Data {
    Address(IpAddr),
    Alias(String),
}

const A: u16 = 1;
const CNAME: u16 = 5;
const AAAA: u16 = 28;
const NXDOMAIN: u8 = 3;
/// What fits a datagram without EDNS; longer answers are cut, and asked for again by TCP.
const MAX_UDP_BYTES: usize = 512;
const LOOK_AGAIN: Duration = Duration::from_millis(20);

impl NameServer {
    /// One on a free port of 127.0.0.1.
    ///
    /// # Panics
    /// If the zone is not understood, or there is no such port.
    #[must_use]
    #[track_caller]
    pub fn new(zone: &str) -> NameServer {
        // The same port for both: the kernel picks one for TCP, and rarely a datagram socket has it.
        let at = |tcp: TcpListener| Some((UdpSocket::bind(tcp.local_addr().ok()?).ok()?, tcp));
        let pair = (0..100).find_map(|_| at(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?));
        let (udp, tcp) = pair.expect("a free port");
        NameServer::on(udp, tcp, zone)
    }

    /// One at this address.
    ///
    /// # Panics
    /// As [`NameServer::new`].
    #[must_use]
    #[track_caller]
    pub fn at(address: &str, zone: &str) -> NameServer {
        let udp = UdpSocket::bind(address).unwrap_or_else(|e| panic!("{address}: {e}"));
        let tcp = TcpListener::bind(address).unwrap_or_else(|e| panic!("{address}: {e}"));
        NameServer::on(udp, tcp, zone)
    }

    fn on(udp: UdpSocket, tcp: TcpListener, zone: &str) -> NameServer {
        let address = udp.local_addr().expect("it is bound");
        let state = Arc::new(State {
            zone: parse(zone),
            asked: Mutex::default(),
            log: Mutex::default(),
            over: AtomicBool::new(false),
        });
        udp.set_read_timeout(Some(LOOK_AGAIN)).expect("a timeout");
        tcp.set_nonblocking(true).expect("an option");
        let (by_udp, by_tcp) = (state.clone(), state.clone());
        let threads = vec![
            thread::spawn(move || by_udp.serve_udp(&udp)),
            thread::spawn(move || by_tcp.serve_tcp(&tcp)),
        ];
        NameServer {
            address,
            state,
            threads,
        }
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it was asked so far, in order: `one.test A`.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.state.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join(); // its panic has been printed
        }
    }
}

impl State {
    fn serve_udp(&self, socket: &UdpSocket) {
        let mut buffer = [0; 4096];
        while !self.over.load(Ordering::Relaxed) {
            let Ok((length, from)) = socket.recv_from(&mut buffer) else {
                continue;
            };
            if let Some(mut answer) = self.answer(&buffer[..length]) {
                if answer.len() > MAX_UDP_BYTES {
                    // Truncated: the header and the question alone.
                    answer.truncate(question_end(&answer));
                    answer[2] |= 2;
                    answer[6..12].fill(0);
                }
                let _ = socket.send_to(&answer, from); // who asked may be gone
            }
        }
    }

    fn serve_tcp(&self, listener: &TcpListener) {
        while !self.over.load(Ordering::Relaxed) {
            match listener.accept() {
                Ok((stream, _)) => _ = self.talk(stream), // who asked may be gone
                Err(_) => thread::sleep(LOOK_AGAIN),
            }
        }
    }

    fn talk(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        loop {
            let mut length = [0; 2];
            stream.read_exact(&mut length)?;
            let mut query = vec![0; u16::from_be_bytes(length).into()];
            stream.read_exact(&mut query)?;
            if let Some(answer) = self.answer(&query) {
                stream.write_all(&(answer.len() as u16).to_be_bytes())?;
                stream.write_all(&answer)?;
            }
        }
    }

    /// What is sent back; nothing where that is what was told.
    fn answer(&self, query: &[u8]) -> Option<Vec<u8>> {
        let (name, kind) = question(query)?;
        let text = if kind == AAAA { "AAAA" } else { "A" };
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(format!("{name} {text}"));
        let told = self.told(&name, kind);
        let code = match &told {
            Answer::Silence => return None,
            Answer::Garbage => return Some([&query[..2], &[0x81, 0x80, 0xff][..]].concat()),
            Answer::Code(code) => *code,
            Answer::Endless | Answer::Records { .. } => 0,
        };
        let mut records = vec![];
        match told {
            Answer::Endless => records.push((name.clone(), 0, Data::Alias(format!("{}.loop.test", log.len())))),
            Answer::Records { ttl, data } => self.follow(&name, kind, ttl, data, &mut records),
            _ => {}
        }
        let end = question_end(query);
        let mut answer = query[..end].to_vec();
        answer[2..4].copy_from_slice(&[0x81, 0x80 | code]); // a response, with recursion
        answer[6..12].fill(0);
        answer[6..8].copy_from_slice(&(records.len() as u16).to_be_bytes());
        for (owner, ttl, data) in records {
            let (kind, bytes) = match data {
                Data::Address(IpAddr::V4(ip)) => (A, ip.octets().to_vec()),
                Data::Address(IpAddr::V6(ip)) => (AAAA, ip.octets().to_vec()),
                Data::Alias(name) => (CNAME, labels(&name)),
            };
            answer.extend(labels(&owner));
            answer.extend([kind.to_be_bytes(), [0, 1]].concat());
            answer.extend(u32::to_be_bytes(ttl));
            answer.extend(u16::to_be_bytes(bytes.len() as u16));
            answer.extend(bytes);
        }
        Some(answer)
    }

    /// The records of a name, and of what it is an alias of.
    fn follow(&self, name: &str, kind: u16, ttl: u32, data: Vec<Data>, records: &mut Vec<(String, u32, Data)>) {
        for data in data {
            records.push((name.to_owned(), ttl, data.clone()));
            if let Data::Alias(target) = data
                && let Answer::Records { ttl, data } = self.told(&target, kind)
            {
                self.follow(&target, kind, ttl, data, records);
            }
        }
    }

    fn told(&self, name: &str, kind: u16) -> Answer {
        let question = (name.to_owned(), kind);
        let Some(answers) = self.zone.get(&question) else {
            let other = (name.to_owned(), A + AAAA - kind);
            let exists = self.zone.contains_key(&other);
            return Answer::Code(if exists { 0 } else { NXDOMAIN });
        };
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let times = asked.entry(question).or_default();
        *times += 1;
        answers[(*times - 1).min(answers.len() - 1)].clone()
    }
}

fn parse(zone: &str) -> Zone {
    let mut all = Zone::new();
    for line in zone.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, kind, what, data @ ..] = &words[..] else {
            panic!("{line:?} is no answer");
        };
        let kinds: &[u16] = match *kind {
            "A" => &[A],
            "AAAA" => &[AAAA],
            "*" => &[A, AAAA],
            _ => panic!("{kind:?} is no type"),
        };
        let answer = match *what {
            "nodata" => Answer::Code(0),
            "formerr" => Answer::Code(1),
            "servfail" => Answer::Code(2),
            "refused" => Answer::Code(5),
            "silence" => Answer::Silence,
            "garbage" => Answer::Garbage,
            "endless" => Answer::Endless,
            ttl => Answer::Records {
                ttl: ttl.parse().unwrap_or_else(|_| panic!("{ttl:?} is no time to live")),
                data: data
                    .iter()
                    .map(|word| {
                        word.parse()
                            .map_or_else(|_| Data::Alias((*word).to_owned()), Data::Address)
                    })
                    .collect(),
            },
        };
        for kind in kinds {
            all.entry(((*name).to_owned(), *kind)).or_default().push(answer.clone());
        }
    }
    all
}

/// The one question of a query for addresses.
fn question(query: &[u8]) -> Option<Question> {
    let end = question_end(query);
    let labels = query.get(12..end.checked_sub(5)?)?;
    let mut name = String::new();
    let mut rest = labels;
    while let [length, after @ ..] = rest {
        let label = after.get(..usize::from(*length))?;
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&String::from_utf8_lossy(label).to_lowercase());
        rest = &after[label.len()..];
    }
    let kind = u16::from_be_bytes([*query.get(end - 4)?, *query.get(end - 3)?]);
    [A, AAAA].contains(&kind).then_some((name, kind))
}

/// Where the question ends, after the name, the type and the class.
fn question_end(message: &[u8]) -> usize {
    let mut at = 12;
    while let Some(length) = message.get(at).filter(|length| **length != 0) {
        at += 1 + usize::from(*length);
    }
    (at + 5).min(message.len())
}

fn labels(name: &str) -> Vec<u8> {
    let labels = name
        .split('.')
        .flat_map(|label| [&[label.len() as u8], label.as_bytes()].concat());
    labels.chain([0]).collect()
}
