//! The Go SDK, `guest/go`: its examples, what its tests run as a component, and its build command.

#[path = "../common/mod.rs"]
mod common;

mod build;
mod examples;
mod programs;
mod tools;
