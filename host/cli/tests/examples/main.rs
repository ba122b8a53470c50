//! The examples under the program, with the grants of their pages, each tried by a program that is not ours.

#[path = "../common/mod.rs"]
mod common;

mod coap;
mod dns;
mod mdns;
mod ntp;
mod statsd;
mod tool;
