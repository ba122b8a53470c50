//! Pins: which addresses the names are that an instance has looked up.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use super::Name;

/// A name that an address had when it was looked up: what [`decide`](super::decide) is told of a destination.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pin {
    name: Name,
    until: Instant,
    own_address: bool,
    expired: bool,
    withdrawn: bool,
}

impl Pin {
    /// The name.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Whether the address was one of this host's own.
    pub fn own_address(&self) -> bool {
        self.own_address
    }

    /// Whether its time has passed: it allows and denies nothing any more, and tells the operator why.
    pub fn expired(&self) -> bool {
        self.expired
    }

    /// Whether the name may not be looked up any more: it allows nothing, and denies as before.
    pub fn withdrawn(&self) -> bool {
        self.withdrawn
    }
}

/// The pins of an instance (rule 7): of at most 256 names, with 16 addresses each, for 60 to 3,600 s.
///
/// What is too much takes the place of what expires first: a guest that looks up ever new names costs no more memory.
#[derive(Debug, Default)]
pub struct Pins {
    by_address: HashMap<IpAddr, Vec<Pin>>,
    by_name: HashMap<Name, Vec<IpAddr>>,
}

impl Pins {
    /// The most names.
    pub const MAX_NAMES: usize = 256;
    /// The most addresses of a name.
    pub const MAX_ADDRESSES: usize = 16;
    /// The shortest time of a pin: an answer may hold for 0 s, and some time goes by between lookup and send.
    pub const MIN_TIME: Duration = Duration::from_secs(60);
    /// The longest time of a pin.
    pub const MAX_TIME: Duration = Duration::from_secs(3600);

    /// Pins a name to an address, which was answered to hold for `ttl`; `own_address`: it is one of this host's own. An
    /// earlier pin of the two is prolonged, never shortened.
    pub fn pin(&mut self, name: &Name, ip: IpAddr, own_address: bool, ttl: Duration, now: Instant) {
        let ip = ip.to_canonical();
        let until = now + ttl.clamp(Pins::MIN_TIME, Pins::MAX_TIME);
        if let Some(pin) = self.find(name, ip) {
            pin.until = until.max(pin.until);
            (pin.own_address, pin.expired, pin.withdrawn) = (own_address, false, false);
            return;
        }
        self.make_room(name);
        self.by_name.entry(name.clone()).or_default().push(ip);
        self.by_address.entry(ip).or_default().push(Pin {
            name: name.clone(),
            until,
            own_address,
            expired: false,
            withdrawn: false,
        });
    }

    /// The pins of an address, as they are now.
    pub fn of(&mut self, ip: IpAddr, now: Instant) -> &[Pin] {
        let Some(pins) = self.by_address.get_mut(&ip.to_canonical()) else {
            return &[];
        };
        for pin in pins.iter_mut() {
            pin.expired = pin.until < now;
        }
        pins
    }

    /// Says anew of each name whether it may be looked up, when the grants are others than before. A pin of one that may
    /// not be stays, for its time: a denied name is still denied.
    pub fn judge_again(&mut self, may_look_up: impl Fn(&Name) -> bool) {
        let names: HashMap<&Name, bool> = self.by_name.keys().map(|name| (name, may_look_up(name))).collect();
        for pin in self.by_address.values_mut().flatten() {
            pin.withdrawn = names.get(&pin.name) != Some(&true);
        }
    }

    fn find(&mut self, name: &Name, ip: IpAddr) -> Option<&mut Pin> {
        let pins = self.by_address.get_mut(&ip)?;
        pins.iter_mut().find(|pin| pin.name == *name)
    }

    /// For one more address of a name.
    fn make_room(&mut self, name: &Name) {
        let until = |name: &Name, ip: &IpAddr| {
            let pin = self.by_address.get(ip)?.iter().find(|pin| pin.name == *name)?;
            Some(pin.until)
        };
        match self.by_name.get(name) {
            Some(addresses) if addresses.len() >= Pins::MAX_ADDRESSES => {
                let first = addresses.iter().copied().min_by_key(|ip| until(name, ip));
                first.into_iter().for_each(|ip| self.unpin(name, ip));
            }
            None if self.by_name.len() >= Pins::MAX_NAMES => {
                let last = |(name, addresses): &(&Name, &Vec<IpAddr>)| addresses.iter().map(|ip| until(name, ip)).max();
                let first = self.by_name.iter().min_by_key(last);
                if let Some((name, addresses)) = first.map(|(name, addresses)| (name.clone(), addresses.clone())) {
                    addresses.into_iter().for_each(|ip| self.unpin(&name, ip));
                }
            }
            _ => {}
        }
    }

    fn unpin(&mut self, name: &Name, ip: IpAddr) {
        if let Some(pins) = self.by_address.get_mut(&ip) {
            pins.retain(|pin| pin.name != *name);
            if pins.is_empty() {
                self.by_address.remove(&ip);
            }
        }
        if let Some(addresses) = self.by_name.get_mut(name) {
            addresses.retain(|other| *other != ip);
            if addresses.is_empty() {
                self.by_name.remove(name);
            }
        }
    }
}
