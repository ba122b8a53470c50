//! Grants files: what is printed reads back, and no text does harm.

use datagrant::grants::{GrantsFile, Right};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::patterns::{Pattern, any_pattern};
use crate::texts::is_one_plain_line;

/// A file as a person could have written it.
fn file() -> impl Strategy<Value = String> {
    let patterns = proptest::collection::vec((any_pattern(), any::<bool>()), 0..12);
    let limits = proptest::option::of(0..=65_536usize);
    let name = "[a-z\"\\\\ ü.]{1,6}";
    let address = select(&["0.0.0.0:53", "[::]:0", "127.0.0.1:1", "[fe80::1%2]:9"][..]);
    let sockets = proptest::collection::btree_map(name, address, 0..3);
    (patterns, limits, sockets).prop_map(|(patterns, sockets_at_once, sockets)| {
        let mut text = String::new();
        for (section, of_section) in [("allow", false), ("deny", true)] {
            text += &format!("[{section}]\n");
            for right in Right::ALL {
                let lists = patterns
                    .iter()
                    .filter(|((of, deny, _), _)| *of == right && *deny == of_section);
                let list: Vec<String> = lists.map(|((_, _, pattern), basic)| quoted(pattern, *basic)).collect();
                text += &format!("{right} = [{}]\n", list.join(", "));
            }
        }
        text += "[limits]\n";
        text += &sockets_at_once
            .map(|count| format!("sockets = {count}\n"))
            .unwrap_or_default();
        text += "[sockets]\n";
        for (name, address) in sockets {
            text += &format!(
                "\"{}\" = '{address}'\n",
                name.replace('\\', "\\\\").replace('"', "\\\"")
            );
        }
        text
    })
}

fn quoted(pattern: &Pattern, basic: bool) -> String {
    if basic {
        format!("\"{pattern}\"")
    } else {
        format!("'{pattern}'")
    }
}

/// A file with some damage.
fn damaged() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        select(
            &[
                "[", "]", "\"", "'", "=", "\n", "#", ",", ".", "\\", "\\n", "{", "}", "0", "*", "\r", "\0"
            ][..]
        )
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    let damage = proptest::collection::vec((any::<Index>(), 0..8usize, piece), 1..4);
    (file(), damage).prop_map(|(text, damage)| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, instead, piece) in damage {
            let at = at.index(text.len() + 1);
            let end = (at + instead).min(text.len());
            text.splice(at..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

fn assert_reads_back(file: &GrantsFile) -> Result<(), TestCaseError> {
    let printed = file.to_string();
    let again = match GrantsFile::parse(&printed) {
        Ok(again) => again,
        Err(error) => return Err(TestCaseError::fail(format!("{error}\n{printed}"))),
    };
    prop_assert_eq!(again.to_string(), printed);
    prop_assert_eq!((again.limits, &again.sockets), (file.limits, &file.sockets));
    for right in Right::ALL {
        prop_assert!(again.grants.allowed(right).eq(file.grants.allowed(right)));
        prop_assert!(again.grants.denied(right).eq(file.grants.denied(right)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_file_that_is_printed_reads_back_as_the_same_file(text in file()) {
        let file = GrantsFile::parse(&text);
        prop_assert!(file.is_ok(), "{}\n{}", file.unwrap_err(), text);
        assert_reads_back(&file.expect("a file"))?;
    }

    #[test]
    fn no_text_is_more_than_an_error(text in prop_oneof!["(?s).{0,60}", damaged()]) {
        match GrantsFile::parse(&text) {
            Ok(file) => assert_reads_back(&file)?,
            Err(error) => {
                let line = text.split('\n').nth(error.line() - 1);
                prop_assert!(line.is_some(), "{}", error);
                prop_assert!((1..=line.expect("a line").chars().count() + 1).contains(&error.column()), "{}", error);
                prop_assert!(is_one_plain_line(&error.to_string()), "{:?}", error.to_string());
            }
        }
    }
}
