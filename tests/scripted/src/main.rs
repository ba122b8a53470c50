//! A guest that does what its arguments say: one operation each, in order, on the contract as it is, and prints a line
//! for each: the operation, ` -> `, and how it ended.
//!
//! ```text
//! $ datagrant run scripted.wasm --allow-bind 127.0.0.1:0 -- 'create ipv4' 'bind 127.0.0.1:0' 'send 127.0.0.1:@a hello'
//! create ipv4 -> ok
//! bind 127.0.0.1:0 -> ok 127.0.0.1:40123
//! send 127.0.0.1:@a hello -> access-denied
//! ```
//!
//! It exits with 0 however the operations ended, and with 2 if one of them is not understood.
//!
//! # Operations on a socket
//!
//! They are about the socket `a`, unless another name and a colon stand before: `b: create ipv6`. Each ends with `ok`,
//! or with the contract's error code.
//!
//! | operation | does | `ok` and |
//! |---|---|---|
//! | `create ipv4`, `create ipv6`, then flags: `reuse-address`, `reuse-port`, `ipv6-only` | makes the socket; one of the same name is dropped | |
//! | `bind ADDRESS`, or `bind` | binds, or leaves the address to the host | local address |
//! | `take NAME` | takes the socket that was handed in under this name | local address |
//! | `connect ADDRESS` | | local address |
//! | `disconnect` | | |
//! | `send ADDRESS TEXT`, or `send - TEXT` | sends, or sends to the connected peer | |
//! | `reply TEXT` | sends to the source of the last message that this socket received | |
//! | `broadcast on`, `broadcast off` | the guest's own switch | |
//! | `packet-info on`, `packet-info off` | what bursts tell, and `echo` uses | |
//! | `coalesce on`, `coalesce off` | whether bursts tell what the kernel has put together | |
//! | `receive-buffer N`, `send-buffer N` | the kernel's buffers, in bytes | |
//! | `ttl N` | hops of unicast and broadcast | |
//! | `join GROUP`, `join GROUP@INTERFACE`, then perhaps ` from SOURCE` | joins a group, of any source or of one | |
//! | `leave GROUP`, and the same as behind `join` | | |
//! | `multicast-interface INTERFACE` | by what datagrams to groups leave | |
//! | `multicast-ttl N`, `multicast-loopback on`, `multicast-loopback off` | | |
//! | `local`, `remote` | | address |
//! | `close`, `drop` | | |
//!
//! `INTERFACE` is an index, an address, a name, or `default`, which `join GROUP` means, too.
//! `ADDRESS` is as in Rust, and `@NAME` in it is the port of that socket: `127.0.0.1:41234`, `[::1]:@b`, `[fe80::1%2]:53`.
//!
//! | operation | ends with |
//! |---|---|
//! | `receive MS`, or `receive` | what the network has told, waiting up to so many milliseconds, or without end: `message "TEXT" from ADDRESS`, `error CODE`, `close`, with commas between, or `nothing` |
//! | `events` | the same without waiting, and what followed from calls: `listening ADDRESS`, `connect ADDRESS` |
//! | `fill ADDRESS TEXT`, or `fill - TEXT` | sends it until that is refused: the error code, `would-block` when the socket is full |
//! | `poll-receive`, `poll-room` | waits by a pollable: `ok` |
//! | `buffers` | `ok`, and the bytes of the kernel's buffers, to receive and to send |
//! | `room` | waits, a minute at most, until there is room for a datagram: `ok`, or the error code |
//! | `ask N ADDRESS`, or `ask N -` | asks that address, or the connected peer, N questions, one after the other and each again until the answer is the same: `ok N answered, M asked again`, `ok no answer to question K`, or the error code |
//! | `echo` | waits without end, and sends one burst back as it came: `sent 1`. After `packet-info on`, from the address that it was sent to |
//!
//! | `receive-for MS` | takes what comes for so many milliseconds, and waits for it: `N received, M bytes` |
//!
//! After `bursts on`, and until `bursts off`, `send`, `reply`, `receive` and `events` go by the interface `bursts`, one
//! datagram at a time; all but a `send` to port 0, which a burst has no way to say.
//!
//! | operation | ends with |
//! |---|---|
//! | `burst ADDRESS TEXT + ADDRESS TEXT` | how far one burst of several datagrams came: `sent 2`, or `sent 1, then CODE` |
//! | `burst-of N LENGTH SEGMENT ADDRESS` | the same, of N headers of so many bytes, in segments of so many (0: whole): `sent 1 and 300 bytes, then CODE` |
//! | `burst-for MS N LENGTH SEGMENT ADDRESS` | such bursts for so many milliseconds, waiting for room: how many datagrams went: `N sent`, or `N sent, then CODE` |
//!
//! | operation on many sockets | does | ends with |
//! |---|---|---|
//! | `create-many N`, and the same as behind `create` | makes N sockets, and keeps those | `9 x ok, 1 x quota-exceeded` |
//! | `drop-many` | drops them | `ok` |
//!
//! After `wasi on`, whose `a` is another socket, everything goes by `wasi:sockets` 0.2: `create` without flags, `bind`,
//! `connect`, `disconnect`, `send`, `room`, `reply`, `receive`, `events`, `local`, `remote`, `close`, which drops the socket, `drop` and
//! `lookup`. What is not bound is bound to any port first, as wasi-libc does it, and codes are told as the contract names them.
//!
//! | operation | does |
//! |---|---|
//! | `tcp` | makes a TCP socket |
//!
//! # Operations on a lookup
//!
//! Lookups have names of their own, and `a` is one without a name, as of sockets.
//!
//! | operation | does | ends with |
//! |---|---|---|
//! | `lookup HOST`, then a family: `ipv4` or `ipv6` | looks it up, and waits for the answer | `ok` and the addresses, with commas between, or the code |
//! | `lookup-start HOST`, then a family | begins to | `ok`, or the code |
//! | `lookup-answer` | | as `lookup`, or `would-block` |
//! | `lookup-wait MS`, or `lookup-wait` | waits for the answer | `ready`, or `nothing` |
//! | `lookup-drop` | cancels it | `ok` |
//! | `lookup-many N HOST`, then a family | begins N of them, and keeps those | `9 x ok, 1 x quota-exceeded` |
//! | `lookup-drop-many` | cancels those | `ok` |
//!
//! # Other operations
//!
//! | operation | does | ends with |
//! |---|---|---|
//! | `repeat N OPERATION`, `repeat N OPERATION + OPERATION` | all of it N times | each way in which one ended, with how often: `9 x ok, 1 x would-block` |
//! | `names` | | the names of the sockets that were handed in, with commas between, or `nothing` |
//! | `zone-name N`, `zone-index NAME` | asks the interface `zones` | `ok` and the name or the index, or the error code |
//! | `sleep MS` | | `ok` |
//! | `compute MS` | computes for so long | `ok` |
//! | `allocate N` | takes so many bytes of memory, and keeps them | `ok`, or `no memory` |
//! | `env` | | the environment: `NAME=VALUE`, with commas between, or `nothing` |
//! | `input` | reads a line of stdin | the line, quoted |
//! | `complain TEXT` | prints to stderr | `ok` |
//! | `list PATH` | | the names in a folder, with commas between, or `failed: WHY` |
//! | `write PATH TEXT`, `read PATH` | a file | `ok`, the text, quoted, or `failed: WHY` |
//! | `exit N` | exits with this status, 0 to 255 | |
//! | `fail` | exits as `std` can, which knows failure and no numbers | |
//! | `panic TEXT`, `trap`, `spin` | panics, traps, or computes for ever | |

mod ask;
mod burst;
mod exit;
mod load;
mod lookup;
mod multicast;
mod operation;
mod poll;
mod room;
mod socket;
mod text;
mod wasi;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut guest = operation::Guest::default();
    for line in std::env::args().skip(1) {
        match guest.perform(&line) {
            Ok(outcome) => println!("{line} -> {outcome}"),
            Err(problem) => {
                eprintln!("scripted: {line:?} is not understood: {problem}");
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::SUCCESS
}
