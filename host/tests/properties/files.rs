//! Grants files: what is printed reads back, and no text does harm.

use datagrant::Limit;
use datagrant::grants::{GrantsFile, Right};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::file::file;
use crate::patterns::{Pattern, any_pattern};

/// A file as a person could have written it.
fn written() -> impl Strategy<Value = String> {
    let patterns = proptest::collection::vec((any_pattern(), any::<bool>()), 0..12);
    let limits = proptest::collection::btree_map(select(&Limit::ALL[..]), any::<u64>(), 0..4);
    let name = "[a-z\"\\\\ ü.]{1,6}";
    let address = select(&["0.0.0.0:53", "[::]:0", "127.0.0.1:1", "[fe80::1%2]:9"][..]);
    let sockets = proptest::collection::btree_map(name, address, 0..3);
    (patterns, limits, sockets).prop_map(|(patterns, limits, sockets)| {
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
        for (limit, value) in limits {
            let value = limit.least() + value % (limit.greatest() - limit.least() + 1);
            text += &format!("{limit} = {value}\n");
        }
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
    (written(), damage).prop_map(|(text, damage)| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, instead, piece) in damage {
            let at = at.index(text.len() + 1);
            let end = (at + instead).min(text.len());
            text.splice(at..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_file_that_is_printed_reads_back_as_the_same_file(text in written()) {
        let read = GrantsFile::parse(&text);
        prop_assert!(read.is_ok(), "{}\n{}", read.unwrap_err(), text);
        file(text.as_bytes());
    }

    #[test]
    fn no_text_is_more_than_an_error(text in prop_oneof!["(?s).{0,60}", damaged()]) {
        file(text.as_bytes());
    }
}
