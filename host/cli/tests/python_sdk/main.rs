//! The Python SDK, `guest/python`: the same test files on CPython and as a component under the program, its examples, and a
//! library of asyncio that knows nothing of it.

#[path = "../common/mod.rs"]
mod common;

mod build;
mod examples;
mod names;
mod service;
mod table;
mod tools;
