//! What is wrong with a grants file.

use std::borrow::Cow;
use std::fmt;

use super::super::error::plain;

/// A grants file that is not understood: the place, what was read, the rule and the mend, in one line.
///
/// ```text
/// line 2, column 9: "10.0.0.1/8:53": host bits are set after /8: write 10.0.0.0/8
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileError {
    line: usize,
    column: usize,
    read: String,
    rule: Cow<'static, str>,
    mend: Cow<'static, str>,
}

/// The most characters of what was read that an error repeats.
const MOST: usize = 80;

impl FileError {
    /// What is wrong at a byte of a text.
    pub(super) fn new(
        text: &str,
        at: usize,
        read: &str,
        rule: impl Into<Cow<'static, str>>,
        mend: impl Into<Cow<'static, str>>,
    ) -> FileError {
        let before = text.get(..at).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let mut read: String = read.lines().next().unwrap_or_default().to_owned();
        if let Some((end, _)) = read.char_indices().nth(MOST) {
            read.truncate(end);
            read.push_str("...");
        }
        FileError {
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
            read,
            rule: plain(rule.into()),
            mend: plain(mend.into()),
        }
    }

    /// The line; the first one is 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Characters from the left; the first one is 1.
    pub fn column(&self) -> usize {
        self.column
    }

    /// What was read there, its first line, shortened if it is long.
    pub fn read(&self) -> &str {
        &self.read
    }

    /// The rule that is broken.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// What to do instead.
    pub fn mend(&self) -> &str {
        &self.mend
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FileError {
            line,
            column,
            read,
            rule,
            mend,
        } = self;
        write!(f, "line {line}, column {column}: {read:?}: {rule}: {mend}")
    }
}

impl std::error::Error for FileError {}
