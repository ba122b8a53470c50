//! The same rules by `wasi:sockets` 0.2: it must be no way round them. `own` has what is its own, `replaced` what becomes of its
//! sockets when grants are replaced.
//!
//! Left out is what it cannot say:
//!
//! | | because |
//! |---|---|
//! | `broadcast` | it has no SO_BROADCAST, so that no broadcast is ever sent |
//! | `contract` | a program binds before it sends, may change the peer, and closes by dropping; `own` tells how that ends |
//! | `dual_stack`, `mapped` | its IPv6 sockets are IPv6 only: `own` has what becomes of mapped addresses |
//! | `granted` | it knows no sockets but those that the guest makes |
//! | `join`, `multicast` | it joins nothing, and chooses no interface |
//! | `lookups` | they are about the answers of name servers, family by family, and it asks for both: `own` has what is no name |
//! | `operator` | its stories need the flags, the switch and the mapped addresses of the contract: `own` has others |
//! | `shared` | it has no SO_REUSEADDR and no SO_REUSEPORT |

mod own;
mod replaced;

#[path = "../grants/bind.rs"]
mod bind;
#[path = "../grants/canonical.rs"]
mod canonical;
#[path = "../grants/client.rs"]
mod client;
#[path = "../grants/connect.rs"]
mod connect;
#[path = "../grants/default.rs"]
mod default;
#[path = "../grants/deny.rs"]
mod deny;
#[path = "../grants/from.rs"]
mod from;
#[path = "../grants/guest.rs"]
mod guest;
#[path = "../grants/names.rs"]
mod names;
#[path = "../grants/peer.rs"]
mod peer;
#[path = "../grants/ports.rs"]
mod ports;
#[path = "../grants/replaced/hears.rs"]
mod replaced_hears;
#[path = "../grants/reply.rs"]
mod reply;
#[path = "../grants/sixty_seconds.rs"]
mod sixty_seconds;
#[path = "../grants/unspecified.rs"]
mod unspecified;

/// How each story begins.
const BEGIN: &[&str] = &["wasi on -> ok"];

/// Whether what sends or connects is bound by an operation of its own before.
const BINDS_FIRST: bool = true;
