//! The topics.

pub mod cancel;
pub mod close;
pub mod ids;
pub mod lookups;
pub mod stream;
pub mod tasks;
pub mod udp;
