//! What a decision costs, and what reading a pattern does: `cargo bench --bench decide`. With `cargo test --bench decide`
//! each one runs once.
//!
//! Each decision is about another destination, drawn at random from the hosts of the rules and from their surroundings,
//! so that neither caches nor branch prediction know it. `alloc` in the table counts allocations: a decision that
//! permits has none.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use datagrant::grants::{Basis, Connect, Endpoint, Grants, Host, Reason, Right, Send, SendFacts, Via, decide};
use divan::{AllocProfiler, Bencher, black_box};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const RULES: [usize; 3] = [10, 1_000, 10_000];

fn main() {
    divan::main();
}

/// A send with the facts of a socket whose peer wrote lately.
#[divan::bench_group]
mod send_ipv4 {
    use super::*;

    #[divan::bench(args = RULES)]
    fn granted(bencher: Bencher<'_, '_>, rules: usize) {
        sends(bencher, rules, |ip| ip.is_ipv4(), |answer| answer == Ok(Via::Grant));
    }

    #[divan::bench(args = RULES)]
    fn reply(bencher: Bencher<'_, '_>, rules: usize) {
        sends(bencher, rules, |ip| ip.is_ipv4(), |answer| answer == Ok(Via::Reply));
    }

    #[divan::bench(args = RULES)]
    fn granted_or_reply(bencher: Bencher<'_, '_>, rules: usize) {
        sends(bencher, rules, |ip| ip.is_ipv4(), |answer| answer.is_ok());
    }

    #[divan::bench(args = RULES)]
    fn denied(bencher: Bencher<'_, '_>, rules: usize) {
        sends(
            bencher,
            rules,
            |ip| ip.is_ipv4(),
            |answer| answer == Err(Reason::Denied),
        );
    }
}

/// See `send_ipv4`.
#[divan::bench_group]
mod send_ipv6 {
    use super::*;

    #[divan::bench(args = RULES)]
    fn granted(bencher: Bencher<'_, '_>, rules: usize) {
        sends(bencher, rules, plain, |answer| answer == Ok(Via::Grant));
    }

    #[divan::bench(args = RULES)]
    fn reply(bencher: Bencher<'_, '_>, rules: usize) {
        sends(bencher, rules, plain, |answer| answer == Ok(Via::Reply));
    }

    #[divan::bench(args = RULES)]
    fn granted_or_reply(bencher: Bencher<'_, '_>, rules: usize) {
        sends(bencher, rules, plain, |answer| answer.is_ok());
    }

    #[divan::bench(args = RULES)]
    fn denied(bencher: Bencher<'_, '_>, rules: usize) {
        sends(bencher, rules, plain, |answer| answer == Err(Reason::Denied));
    }

    /// Two addresses to judge: NAT64.
    #[divan::bench(args = RULES)]
    fn embedded(bencher: Bencher<'_, '_>, rules: usize) {
        sends(bencher, rules, embeds, |answer| answer.is_ok());
    }

    fn plain(ip: IpAddr) -> bool {
        ip.is_ipv6() && !embeds(ip)
    }

    fn embeds(ip: IpAddr) -> bool {
        datagrant::grants::embedded_ipv4(ip).is_some()
    }
}

/// Nothing granted, nothing denied, nobody wrote: what a flood of refusals costs.
#[divan::bench(args = RULES)]
fn send_not_granted(bencher: Bencher<'_, '_>, rules: usize) {
    let facts = SendFacts {
        recent_peer: false,
        link_local_named: false,
        ..REPLY
    };
    measure(
        bencher,
        rules,
        facts,
        |_| true,
        |answer| answer == Err(Reason::NotGranted),
    );
}

/// Reads 1,000 patterns into grants that are ready to be asked.
#[divan::bench]
fn thousand_patterns_to_grants(bencher: Bencher<'_, '_>) {
    let texts = texts(1_000);
    bencher.bench_local(|| grants(&texts));
}

/// Reads one pattern.
#[divan::bench(args = ["127.0.0.1:53", "[2001:db8::/32]:1024-2047", "@private:80,443,1000-2000"])]
fn pattern(bencher: Bencher<'_, '_>, text: &str) {
    bencher.bench_local(|| Grants::new().allow(Right::Send, black_box(text)).map(drop));
}

#[divan::bench]
fn connect(bencher: Bencher<'_, '_>) {
    let grants = grants(&texts(1_000));
    let destinations = destinations(&grants, |remote| decide(&grants, &Connect::to(remote)).is_ok());
    each(bencher, &destinations, |&remote| {
        decide(&grants, &Connect::to(remote)).is_ok()
    });
}

const REPLY: SendFacts = SendFacts {
    basis: Basis::Granted,
    recent_peer: true,
    link_local_named: false,
    own_address: false,
    broadcast: false,
};

type Answer = Result<Via, Reason>;

fn sends(bencher: Bencher<'_, '_>, rules: usize, host: fn(IpAddr) -> bool, wanted: fn(Answer) -> bool) {
    measure(bencher, rules, REPLY, host, wanted);
}

