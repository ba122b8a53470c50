//! Interfaces, after `@` or `%`: a name, or an index.

use super::super::error::{Broken, broken};
use super::super::{InterfaceName, Zone};

/// Reads an interface, which begins at byte `at` of the pattern.
pub(super) fn interface(text: &str, at: usize) -> Result<Zone, Broken> {
    if text.is_empty() {
        return broken(at, "the interface is empty", "write its name or its index");
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.parse() {
            Ok(index) if index > 0 && !text.starts_with('0') => Ok(Zone::Index(index)),
            _ => broken(
                at,
                format!("{text} is no interface index"),
                "write one from 1 to 4294967295, without leading zeros",
            ),
        };
    }
    match InterfaceName::new(text).filter(InterfaceName::is_spelt) {
        Some(name) => Ok(Zone::Name(name)),
        None => broken(
            at,
            format!("{text:?} is no interface name"),
            "write one of at most 15 letters and signs, as ip link tells it before any @, or its index",
        ),
    }
}
