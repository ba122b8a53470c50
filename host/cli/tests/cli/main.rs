//! The program `datagrant`, from outside: what an operator types, reads and gets back.

#[path = "../common/mod.rs"]
mod common;

mod asynchronous;
mod audit;
mod cache;
mod check;
mod componentize;
mod ends;
mod explain;
mod files;
mod flags;
mod grants;
mod grants_file;
mod limits;
mod metrics;
mod precompiled;
mod replaced;
mod signals;
mod sockets;
mod suggest;
mod surroundings;
mod wasi_sockets;
