//! The one place that reaches a provider: sockets start here, and so do waits and the clock.
//!
//! Unit tests of this crate have a network and a clock of their own in its place (`fake`), with the same names.

#[cfg(not(test))]
mod contract;
#[cfg(test)]
pub(crate) mod fake;

#[cfg(not(test))]
pub(crate) use contract::{
    Lookup, Socket, bursts, create, granted_names, lookup, now, take, wait, zone_index, zone_name,
};
#[cfg(test)]
pub(crate) use fake::{Lookup, Socket, bursts, create, granted_names, lookup, now, take, wait, zone_index, zone_name};

/// The contract gives at most 64 events a call; 32 datagrams a call is where the cost of calling no longer shows.
pub(crate) const BATCH: usize = 32;
