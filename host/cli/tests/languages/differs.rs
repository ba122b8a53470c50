//! Where a cell is expected not to be ok: the one table. What is ok all the same has no place in it, and fails.

use crate::provider::Provider;

/// A cell, or several, that differ.
pub struct Difference {
    /// None: all of them.
    language: Option<&'static str>,
    /// None: all of them.
    provider: Option<Provider>,
    check: &'static str,
    /// How it is known: one of these, in lower case, is in what the check says.
    says: &'static [&'static str],
    pub why: &'static str,
}

const TABLE: &[Difference] = &[Difference {
    language: None,
    provider: Some(Provider::Adapter),
    check: "multicast",
    says: UNSUPPORTED,
    why: "wasi:sockets has no multicast",
}];

/// `not-supported`, as languages call it.
const UNSUPPORTED: &[&str] = &["eopnotsupp", "enotsup", "not supported", "not-supported"];

impl Difference {
    /// What is declared of this cell.
    pub fn of(language: &str, provider: Provider, check: &str) -> Option<&'static Difference> {
        TABLE.iter().find(|difference| {
            difference.language.is_none_or(|name| name == language)
                && difference.provider.is_none_or(|of| of == provider)
                && difference.check == check
        })
    }

    /// Whether it is this that the check says.
    pub fn is(&self, problem: &str) -> bool {
        let problem = problem.to_lowercase();
        self.says.iter().any(|text| problem.contains(text))
    }
}
