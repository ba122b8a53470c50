//! The JavaScript SDK, `guest/js`: the same test files on Node and as components under the program, and its examples.

#[path = "../common/mod.rs"]
mod common;

mod composed;
mod examples;
mod names;
mod package;
mod queue;
mod rows;
mod table;
mod throws;
mod tools;
