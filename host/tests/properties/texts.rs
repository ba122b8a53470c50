//! Texts that are no patterns, or that nobody meant as one.

use datagrant::grants::{Grants, Right};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::patterns::any_pattern;

/// A pattern with some damage.
fn damaged() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        select(
            &[
                "[", "]", ":", "@", "%", "/", ",", "-", "*", " ", ".", "0", "65536", "from", "shared", "\t", "\n"
            ][..]
        )
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    let damage = proptest::collection::vec((any::<Index>(), any::<bool>(), piece), 1..4);
    (any_pattern(), damage).prop_map(|((_, _, pattern), damage)| {
        let mut text: Vec<char> = pattern.to_string().chars().collect();
        for (at, instead, piece) in damage {
            let at = at.index(text.len() + 1);
            let end = (at + usize::from(instead)).min(text.len());
            text.splice(at..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

/// Whether a line shows what it says: nothing in it moves the cursor or is invisible.
pub fn is_one_plain_line(line: &str) -> bool {
    line.chars()
        .all(|char| matches!(char, '"' | '\'' | '\\') || char.escape_debug().len() == 1)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_parser_panic(text in prop_oneof!["(?s).{0,40}", damaged()]) {
        for right in Right::ALL {
            for deny in [false, true] {
                let mut grants = Grants::new();
                let read = match deny {
                    true => grants.deny(right, &text).map(drop),
                    false => grants.allow(right, &text).map(drop),
                };
                let Err(error) = read else {
                    continue;
                };
                prop_assert_eq!(error.text(), &text);
                prop_assert!((1..=text.chars().count() + 1).contains(&error.column()), "{}", error);
                prop_assert!(is_one_plain_line(&error.to_string()), "{:?}", error.to_string());
                prop_assert!(!error.rule().is_empty() && !error.mend().is_empty());
                prop_assert_eq!((grants.allowed(right).len(), grants.denied(right).len()), (0, 0));
            }
        }
    }
}
