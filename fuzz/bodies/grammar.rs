//! Patterns: what is read prints and reads back as the same, and what is not is told with its place.

use crate::grants::{Grants, Right};

/// A text, as a pattern of each right and list.
pub fn grammar(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    for right in Right::ALL {
        for deny in [false, true] {
            let printed = match read(right, deny, text) {
                Ok(printed) => printed,
                Err(grants) => {
                    assert!(grants.is_empty());
                    continue;
                }
            };
            let again = read(right, deny, &printed);
            assert_eq!(again.as_ref().ok(), Some(&printed), "{right} {text:?}");
        }
    }
}

/// What was read, printed.
fn read(right: Right, deny: bool, text: &str) -> Result<String, Grants> {
    let mut grants = Grants::new();
    let read = match deny {
        true => grants.deny(right, text).map(drop),
        false => grants.allow(right, text).map(drop),
    };
    let Err(error) = read else {
        let mut patterns = grants.allowed(right).chain(grants.denied(right));
        return Ok(patterns.next().expect("it was read").to_string());
    };
    assert_eq!(error.text(), text);
    assert!((1..=text.chars().count() + 1).contains(&error.column()), "{error}");
    is_one_plain_line(&error.to_string());
    Err(grants)
}

/// Whatever is told of a text is told in one line, in which nothing is hidden.
#[track_caller]
pub(super) fn is_one_plain_line(line: &str) {
    let plain = |char: char| matches!(char, '"' | '\'' | '\\') || char.escape_debug().len() == 1;
    assert!(line.chars().all(plain), "{line:?}");
}