/// Measures sends to hosts that pass, answered as wanted.
fn measure(
    bencher: Bencher<'_, '_>,
    rules: usize,
    socket: SendFacts,
    host: fn(IpAddr) -> bool,
    wanted: fn(Answer) -> bool,
) {
    let grants = grants(&texts(rules));
    let answer = |remote| match decide(&grants, &Send::to(remote, socket)) {
        Ok(permit) => Ok(permit.via),
        Err(denial) => Err(denial.reason()),
    };
    let destinations = destinations(&grants, |remote| host(remote.ip()) && wanted(answer(remote)));
    each(bencher, &destinations, |&remote| {
        decide(&grants, &Send::to(remote, socket)).is_ok()
    });
}

fn each<T>(bencher: Bencher<'_, '_>, all: &[T], decide: impl Fn(&T) -> bool) {
    let mut at = 0;
    bencher.bench_local(|| {
        at = (at + 1) % DESTINATIONS;
        decide(black_box(&all[at]))
    });
}

/// More than a branch predictor learns; few where it only matters that the benches work.
const DESTINATIONS: usize = if cfg!(debug_assertions) { 16 } else { 4096 };

/// Destinations in the hosts of the rules and just beside, to one of their ports and to others.
fn destinations(grants: &Grants, wanted: impl Fn(Endpoint) -> bool) -> Vec<Endpoint> {
    let mut random = Random(7);
    let mut found = Vec::new();
    let patterns: Vec<_> = grants.allowed(Right::Send).chain(grants.denied(Right::Send)).collect();
    for _ in 0..10_000_000 {
        let pattern = patterns[random.below(patterns.len())];
        let ip = match (pattern.host(), random.below(8)) {
            (Host::Address { ip, .. }, 0..6) => *ip,
            (Host::Net(net), 0..6) => match net.network() {
                IpAddr::V4(ip) => (ip | Ipv4Addr::from_bits(random.next() as u32) & net_host_v4(net)).into(),
                IpAddr::V6(ip) => (ip | Ipv6Addr::from_bits(random.wide()) & net_host_v6(net)).into(),
            },
            (Host::Class(_), 0..6) => Ipv4Addr::from_bits(10 << 24 | random.next() as u32 >> 8).into(), // @private
            (_, 6) => Ipv6Addr::from_bits(0x64_ff9b << 96 | u128::from(random.next() as u32)).into(),
            (_, even) if even % 2 == 0 => Ipv4Addr::from_bits(random.next() as u32).into(),
            _ => Ipv6Addr::from_bits(0x2 << 124 | random.wide() >> 4).into(),
        };
        let ports: Vec<u16> = pattern.ports().iter().take(100).collect();
        let port = match random.below(4) {
            0 => 1 + random.below(65535) as u16,
            _ => ports[random.below(ports.len())],
        };
        if let Ok(remote) = Endpoint::new(SocketAddr::new(ip, port))
            && wanted(remote)
        {
            found.push(remote);
            if found.len() == DESTINATIONS {
                return found;
            }
        }
    }
    panic!("only {} such destinations", found.len());
}

/// The bits of an address that its net leaves open.
fn net_host_v4(net: &ipnet::IpNet) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::MAX.checked_shr(net.prefix_len().into()).unwrap_or(0))
}

/// See [`net_host_v4`].
fn net_host_v6(net: &ipnet::IpNet) -> Ipv6Addr {
    Ipv6Addr::from_bits(u128::MAX.checked_shr(net.prefix_len().into()).unwrap_or(0))
}

/// Rules as somebody may write them: one in four is denied, half are IPv6; hosts, CIDRs of many lengths, classes.
fn texts(count: usize) -> Vec<(bool, String)> {
    let mut random = Random(1);
    let mut rules = vec![
        (true, "@private:53,123".to_owned()),
        (true, "[64:ff9b::/96]:*".to_owned()),
        (false, "[2001:db8::/32]:*".to_owned()),
    ];
    for index in rules.len()..count {
        let ports = match random.below(6) {
            0 => "*".to_owned(),
            1 => "53".to_owned(),
            2 => "80,443,1000-2000".to_owned(),
            3 => format!("{}", 1 + random.below(65535)),
            4 => format!("1024-{}", 1024 + random.below(60000)),
            _ => format!("{}", random.below(1000) * 4 + 1),
        };
        let four = Ipv4Addr::from_bits((1 + random.below(223) as u32) << 24 | random.next() as u32 & 0xff_ffff);
        let six = Ipv6Addr::from_bits(0x2 << 124 | random.wide() >> 4);
        let host = match index % 4 {
            0 => format!("{four}"),
            1 => format!("[{six}]"),
            2 => {
                let net = ipnet::Ipv4Net::new_assert(four, 6 + random.below(27) as u8);
                format!("{}", net.trunc())
            }
            _ => {
                let net = ipnet::Ipv6Net::new_assert(six, 12 + random.below(117) as u8);
                format!("[{}]", net.trunc())
            }
        };
        rules.push((random.below(4) > 0, format!("{host}:{ports}")));
    }
    rules
}

fn grants(texts: &[(bool, String)]) -> Grants {
    let mut grants = Grants::new();
    for (allowed, text) in texts {
        let added = match allowed {
            true => grants.allow(Right::Send, text),
            false => grants.deny(Right::Send, text),
        };
        added.expect("a pattern");
    }
    grants.prepare();
    grants
}

/// xorshift64*, so that each run asks the same.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 33) as usize % end
    }
}
