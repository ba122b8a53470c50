#![doc = include_str!("../README.md")]

mod address;
pub mod bindings;
pub mod burst;
mod error;
pub mod event_loop;
mod exchange;
mod inbox;
mod provider;
mod udp;
pub mod wait;

pub use address::ToSocketAddrs;
pub use bindings::types::{CreateFlags, ErrorCode, IpAddressFamily as Family};
pub use error::{Error, error_code};
pub use event_loop::EventLoop;
pub use udp::UdpSocket;
