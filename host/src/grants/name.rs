//! Host names.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::PatternError;
use super::error::{Broken, broken};

/// A host name, absolute and in lower case: letters, digits and hyphens in labels between dots.
///
/// A label has 1 to 63 characters, and no hyphen at its ends; a name has 253 at most (RFC 1123 section 2.1, RFC 1035
/// section 2.3.4). The last label is not a number, decimal or `0x`: what getaddrinfo(3) would take for an address
/// (`127.1`, `2130706433`, `0x7f000001`) is no name. Neither is one with a dot at its end.
///
/// ```
/// use datagrant::grants::Name;
///
/// assert_eq!("Example.COM".parse::<Name>()?.as_str(), "example.com");
/// assert!("127.1".parse::<Name>().is_err());
/// # Ok::<(), datagrant::grants::PatternError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Arc<str>);

impl Name {
    const MAX_BYTES: usize = 253;
    const MAX_LABEL_BYTES: usize = 63;

    /// The name, in lower case, without a dot at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names that this one is under, from the next one on: `b.c` and `c` of `a.b.c`.
    pub(super) fn parents(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('.').map(|(dot, _)| &self.0[dot + 1..])
    }

    /// Whether it is loopback without a lookup (RFC 6761 section 6.3).
    pub(crate) fn is_localhost(&self) -> bool {
        self.as_str() == "localhost" || self.as_str().ends_with(".localhost")
    }

    /// Reads a name that begins at byte `start` of a pattern.
    pub(super) fn read(text: &str, start: usize) -> Result<Name, Broken> {
        if text.is_empty() {
            return broken(start, "the name is empty", "write one, such as example.com");
        }
        if text.len() > Name::MAX_BYTES {
            return broken(start, "a name has at most 253 characters", "write a shorter one");
        }
        let mut at = start;
        for label in text.split('.') {
            check(label, at, at + label.len() == start + text.len())?;
            at += label.len() + 1;
        }
        let last = text.rsplit('.').next().unwrap_or(text);
        if is_number(last) {
            return broken(
                start + text.len() - last.len(),
                "the last label of a name is no number",
                "write a name, such as example.com",
            );
        }
        Ok(Name(text.to_ascii_lowercase().into()))
    }
}

fn check(label: &str, at: usize, last: bool) -> Result<(), Broken> {
    if let Some((index, char)) = label
        .char_indices()
        .find(|(_, char)| !char.is_ascii_alphanumeric() && *char != '-')
    {
        let rule = format!("{char:?} is in no name");
        return match char.is_ascii() {
            true => broken(at + index, rule, "write letters, digits, hyphens and dots"),
            false => broken(at + index, rule, "write the name's ASCII form, which has xn--"),
        };
    }
    if label.is_empty() && last {
        return broken(at - 1, "a trailing dot", "remove it");
    }
    if label.is_empty() {
        return broken(at, "an empty label", "write one dot between labels");
    }
    if label.len() > Name::MAX_LABEL_BYTES {
        return broken(at, "a label has at most 63 characters", "write a shorter one");
    }
    if label.starts_with('-') || label.ends_with('-') {
        return broken(at, "a label has no hyphen at its ends", "write it without");
    }
    Ok(())
}

/// Whether something that reads numbers would take a label for one, as "ends in a number" of the URL standard does.
pub(super) fn is_number(label: &str) -> bool {
    let hex = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    hex.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        || !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit())
}

impl FromStr for Name {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Name, PatternError> {
        Name::read(text, 0).map_err(|rule| PatternError::new(text, rule))
    }
}

/// So that a map by name can be asked for a part of another one.
impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}
