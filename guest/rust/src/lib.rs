#![doc = include_str!("../README.md")]

mod address;
#[cfg(feature = "async")]
pub mod aio;
pub mod bindings;
mod block_list;
pub mod burst;
mod error;
pub mod event_loop;
mod exchange;
mod inbox;
mod names;
mod payload;
mod provider;
pub mod service;
mod udp;
pub mod wait;

pub use address::{AddressInfo, Endpoint, Interface, ToSocketAddrs};
pub use bindings::types::{CreateFlags, ErrorCode, IpAddressFamily as Family};
pub use block_list::BlockList;
pub use error::{Error, error_code};
pub use event_loop::EventLoop;
pub use names::{granted_names, lookup};
pub use payload::Payload;
pub use udp::UdpSocket;
