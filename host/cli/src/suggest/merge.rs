//! Networks for addresses that were sent to, where the operator asks for them.

use super::seen::{Seen, Use};
use datagrant::grants::{Grants, Host, Pattern, Right};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

impl Seen {
    /// Puts a network of so many bits in the place of addresses of `send` that are in it and have the same ports, if there
    /// are several.
    pub fn merge(&mut self, v4: Option<u8>, v6: Option<u8>) {
        let mut networks: BTreeMap<String, Vec<(Right, String)>> = BTreeMap::new();
        for (key, (pattern, _)) in &self.used {
            if key.0 == Right::Send
                && let Some(network) = network(pattern, v4, v6)
            {
                networks.entry(network).or_default().push(key.clone());
            }
        }
        for (network, keys) in networks.into_iter().filter(|(_, keys)| keys.len() > 1) {
            let mut grants = Grants::new();
            // One that is no pattern stays as its addresses.
            let Ok(_) = grants.allow(Right::Send, &network) else {
                continue;
            };
            let Some(pattern) = grants.allowed(Right::Send).next() else {
                continue;
            };
            let mut all = Use::default();
            for key in keys {
                if let Some((_, Use { count, first, last })) = self.used.remove(&key) {
                    all.add(count, &first, &last);
                }
            }
            self.used
                .insert((Right::Send, pattern.to_string()), (pattern.clone(), all));
        }
    }
}

/// The network of an address, with its ports.
fn network(pattern: &Pattern, v4: Option<u8>, v6: Option<u8>) -> Option<String> {
    let Host::Address { ip, zone: None } = pattern.host() else {
        return None;
    };
    let network = match ip {
        IpAddr::V4(ip) => {
            let bits = v4?;
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            format!("{}/{bits}", Ipv4Addr::from_bits(ip.to_bits() & mask))
        }
        IpAddr::V6(ip) => {
            let bits = v6?;
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            format!("[{}/{bits}]", Ipv6Addr::from_bits(ip.to_bits() & mask))
        }
    };
    Some(format!("{network}:{}", pattern.ports()))
}
