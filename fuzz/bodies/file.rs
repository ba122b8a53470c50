//! Grants files.

use crate::grants::{GrantsFile, Right};

use super::grammar::is_one_plain_line;

/// A text, as a grants file.
pub fn file(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    match GrantsFile::parse(text) {
        Ok(file) => reads_back(&file),
        Err(error) => {
            // Lines end as TOML's do.
            let line = text.split('\n').nth(error.line() - 1).expect("a line of the text");
            assert!((1..=line.chars().count() + 1).contains(&error.column()), "{error}");
            is_one_plain_line(&error.to_string());
        }
    }
}

fn reads_back(file: &GrantsFile) {
    let printed = file.to_string();
    let again = GrantsFile::parse(&printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
    assert_eq!(again.to_string(), printed);
    assert_eq!((again.limits, &again.sockets), (file.limits, &file.sockets));
    for right in Right::ALL {
        assert!(again.grants.allowed(right).eq(file.grants.allowed(right)), "{printed}");
        assert!(again.grants.denied(right).eq(file.grants.denied(right)), "{printed}");
    }
}
