//! What is wrong with a pattern.

use std::borrow::Cow;
use std::fmt;

/// A pattern that does not follow the grammar: what was read, the place, the rule and the mend, in one line.
///
/// ```text
/// "10.0.0.1/8:53": host bits are set after /8 (column 1): write 10.0.0.0/8
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PatternError {
    text: String,
    column: usize,
    rule: Cow<'static, str>,
    mend: Cow<'static, str>,
}

/// A broken rule at a byte offset of the pattern, before it knows the whole text.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) at: usize,
    pub(super) rule: Cow<'static, str>,
    pub(super) mend: Cow<'static, str>,
}

/// A [`Broken`] rule: `at` counts bytes from the start of the pattern.
pub(super) fn broken<T>(
    at: usize,
    rule: impl Into<Cow<'static, str>>,
    mend: impl Into<Cow<'static, str>>,
) -> Result<T, Broken> {
    Err(Broken {
        at,
        rule: rule.into(),
        mend: mend.into(),
    })
}

/// A text of which each character is seen, in one line: what repeats an operator's text could otherwise look like a line
/// of its own.
pub(super) fn plain(text: Cow<'static, str>) -> Cow<'static, str> {
    let hidden = |char: char| !matches!(char, '"' | '\'' | '\\') && char.escape_debug().len() > 1;
    if !text.contains(hidden) {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    for char in text.chars() {
        match hidden(char) {
            true => plain.extend(char.escape_debug()),
            false => plain.push(char),
        }
    }
    plain.into()
}

impl PatternError {
    pub(super) fn new(text: &str, broken: Broken) -> PatternError {
        let before = text.get(..broken.at).unwrap_or(text);
        PatternError {
            text: text.to_owned(),
            column: before.chars().count() + 1,
            rule: plain(broken.rule),
            mend: plain(broken.mend),
        }
    }

    /// The pattern that was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the rule is broken: characters from the left, the first one is 1. One past the end where something lacks.
    pub fn column(&self) -> usize {
        self.column
    }

    /// The rule that is broken, such as `host bits are set after /8`.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// What to do instead, such as `write 10.0.0.0/8`.
    pub fn mend(&self) -> &str {
        &self.mend
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PatternError {
            text,
            column,
            rule,
            mend,
        } = self;
        write!(f, "{text:?}: {rule} (column {column}): {mend}")
    }
}

impl std::error::Error for PatternError {}
