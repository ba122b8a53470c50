//! What name servers answer.

use crate::socket::ErrorCode;
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData};
use std::net::IpAddr;
use std::time::Duration;

/// An address, and how long the answer holds.
pub(super) type Found = (IpAddr, Duration);

/// The addresses of `name` in an answer: its own and those of the names that it is an alias of, and of no others. An
/// alias that holds for less time than the address makes it hold for less.
pub(super) fn addresses(name: &Name, answer: &Lookup, ipv6: bool) -> Vec<Found> {
    let records = answer.answers();
    let mut names = vec![(name, u32::MAX)];
    let mut at = 0;
    while let Some(&(alias, ttl)) = names.get(at) {
        for record in records.iter().filter(|record| record.name == *alias) {
            if let RData::CNAME(target) = &record.data
                && !names.iter().any(|(known, _)| **known == target.0)
            {
                names.push((&target.0, ttl.min(record.ttl)));
            }
        }
        at += 1;
    }
    let of = |(name, ttl): (&Name, u32)| {
        let own = records.iter().filter(move |record| record.name == *name);
        own.filter_map(move |record| {
            let ip = match &record.data {
                RData::A(ip) if !ipv6 => IpAddr::V4(ip.0),
                // An IPv4 address in an IPv6 answer is no answer: a socket of neither family can use it as it is.
                RData::AAAA(ip) if ipv6 && ip.0.to_ipv4_mapped().is_none() => IpAddr::V6(ip.0),
                _ => return None,
            };
            Some((ip, Duration::from_secs(ttl.min(record.ttl).into())))
        })
        .collect::<Vec<_>>()
    };
    names.into_iter().flat_map(of).collect()
}

/// The code for an error of the resolver: the errors of getaddrinfo(3), as glibc makes them of response codes.
pub(super) fn code(error: &NetError) -> ErrorCode {
    let response = match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => none.response_code,
        NetError::Dns(DnsError::ResponseCode(code)) => *code,
        // No server could be reached, or what came was none of its answers.
        _ => return ErrorCode::TemporaryResolverFailure,
    };
    match response {
        ResponseCode::NoError | ResponseCode::NXDomain => ErrorCode::NameUnresolvable,
        ResponseCode::ServFail => ErrorCode::TemporaryResolverFailure,
        _ => ErrorCode::PermanentResolverFailure,
    }
}
