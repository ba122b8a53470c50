//! The program on networks with several hosts, which each test makes for itself (`datagrant_tests::network`): what
//! loopback cannot show. They need root and a few programs of Debian's. Elsewhere they say that they do not run; with
//! CI=true that is a failure.

#[path = "../common/mod.rs"]
mod common;

mod broadcast;
mod full;
mod grants;
mod groups;
mod guest;
mod interface;
mod lan;
mod link_local;
mod loss;
mod mtu;
mod multicast;
mod names;
mod refused;
mod relay;
mod segments;
