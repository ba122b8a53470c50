//! Addresses that a program wants nothing to do with.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses that a socket neither sends to nor hears from, by the program's own choice (Node's `net.BlockList`). What
/// the host allows is a matter of its own: its grants.
///
/// IPv4 addresses and their IPv4-mapped IPv6 forms are the same here.
///
/// ```
/// use datagrant_guest::BlockList;
///
/// let mut list = BlockList::new();
/// list.add_address("192.0.2.1".parse().unwrap());
/// list.add_range("198.51.100.10".parse().unwrap(), "198.51.100.20".parse().unwrap())?;
/// list.add_subnet("2001:db8::".parse().unwrap(), 32)?;
/// assert!(list.contains("::ffff:192.0.2.1".parse().unwrap()));
/// assert!(!list.contains("198.51.100.21".parse().unwrap()));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockList {
    /// From and to, both inclusive; sorted, and apart from each other.
    ranges: Vec<(u128, u128)>,
}

impl BlockList {
    /// Nothing is blocked.
    pub fn new() -> Self {
        Self::default()
    }

    /// Blocks one address.
    pub fn add_address(&mut self, address: IpAddr) -> &mut Self {
        self.add(number(address), number(address));
        self
    }

    /// Blocks the addresses from `start` to `end`, with both.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] if `end` comes before `start`, or is of the other family.
    pub fn add_range(&mut self, start: IpAddr, end: IpAddr) -> io::Result<&mut Self> {
        if start.is_ipv4() != end.is_ipv4() || number(start) > number(end) {
            let what = format!("not a range of addresses: {start} to {end}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        self.add(number(start), number(end));
        Ok(self)
    }

    /// Blocks the network of `address` whose addresses have the first `prefix` bits in common: 0 to 32 bits for IPv4, 0
    /// to 128 bits for IPv6.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] if `prefix` is greater.
    pub fn add_subnet(&mut self, address: IpAddr, prefix: u8) -> io::Result<&mut Self> {
        let bits: u32 = if address.is_ipv4() { 32 } else { 128 };
        let Some(host) = bits.checked_sub(u32::from(prefix)) else {
            let what = format!("a prefix of {address} has 0 to {bits} bits, not {prefix}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        };
        // All ones where addresses of the network differ.
        let mask = u128::MAX.checked_shr(128 - host).unwrap_or(0);
        self.add(number(address) & !mask, number(address) | mask);
        Ok(self)
    }

    /// Whether the address is blocked (Node's `check`).
    pub fn contains(&self, address: IpAddr) -> bool {
        let number = number(address);
        let after = self.ranges.partition_point(|(start, _)| *start <= number);
        after > 0 && number <= self.ranges[after - 1].1
    }

    /// Whether nothing is blocked.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    fn add(&mut self, start: u128, end: u128) {
        // What it overlaps becomes one with it.
        let first = self.ranges.partition_point(|(_, e)| *e < start);
        let behind = self.ranges.partition_point(|(s, _)| *s <= end);
        let start = self.ranges[first..behind].first().map_or(start, |r| r.0.min(start));
        let end = self.ranges[first..behind].last().map_or(end, |r| r.1.max(end));
        self.ranges.splice(first..behind, [(start, end)]);
    }
}

/// As an IPv6 address, IPv4 as mapped.
fn number(address: IpAddr) -> u128 {
    let v6 = match address {
        IpAddr::V4(a) => Ipv4Addr::to_ipv6_mapped(&a),
        IpAddr::V6(a) => a,
    };
    Ipv6Addr::to_bits(v6)
}

#[cfg(test)]
#[path = "tests/block_list.rs"]
mod tests;
