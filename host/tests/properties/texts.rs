//! Texts that are no patterns, or that nobody meant as one.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::grammar::grammar;
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

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_parser_panic(text in prop_oneof!["(?s).{0,40}", damaged()]) {
        grammar(text.as_bytes());
    }
}
