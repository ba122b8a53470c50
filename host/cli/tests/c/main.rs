//! The C SDK, `guest/c`: its examples, by each compiler, with clients that are not ours; its own tests, natively.

#[path = "../common/mod.rs"]
mod common;

mod ends;
mod examples;
mod languages;
mod native;
mod tools;
