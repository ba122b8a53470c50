//! Sends to names: what is allowed depends on what the name will be looked up to be.

use super::answer::Answer;
use super::{UNBOUND, resolve};
use crate::options::Operation;
use datagrant::grants::{
    Connect, Endpoint, Grants, Ground, Name, Pins, Reason, Request, Send, decide, grounds, is_global,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Instant;

/// Asks with the name pinned to addresses that are far from each other, and answers the best of it: a name gives global
/// addresses, and which one nobody knows here.
pub fn send(grants: &Grants, operation: Operation, name: &Name, port: u16) -> Answer {
    let now = Instant::now();
    let judged = samples().filter_map(|ip| {
        let remote = Endpoint::new(SocketAddr::new(ip, port)).ok()?;
        let mut pins = Pins::default();
        pins.pin(name, ip, false, Pins::MIN_TIME, now);
        let names = pins.of(ip, now);
        Some(match operation {
            Operation::Connect => {
                let request = Connect {
                    names,
                    ..Connect::to(remote)
                };
                judge(grants, &request)
            }
            _ => {
                let request = Send {
                    names,
                    ..Send::to(remote, UNBOUND)
                };
                judge(grants, &request)
            }
        })
    });
    let looked_up = resolve(grants, name);
    let Some((_, best)) = judged.max_by_key(|(rank, _)| *rank) else {
        return looked_up;
    };
    let answer = looked_up.and(best.about(format!("{name}:{port}")));
    match answer.is_allowed() {
        true => answer.noting("once it is looked up, to addresses that are global, not of this host, and not denied"),
        false => answer,
    }
}

/// An answer, and how much it says of the name.
fn judge<R: Request>(grants: &Grants, request: &R) -> (u8, Answer) {
    let decided = decide(grants, request);
    let rank = match &decided {
        Ok(permit) if grounds(grants, request, permit).ground() == Ground::Named => 3,
        Ok(_) => 2,
        Err(denial) if denial.reason() == Reason::NotGranted => 1,
        Err(_) => 0,
    };
    (rank, Answer::of(grants, request, decided))
}

/// Global addresses, one of every part of what is allocated.
fn samples() -> impl Iterator<Item = IpAddr> {
    let v4 = (1..224).map(|first| IpAddr::from(Ipv4Addr::new(first, 93, 157, 71)));
    let v6 = (0x2000..0x4000).step_by(0x20);
    let v6 = v6.map(|first| IpAddr::from(Ipv6Addr::new(first, 0x5e3, 0, 0, 0, 0, 0x9d, 0x47)));
    v6.chain(v4).filter(|ip| is_global(*ip))
}
