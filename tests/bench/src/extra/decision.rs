//! What `decide` costs with 1,000 rules.

use super::tell;
use crate::sys;
use anyhow::{Result, ensure};
use datagrant::grants::{Basis, Endpoint, Grants, Interface, Right, Send, SendFacts, decide};
use std::hint::black_box;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

const SAMPLES: usize = 15;
const DECISIONS: usize = 100_000;
/// Of each family and kind: addresses and networks, allowed, and a tenth denied.
const RULES: u16 = 225;

pub fn run() -> Result<()> {
    let grants = grants()?;
    let ipv4 = |i: u16| SocketAddr::from((Ipv4Addr::new(203, 0, (i >> 8) as u8, i as u8), 53));
    let ipv6 = |i: u16| SocketAddr::from((Ipv6Addr::new(0x2001, 0xdb8, 0, i, 0, 0, 0, 1), 53));
    cost("IPv4 send that is granted", &grants, true, ipv4)?;
    cost("IPv6 send that is granted", &grants, true, ipv6)?;
    let ipv4 = |i: u16| SocketAddr::from((Ipv4Addr::new(198, 18, (i >> 8) as u8, i as u8), 53));
    let ipv6 = |i: u16| SocketAddr::from((Ipv6Addr::new(0x2001, 0xdb9, 0, i, 0, 0, 0, 1), 53));
    cost("IPv4 send that no rule covers", &grants, false, ipv4)?;
    cost("IPv6 send that no rule covers", &grants, false, ipv6)
}

/// 1,000 rules: 225 each of IPv4 and IPv6 addresses and networks are allowed, 50 each of IPv4 and IPv6 networks denied.
fn grants() -> Result<Grants> {
    let mut grants = Grants::new();
    for i in 0..RULES {
        grants.allow(Right::Send, &format!("203.0.{}.{}:53", i >> 8, i & 255))?;
        grants.allow(Right::Send, &format!("[2001:db8:0:{i:x}::1]:53"))?;
        grants.allow(Right::Send, &format!("10.{i}.0.0/16:1000-2000"))?;
        grants.allow(Right::Send, &format!("[2001:db8:1:{i:x}::/64]:1000-2000"))?;
    }
    for i in 0..50 {
        grants.deny(Right::Send, &format!("192.168.{i}.0/24:*"))?;
        grants.deny(Right::Send, &format!("[fd00:0:0:{i:x}::/64]:*"))?;
    }
    Ok(grants)
}

fn cost(name: &str, grants: &Grants, granted: bool, address: impl Fn(u16) -> SocketAddr) -> Result<()> {
    let requests: Vec<Send<'static>> = (0..RULES)
        .map(|i| {
            Ok(Send {
                remote: Endpoint::new(address(i))?,
                interface: Interface::UNKNOWN,
                socket: SendFacts {
                    basis: Basis::Client,
                    recent_peer: false,
                    link_local_named: false,
                    own_address: false,
                    broadcast: false,
                },
                names: &[],
            })
        })
        .collect::<Result<_>>()?;
    let mut values = Vec::new();
    for _ in 0..=SAMPLES {
        let before = sys::processor_time();
        let permitted = (0..DECISIONS)
            .filter(|i| decide(black_box(grants), black_box(&requests[i % requests.len()])).is_ok())
            .count();
        values.push((sys::processor_time() - before).as_nanos() as f64 / DECISIONS as f64);
        ensure!(
            permitted == if granted { DECISIONS } else { 0 },
            "{name}: {permitted} of {DECISIONS} permitted"
        );
    }
    tell("decision", name, "ns", values.split_off(1))
}
