//! The harness: builds the guest programs (`build.rs`), joins them with a provider ([`compose`]) and runs them
//! ([`Run`]). A program knows which provider it has by the environment variable [`PROVIDER_VARIABLE`].
//! Beside that, [`network`]: hosts and networks that a test makes for itself.

pub mod compose;
pub mod dns;
mod engine;
pub mod hosts;
pub mod missing;
mod native;
pub mod network;
mod outcome;
mod provider;
mod run;
mod running;
pub mod table;

pub use outcome::{Outcome, Status};
pub use provider::Provider;
pub use run::{PROVIDER_VARIABLE, Run};
pub use running::Running;

include!(concat!(env!("OUT_DIR"), "/guests.rs"));
