//! Lookups, zones and sockets handed in, of the provider for unit tests.

use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use super::{Socket, create, later, world};
use crate::address::ip_to_contract;
use crate::bindings::types::IpAddress;
use crate::{CreateFlags, Error, ErrorCode, Family};

/// How long a lookup takes.
const TIME: Duration = Duration::from_millis(10);

type Answer = Result<Vec<IpAddr>, ErrorCode>;

#[derive(Default)]
pub(super) struct Names {
    known: BTreeMap<String, Answer>,
    lookups: BTreeMap<u32, (Answer, bool)>,
    started: usize,
    interfaces: Vec<(u32, String)>,
    granted: BTreeMap<String, Option<Socket>>,
}

impl Names {
    /// `None`: not a lookup.
    pub fn answered(&self, id: u32) -> Option<bool> {
        self.lookups.get(&id).map(|(_, answered)| *answered)
    }
}

/// From now on there is this name. Others do not exist.
pub(crate) fn name(name: &str, addresses: &[&str]) {
    let addresses = addresses.iter().map(|a| a.parse().unwrap()).collect();
    world(|w| w.names.known.insert(name.to_owned(), Ok(addresses)));
}

/// From now on this name fails. `access-denied` and the like fail when the lookup is started.
pub(crate) fn fail_name(name: &str, code: ErrorCode) {
    world(|w| w.names.known.insert(name.to_owned(), Err(code)));
}

/// How many lookups were started, and how many are under way or not dropped yet.
pub(crate) fn lookups() -> (usize, usize) {
    world(|w| (w.names.started, w.names.lookups.len()))
}

pub(crate) fn interface(index: u32, name: &str) {
    world(|w| w.names.interfaces.push((index, name.to_owned())));
}

/// Hands in a socket that is bound to `local`.
pub(crate) fn hand_in(name: &str, local: &str) {
    let local: std::net::SocketAddr = local.parse().unwrap();
    let socket = create(crate::address::family(&local), CreateFlags::empty()).unwrap();
    socket.bind(Some(crate::address::to_contract(local)), false).unwrap();
    world(|w| w.names.granted.insert(name.to_owned(), Some(socket)));
}

pub(crate) fn take(name: &str) -> io::Result<Socket> {
    let taken = world(|w| match w.names.granted.get_mut(name) {
        None => Err(ErrorCode::InvalidArgument),
        Some(socket) => socket.take().ok_or(ErrorCode::InvalidState),
    });
    taken.map_err(|code| Error::named("take", name, code).into())
}

pub(crate) fn granted_names() -> io::Result<Vec<String>> {
    Ok(world(|w| w.names.granted.keys().cloned().collect()))
}

pub(crate) fn zone_index(name: &str) -> io::Result<u32> {
    let found = world(|w| w.names.interfaces.iter().find(|i| i.1 == name).map(|i| i.0));
    found.ok_or_else(|| Error::named("if_nametoindex", name, ErrorCode::NoSuchInterface).into())
}

pub(crate) fn zone_name(index: u32) -> io::Result<String> {
    let found = world(|w| w.names.interfaces.iter().find(|i| i.0 == index).map(|i| i.1.clone()));
    found.ok_or_else(|| Error::new("if_indextoname", None, ErrorCode::NoSuchInterface).into())
}

pub(crate) fn lookup(name: &str, family: Option<Family>) -> io::Result<Lookup> {
    let answer = world(|w| {
        w.names.started += 1;
        let known = w.names.known.get(name).cloned();
        let mut answer = known.unwrap_or(Err(ErrorCode::NameUnresolvable));
        if let (Ok(addresses), Some(family)) = (&mut answer, family) {
            addresses.retain(|a| a.is_ipv4() == (family == Family::Ipv4));
            if addresses.is_empty() {
                answer = Err(ErrorCode::NameUnresolvable);
            }
        }
        answer
    });
    let at_once = [
        ErrorCode::AccessDenied,
        ErrorCode::InvalidArgument,
        ErrorCode::QuotaExceeded,
    ];
    match answer {
        Err(code) if at_once.contains(&code) => Err(Error::named("getaddrinfo", name, code).into()),
        answer => {
            let id = world(|w| {
                w.last_id += 1;
                w.names.lookups.insert(w.last_id, (answer, false));
                w.last_id
            });
            later(TIME, move || {
                world(|w| w.names.lookups.get_mut(&id).map(|lookup| lookup.1 = true));
            });
            Ok(Lookup { id })
        }
    }
}

/// Named and shaped as the contract's.
#[derive(Debug)]
pub struct Lookup {
    id: u32,
}

impl Lookup {
    pub fn id(&self) -> u32 {
        self.id
    }

    pub fn answer(&self) -> Result<Vec<IpAddress>, ErrorCode> {
        world(|w| match &w.names.lookups[&self.id] {
            (_, false) => Err(ErrorCode::WouldBlock),
            (answer, true) => Ok(answer.clone()?.into_iter().map(ip_to_contract).collect()),
        })
    }
}

impl Drop for Lookup {
    fn drop(&mut self) {
        // The thread may be ending.
        let _ = super::WORLD.try_with(|w| w.borrow_mut().names.lookups.remove(&self.id));
    }
}
