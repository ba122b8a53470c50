//! A function as the command of WASI 0.3.

use std::fmt::Debug;
use std::io::{self, Write};

/// Makes an async function without arguments the command: exports `wasi:cli/run@0.3.0`. Once in a component, in a crate of
/// type `cdylib`. Arguments are at `std::env::args`.
///
/// An error that the function returns is printed to stderr as std's `main` does, and the status is 1.
///
/// ```
/// use datagrant_guest::aio::UdpSocket;
///
/// datagrant_guest::command!(hello);
///
/// async fn hello() -> std::io::Result<()> {
///     let socket = UdpSocket::connected("127.0.0.1:41234").await?; // --allow-send 127.0.0.1:41234
///     socket.send(b"hello").await?;
///     Ok(())
/// }
/// ```
#[macro_export]
macro_rules! command {
    ($main:path) => {
        const _: () = {
            struct Command;
            impl $crate::aio::generated::exports::wasi::cli0_3_0::run::Guest for Command {
                async fn run() -> ::core::result::Result<(), ()> {
                    $crate::aio::finish($main().await)
                }
            }
    $crate::aio::generated::export_command!(Command with_types_in $crate::aio::generated);
        };
    };
}

/// What the function of [`command!`](crate::command) may return.
pub trait Outcome {
    /// The error as it is printed, where it is one.
    fn error(self) -> Option<String>;
}

impl Outcome for () {
    fn error(self) -> Option<String> {
        None
    }
}

impl<E: Debug> Outcome for Result<(), E> {
    fn error(self) -> Option<String> {
        self.err().map(|error| format!("Error: {error:?}"))
    }
}

/// What std does after `main`.
#[doc(hidden)]
#[allow(clippy::result_unit_err, reason = "what `run` of wasi:cli answers")]
pub fn finish(outcome: impl Outcome) -> Result<(), ()> {
    let error = outcome.error();
    if let Some(error) = &error {
        eprintln!("{error}");
    }
    // Nobody is left to be told that stdout is gone.
    let _ = io::stdout().flush();
    error.map_or(Ok(()), |_| Err(()))
}
