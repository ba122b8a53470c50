//! What `guest/python/tests/table.py` prints on CPython, it prints as a component too; and programs end alike.

use crate::common::{Ended, Program};
use crate::tools::{Component, python, sdk};
use std::fs;

const GRANTS: &[&str] = &[
    "--allow-bind=127.0.0.1:0,1024-65535 shared",
    "--allow-bind=0.0.0.0:0",
    "--allow-bind=[::1]:0",
    "--allow-send=@loopback:*",
    "--allow-send=239.255.41.234@lo:*",
    "--allow-join=239.255.41.234@lo",
];

/// The programs of `tests/programs.py`, by name.
fn programs() -> Vec<String> {
    let text = fs::read_to_string(sdk("tests/programs.py")).expect("a file of the SDK");
    let names = text
        .lines()
        .filter_map(|line| line.strip_prefix("def ")?.strip_suffix("():"));
    names.map(str::to_owned).collect()
}

fn as_component(component: &Component) -> Program {
    component.run().args(GRANTS).arg("--")
}

/// The same lines on stdout, and the same status.
#[track_caller]
fn is_as_on_cpython(what: &str, cpython: &Ended, component: &Ended) {
    assert_eq!(
        component.stdout, cpython.stdout,
        "{what}: {component:#?} and on CPython {cpython:#?}"
    );
    assert_eq!(component.status, cpython.status, "{what}: {component:#?}");
}

#[test]
fn the_table_is_that_of_cpython() {
    let Some(on_cpython) = python() else { return };
    let table = sdk("tests/table.py");
    let component = Component::build("table", &table, &[]);

    let expected = on_cpython.arg(&table).output().status(0);
    let last = expected.stdout.lines().last().unwrap_or_default();
    assert!(last.ends_with(" tests, 0 failed"), "{expected:#?}");
    is_as_on_cpython("the table", &expected, &as_component(&component).output());

    let programs = programs();
    assert!(programs.len() > 9, "{programs:?}");
    for name in &programs {
        let expected = python().expect("it is there").arg(&table).arg(name).output();
        let ended = as_component(&component).arg(name).output();
        is_as_on_cpython(name, &expected, &ended);
        // Who wrote the program learns what was raised, and where; or why it has ended.
        let last = expected.stderr.trim_end().lines().last().unwrap_or_default();
        assert!(ended.stderr.contains(last), "no {last:?} in {ended:#?}");
        assert_eq!(
            ended.stderr.contains("in deeper\n    raise ValueError"),
            expected.stderr.contains("in deeper\n    raise ValueError"),
            "{ended:#?}"
        );
    }
}
