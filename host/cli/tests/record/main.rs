//! `--record` and `--replay`: captures are read by Wireshark's `tshark`, and replays run on a host whose loopback is down.

#[path = "../common/mod.rs"]
mod common;
#[path = "../examples/tool.rs"]
mod tool;

mod again;
mod capture;
mod conformance;
mod differs;
mod ends;
mod examples;
mod files;
mod shark;
mod wasi;
