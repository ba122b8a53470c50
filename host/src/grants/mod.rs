//! Grants: what a guest may do with the network. Pure: no I/O, no sockets, no printing.
//!
//! Everything is denied unless a pattern allows it, and a denied pattern wins over every allowed one. [`decide`] is the
//! single decision point: each operation asks it before any system call, with the canonical [`Endpoint`], and the same
//! endpoint goes to the kernel.
//!
//! # Grammar
//!
//! One grammar for all lists. Each pattern is a text of its own.
//!
//! | part | is | examples |
//! |---|---|---|
//! | pattern | host `:` ports, then suffixes, with one space before each; in a resolve and a join without ports | `127.0.0.1:41234`, `0.0.0.0:5353 shared` |
//! | host | address, CIDR, class, name or group; IPv6 stands in brackets | see below |
//! | address | four decimal numbers without leading zeros, or IPv6; mapped IPv6 is IPv4 | `192.0.2.1`, `[2001:db8::1]` |
//! | zone | `%` and an interface's name or index, on link-local addresses; without, any interface | `[fe80::1%eth0]`, `[fe80::1%2]` |
//! | group | multicast address, or CIDR inside `224.0.0.0/4` or `ff00::/8`; nothing else covers multicast | `224.0.0.251`, `[ff05::/16]` |
//! | interface | `@` and its name or index, on a group; without, any interface; `%` in the brackets means the same | `224.0.0.251@eth0:5353`, `[ff02::fb]@2` |
//! | wildcard | `0.0.0.0` or `[::]` in a bind: the wildcard, and each address of that family | `0.0.0.0:53` |
//! | CIDR | address `/` length, no host bits set; not multicast, limited broadcast or unspecified | `10.0.0.0/8`, `[2001:db8::/32]` |
//! | class | `@loopback`, `@private`, `@link-local`, `@global` | `@private:53` |
//! | `*` | as a host: `@global`; not in a bind, and neither is `@global` | `*:443` |
//! | name | in a send: the addresses that the guest has looked the name up to have, see [`Pins`] | `example.com:443` |
//! | `*.` and a name | every name under it, and not the name itself | `*.example.com:53` |
//! | ports | ports and ranges with commas between, or `*` for 1 to 65535 | `53`, `1024-2047`, `80,443,1000-2000` |
//! | port 0 | in a bind: any port that the kernel picks; stands apart from ranges | `127.0.0.1:0`, `0.0.0.0:0,53` |
//! | `from` | on an allowed join: an address or a CIDR, the one source to join; without, any source, and of any | `232.1.1.1@eth0 from 10.0.0.5` |
//! | | on an allowed bind: an address or a CIDR that datagrams are received from; without, any source | `0.0.0.0:53 from 10.0.0.0/8` |
//! | `shared` | on an allowed bind: address and port reuse | `0.0.0.0:5353 shared` |
//!
//! A `broadcast` pattern is one IPv4 address and one port. A `resolve` pattern is a name, `*.` and a name, or `*` for every
//! name, without ports; see [`Name`] for what is none. Denied lists take the same hosts and ports, and no suffix.
//! A group in a bind has an interface only if its scope is a link or an interface (`ff02::/16`, `ff01::/16`).
//!
//! What a bound socket receives: the `from` of all allowed bind patterns that cover its address and port together, and
//! anything if one of them has none (see [`Sources`]). A source outside is not delivered, and not a peer to reply to. Denied
//! `send` patterns stop replies, not what is received.
//!
//! # Order of evaluation
//!
//! An IPv6 destination that embeds an IPv4 address (IPv4-compatible, NAT64, 6to4; see [`embedded_ipv4`]) is judged as
//! both, and both must pass. The first row that applies answers.
//!
//! | | [`Send`] | [`Connect`] |
//! |---|---|---|
//! | 1 | destination unspecified, port 0, multicast inside IPv6: refused; a group: permitted if a `send` pattern names it, the interface and the port, and none is denied | the same |
//! | 2 | denied `send` or `broadcast` pattern, also of a name that the address is pinned to: refused | the same |
//! | 3 | allowed `broadcast` pattern, and the guest's switch is on: permitted as a broadcast | limited broadcast: refused |
//! | 4 | limited broadcast: refused | |
//! | 5 | allowed `send` pattern: permitted; one of a name that the address is pinned to, if it is global and not of this host | the same |
//! | 6 | allowed `broadcast` pattern, the switch is off: refused | allowed `broadcast` pattern: refused |
//! | 7 | bind was granted, the peer wrote within 60 s, not the socket itself, not 169.254/16 (unless `from` names an address or a network in there): permitted as a reply | |
//! | 8 | refused | refused |
//!
//! | | [`Bind`] |
//! |---|---|
//! | 1 | limited broadcast: refused; a group: permitted if a `bind` pattern names it, a `join` pattern allows to join it, and none is denied |
//! | 2 | denied `bind` pattern covers it or, for a wildcard, overlaps it, on that port (port 0: on all granted ports): refused. Of a dual-stack wildcard both halves count, if both are granted |
//! | 3 | allowed `bind` pattern, with `shared` if reuse is asked for and the port is not 0: permitted. A dual-stack wildcard that is granted in IPv6 alone becomes IPv6-only |
//! | 4 | unspecified address and port 0, and anything may be sent: permitted as a client socket |
//! | 5 | refused |
//!
//! [`Resolve`]: a denied `resolve` pattern refuses, then an allowed one permits. It gives no send.
//!
//! A [`Join`] is permitted if an allowed `join` pattern covers group, interface and source, and no denied one does. A
//! pattern with `from` covers only joins of one source. What the host could not find is judged with what the guest said
//! of it (see [`Interface`]).
//!
//! [`Hold`], a socket that is bound already: permitted if a bind, or an implicit one, would give it all that it has. One that
//! was handed in: unless a denied `bind` pattern covers its address or, for a wildcard, overlaps it.
//!
//! Port 0: with a `:0` pattern the kernel picks, or the host within 32768-60999 where denied patterns overlap; otherwise
//! the host picks within the granted ports that are not denied. [`ImplicitBind`] is a client socket, unless a bind grant
//! with `:0` gives the whole of it.

mod address;
mod class;
mod decide;
mod denial;
mod error;
mod file;
mod grounds;
mod index;
mod interface;
mod name;
mod names;
mod parse;
mod pattern;
mod pins;
mod ports;
mod request;
mod right;
mod rules;
mod set;
mod sources;
#[cfg(test)]
mod tests;

pub use address::{Endpoint, EndpointError, embedded_ipv4};
pub use class::{Class, is_global, is_link_local, is_private};
pub use decide::{Request, decide};
pub use denial::{Denial, Operation, Reason, Subject};
pub use error::PatternError;
pub use file::{FileError, GrantsFile};
pub use grounds::{Ground, Grounds, Permitted, grounds};
pub use interface::{Interface, InterfaceName, Zone};
pub use name::Name;
pub use pattern::{Family, Host, Pattern};
pub use pins::{Pin, Pins};
pub use ports::PortSet;
pub use request::{
    Basis, Bind, BindPermit, Connect, HeldBy, Hold, ImplicitBind, Join, MulticastInterface, Ports, Resolve, Send,
    SendFacts, SendPermit, ShowInterface, Via,
};
pub use right::{Right, UnknownRight};
pub use set::Grants;
pub use sources::Sources;
