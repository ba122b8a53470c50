//! Language x provider x check: the program `checks` of each language (`tests/languages/`) and its example `service`, on each
//! provider. A test is a cell; the table of those that ran is printed when all have ended. What is expected to differ stands
//! in `differs.rs`.
//!
//! A language is a file here with `build`, and a row of [`LANGUAGES`].

#[path = "../common/mod.rs"]
mod common;

mod c;
mod checks;
mod differs;
mod go;
mod guarded;
mod javascript;
mod provider;
mod python;
mod rust;
mod service;
mod subject;
mod throw;

use datagrant_tests::missing;
use datagrant_tests::table::{Cell, Table};
use differs::Difference;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use provider::Provider;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use subject::Subject;

/// Makes the component of a program, `checks` or `service`, from its source; what is missing for that, and how to get it.
type Build = fn(program: &str, output: &Path) -> Result<(), String>;

/// A name, and who builds its programs.
const LANGUAGES: [(&str, Build); 5] = [
    ("rust", rust::build),
    ("c", c::build),
    ("go", go::build),
    ("javascript", javascript::build),
    ("python", python::build),
];

/// What the program `checks` prints a line of each for.
const CHECKS: [&str; 14] = [
    "echo",
    "ipv6",
    "sizes",
    "order",
    "connect",
    "refused",
    "in-use",
    "too-long",
    "denied",
    "closed",
    "timers",
    "names",
    "multicast",
    "options",
];

/// The other rows: how `checks` ends after its lines, how it ends by an exception, and the service.
const OTHERS: [&str; 3] = ["status", "throw", "service"];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let table = Arc::new(Table::new(
        "Each language on each provider: native, adapter (over wasi:sockets), through a middleware",
        CHECKS.into_iter().chain(OTHERS),
        LANGUAGES.map(|(language, _)| language),
        &Provider::ALL.map(Provider::short_name),
    ));
    let mut trials = vec![];
    for (language, build) in LANGUAGES {
        let subject = Arc::new(Subject::new(language, build));
        for provider in Provider::ALL {
            for check in CHECKS.into_iter().chain(OTHERS) {
                let (subject, table) = (subject.clone(), table.clone());
                let name = format!("{language}::{}::{check}", provider.name());
                trials.push(Trial::ignorable_test(name, move || {
                    cell(&subject, provider, check, &table)
                }));
            }
        }
    }
    // Those of a language wait for one component: one after the other, they are done as early.
    let conclusion = libtest_mimic::run(&arguments, trials);
    table.print();
    conclusion.exit_code()
}

/// Runs one cell, and has it in the table.
fn cell(subject: &Subject, provider: Provider, check: &'static str, table: &Table) -> Result<Completion, Failed> {
    let language = subject.language();
    let put = |cell| table.put((check, language, provider.short_name()), cell);
    if let Err(what) = subject.can_run(provider, check) {
        put(Cell::noted("-", [format!("not run: {what}")]));
        return match missing::is_a_failure() {
            true => Err(what.into()),
            false => Ok(Completion::ignored_with(what)),
        };
    }
    let problem = match (subject.ends(provider, check), Difference::of(language, provider, check)) {
        (Ok(()), None) => {
            put(Cell::ok());
            return Ok(Completion::Completed);
        }
        (Err(problem), Some(difference)) if difference.is(&problem) => {
            put(Cell::noted("", [difference.why.to_owned()]));
            return Ok(Completion::Completed);
        }
        (Err(problem), _) => problem,
        (Ok(()), Some(difference)) => format!("differs.rs says that it differs, and it is ok: {}", difference.why),
    };
    put(Cell::failed());
    Err(problem.into())
}
