//! Where a provider is expected to differ from the others: the one table.

use std::env;

/// A way in which providers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// No burst options: `configure` answers that none is on, and headers that ask for ECN or a source address are
    /// `not-supported`.
    NoBurstOptions,
    /// No broadcast: `set-broadcast` is `not-supported`.
    NoBroadcast,
    /// No multicast: its functions are `not-supported`.
    NoMulticast,
    /// No zones: their names are `not-supported`.
    NoZones,
    /// No `reuse-address`, no `reuse-port`: `create` answers `not-supported`.
    NoReuse,
    /// IPv6 sockets are IPv6-only without being asked to be, and IPv4-mapped addresses are `invalid-argument`.
    AlwaysIpv6Only,
    /// No sockets are handed in: `granted.names` is empty.
    NothingHandedIn,
    /// Which names may be looked up is not told by grants: all of them, or none.
    NoNameGrants,
    /// Once a socket has been read from or waited for, `connect` is a filter: no refusal is told.
    LateConnectTellsNoRefusal,
}

/// Which provider differs how, and why. Providers by the names of the harness's `Provider::name`.
const TABLE: &[(&str, Difference, &str)] = &[
    (
        "adapter",
        Difference::NoBurstOptions,
        "wasi:sockets has neither offload nor ECN nor packet info",
    ),
    ("adapter", Difference::NoBroadcast, "wasi:sockets has no SO_BROADCAST"),
    ("adapter", Difference::NoMulticast, "wasi:sockets has no multicast"),
    ("adapter", Difference::NoZones, "wasi:sockets names no interfaces"),
    (
        "adapter",
        Difference::NoReuse,
        "wasi:sockets has no SO_REUSEADDR for UDP",
    ),
    (
        "adapter",
        Difference::AlwaysIpv6Only,
        "over wasi:sockets IPv6 sockets are IPv6-only",
    ),
    (
        "adapter",
        Difference::NothingHandedIn,
        "wasi:sockets has no sockets but those that the guest makes",
    ),
    (
        "adapter",
        Difference::NoNameGrants,
        "a stock host allows lookups as a whole, and localhost without being asked",
    ),
    (
        "adapter",
        Difference::LateConnectTellsNoRefusal,
        "a late connect is a filter: making the streams again may trap while a receive is parked in the host",
    ),
];

/// What a line of stdout begins with that tells a difference, and why: the table of the tests has it.
const DIFFERS: &str = "differs: ";

/// Whether the provider of this run differs in that way.
///
/// # Panics
/// If nobody said which provider it is.
#[must_use]
pub fn differs(how: Difference) -> bool {
    let provider = env::var("DATAGRANT_PROVIDER").expect("DATAGRANT_PROVIDER names the provider");
    let row = TABLE.iter().find(|(name, of, _)| *name == provider && *of == how);
    if let Some((_, _, why)) = row {
        println!("{DIFFERS}{why}");
    }
    row.is_some()
}
