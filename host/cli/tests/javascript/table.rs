//! Node's behaviour, row by row: what `guest/js/tests/node/all.js` prints on Node, it prints as a component too.

use crate::common::{Ended, Program, run};
use crate::tools::{Component, QUICKJS, STARLINGMONKEY, node, sdk};
use std::fs;

/// What the rows reach. Sharing a port, all interfaces, and an address that is not of this host are rows too.
const GRANTS: &[&str] = &[
    "--allow-bind=127.0.0.1:0,1024-65535 shared",
    "--allow-bind=0.0.0.0:0,1024-65535",
    "--allow-bind=[::1]:0",
    "--allow-bind=[::]:0",
    "--allow-bind=192.0.2.1:0",
    "--allow-send=@loopback:*",
    "--allow-send=239.255.41.234@lo:*",
    "--allow-send=232.41.2.34@lo:*",
    "--allow-join=239.255.41.234",
    "--allow-join=232.41.2.34@lo from 127.0.0.0/8",
    "--allow-join=[ff02::4134]@lo",
];

/// The programs of `tests/programs.js`, by name.
fn programs() -> Vec<String> {
    let text = fs::read_to_string(sdk("tests/programs.js")).expect("a file of the SDK");
    let names = text
        .lines()
        .filter_map(|line| line.strip_prefix("  '")?.strip_suffix("'() {"));
    names.map(str::to_owned).collect()
}

fn as_component(component: &Component) -> Program {
    let program = run(&component.file).arg("--allow-precompiled");
    program.args(GRANTS).arg("--")
}

/// The same lines on stdout, and the same status.
#[track_caller]
fn is_as_on_node(what: &str, node: &Ended, component: &Ended) {
    assert_eq!(
        component.stdout, node.stdout,
        "{what}: {component:#?} and on Node {node:#?}"
    );
    assert_eq!(component.status, node.status, "{what}: {component:#?}");
}

#[track_caller]
fn behaves_as_node(engine: &str) {
    let Some(on_node) = node() else { return };
    let table = sdk("tests/node/all.js");
    let component = Component::build(&table, engine, &[]);

    let expected = on_node.arg(&table).output().status(0);
    let last = expected.stdout.lines().last().unwrap_or_default();
    assert!(last.ends_with(" tests, 0 failed"), "{expected:#?}");
    let ended = as_component(&component).output();
    is_as_on_node("the table", &expected, &ended);

    let programs = programs();
    assert!(programs.len() > 9, "{programs:?}");
    for name in &programs {
        let expected = node().expect("it is there").arg(&table).arg(name).output();
        let ended = as_component(&component).arg(name).output();
        is_as_on_node(name, &expected, &ended);
        if expected.stderr.contains("it broke") {
            // Who wrote the program learns what was thrown, and where.
            assert!(ended.stderr.contains("Uncaught TypeError: it broke\n"), "{ended:#?}");
            assert!(ended.stderr.contains("    at thrower ("), "{ended:#?}");
        }
    }

    // An engine's state is of the time when the component was built: no number may come from it.
    let random = || as_component(&component).arg("random").output().status(0).stdout;
    assert_ne!(random(), random());
}

#[test]
fn the_table_is_that_of_node_in_quickjs() {
    behaves_as_node(QUICKJS);
}

#[test]
fn the_table_is_that_of_node_in_starlingmonkey() {
    behaves_as_node(STARLINGMONKEY);
}
