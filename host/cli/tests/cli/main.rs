//! The program `datagrant`, from outside: what an operator types, reads and gets back.

#[path = "../common/mod.rs"]
mod common;

mod asynchronous;
mod cache;
mod ends;
mod files;
mod flags;
mod grants;
mod grants_file;
mod precompiled;
mod signals;
mod sockets;
mod surroundings;
mod wasi_sockets;
