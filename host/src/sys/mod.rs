//! System calls, behind a contract that each platform backend meets. The only place for `unsafe` in this crate.
//!
//! What a backend provides:
//!
//! | item | contract |
//! |---|---|
//! | [`Socket`] | a UDP socket, close-on-exec and non-blocking; dropping it closes it and frees its port at once |
//! | [`Socket::open`] | the socket receives no multicast group that it did not join itself |
//! | [`Socket::adopt`] | takes a UDP socket that somebody else opened, and makes it like one that was opened here |
//! | [`Socket::settings`], [`Socket::restore`] | put back what the other functions change, the connection too |
//! | [`Socket::bind`] | sets or clears reuse and IPv6-only as told, then binds; nothing of an earlier failure stays |
//! | [`Socket::connect`], [`Socket::disconnect`] | leave no pending error of an earlier peer behind; after the latter the socket is bound as before |
//! | [`Socket::send`] | one datagram, whole or not at all; never waits, never raises a signal |
//! | [`Socket::send_batch`] | up to 64 in one call, in order; says how many went; never waits |
//! | [`Socket::receive`] | up to 64 datagrams in one call; says which were cut; never waits |
//! | [`Socket::configure`] | what it cannot switch on is off in its answer |
//! | [`Socket::hear_only`], [`Socket::hear_all`] | nothing of the source is lost; what others send may still come |
//! | [`Socket::has_input`], [`Socket::has_room`] | the truth of this moment; never waits |
//! | [`Watched`] | a socket whose readiness can be awaited; an error that is pending is input |
//! | [`source_of`] | the address that the system would send from; sends nothing |
//! | [`Socket::join`], [`Socket::leave`] | of the group on the interface, from the source; what arrives for the same group on another interface may be delivered too |
//! | [`Socket::interface_index`], [`Socket::interface_name`] | ENODEV or ENXIO for what is not there |
//! | [`interface_to`] | the interface that a datagram would leave by if nothing but its addresses were given |
//! | [`interface_with`] | the name of the interface that has the address |
//! | [`is_own_address`] | whether an address belongs to this host; says yes when in doubt |
//!
//! Addresses are given as the kernel takes them: an IPv6 socket takes IPv4 as mapped addresses.
//! Errors are [`io::Error`](std::io::Error)s that carry an errno.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(crate) use linux::{
    Arrival, BindOptions, BurstOptions, MAX_BATCH, MAX_DATAGRAM_BYTES, Membership, Outgoing, ReceiveOptions, Received,
    Settings, Socket, Watched, interface_to, interface_with, is_own_address, source_of,
};
