//! Print, parse and print again: the same.

use datagrant::grants::{Grants, Pattern, Right};
use proptest::prelude::*;

use crate::patterns::any_pattern;

/// A text as a list of a right reads it.
#[track_caller]
pub fn read(right: Right, deny: bool, text: &str) -> Pattern {
    let mut grants = Grants::new();
    let read = match deny {
        true => grants.deny(right, text),
        false => grants.allow(right, text),
    };
    if let Err(error) = read {
        panic!("{right}: {error}");
    }
    let pattern = match deny {
        true => grants.denied(right).next(),
        false => grants.allowed(right).next(),
    };
    pattern.expect("one").clone()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back_as_the_same_pattern((right, deny, pattern) in any_pattern()) {
        let first = read(right, deny, &pattern.to_string());
        let printed = first.to_string();
        let second = read(right, deny, &printed);
        prop_assert_eq!(&first, &second);
        prop_assert_eq!(second.to_string(), printed);
    }
}
