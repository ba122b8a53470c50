//! What a test needs and this machine has not: the test says so, and with CI=true it fails.

use std::io::{self, Write};

/// Whether that is a failure here.
#[must_use]
pub fn is_a_failure() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true")
}

/// Says that the test does not run, and why.
///
/// # Panics
/// Where that is a failure.
#[track_caller]
pub fn say(why: &str) {
    assert!(!is_a_failure(), "{why}");
    // Not by a macro, whose output a test that passes does not show.
    writeln!(io::stderr(), "not run: {why}").expect("stderr");
}
