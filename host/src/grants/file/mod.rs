//! Grants files.

mod error;
mod parse;
mod print;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

pub use error::FileError;

use super::Grants;
use crate::limits::Limits;

/// A grants file: what a guest may do, as an operator writes it down.
///
/// It is TOML 1.1. All sections and all keys may be left out; an empty file denies everything. A key that is not known is an
/// error, and so is a string where a list belongs. Nothing is read from a disk here.
///
/// ```
/// use datagrant::grants::{GrantsFile, Right};
///
/// let file = GrantsFile::parse(r#"
///     [allow]                     # bind, send, broadcast, resolve, join: lists of patterns
///     bind = ["0.0.0.0:53 from 10.0.0.0/8"]
///     send = ["192.0.2.0/24:53", "*.example.com:53"]
///     resolve = ["*.example.com"]
///     [deny]                      # the same keys; always wins
///     send = ["192.0.2.7:*"]
///     [limits]                    # names and values of `datagrant::Limit`
///     sockets = 16
///     [sockets]                   # bound by the host and handed in by name
///     dns = "0.0.0.0:53"
/// "#)?;
/// assert_eq!(file.grants.allowed(Right::Send).len(), 2);
/// assert_eq!(file.limits.get(datagrant::Limit::Sockets), Some(16));
///
/// let error = GrantsFile::parse("[allow]\nsned = []").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "line 2, column 1: \"sned\": unknown key: did you mean send? It takes bind, send, broadcast, resolve, join"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It prints canonically, and what it prints reads back as the same file.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct GrantsFile {
    /// `[allow]` and `[deny]`.
    pub grants: Grants,
    /// `[limits]`.
    pub limits: Limits,
    /// `[sockets]`: names, and the addresses to bind, sorted by name. Port 0 is any free one.
    pub sockets: Vec<(String, SocketAddr)>,
}

impl GrantsFile {
    /// The most bytes of a file: 1 MiB, some 30,000 patterns.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// [`FileError`] for the first thing that is not understood: not TOML, an unknown key, a value of another type, a
    /// pattern that does not follow the grammar; or a text of more than [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn parse(text: &str) -> Result<GrantsFile, FileError> {
        parse::parse(text)
    }
}
