//! What `guest/go/tests` does as a component.

use crate::common::{Program, run};
use crate::tools::Component;
use std::sync::OnceLock;

/// One of the programs, with what all of them need; none where Go is missing.
#[track_caller]
fn program(name: &str) -> Option<Program> {
    static MADE: OnceLock<Option<Component>> = OnceLock::new();
    let component = MADE.get_or_init(|| Component::build("", "./tests", &[])).as_ref()?;
    let grants = ["--allow-bind=127.0.0.1:0", "--allow-send=@loopback:*"];
    let program = run(&component.file).arg("--allow-precompiled").args(grants);
    Some(program.args(["--", name]))
}

#[test]
fn datagrams_come_back_whole_while_the_heap_grows_and_is_collected() {
    let Some(stress) = program("stress") else { return };
    let ended = stress.arg("15000").output().status(0);
    ended.stdout("15000 datagrams, 40 blocks, collected true, ticked true");
}

#[test]
fn goroutines_and_timers_go_on_while_a_receive_waits() {
    let Some(busy) = program("busy") else { return };
    busy.output().status(0).stdout("49995000 now <nil>");
}

#[test]
fn the_program_ends_with_main_whoever_waits() {
    let Some(exit) = program("exit") else { return };
    exit.output().status(0).stdout("").stderr("");
}

#[test]
fn a_panic_tells_its_message_and_where() {
    let Some(panic) = program("panic") else { return };
    let ended = panic.output().status(1);
    ended
        .stderr_has("panic: the reason that it gives\n")
        .stderr_has("main.deeper()\n")
        .stderr_has("guest/go/tests/waiting.go:");
}

#[test]
fn a_deadlock_is_told_as_go_tells_it() {
    let Some(deadlock) = program("deadlock") else { return };
    let ended = deadlock.output().status(1);
    ended
        .stderr_has("fatal error: all goroutines are asleep - deadlock!\n")
        .stderr_has("main.deadlock(");
}

#[test]
fn what_is_no_name_of_the_network_is_not_looked_up() {
    let Some(names) = program("names") else { return };
    let asked = names.args(["localhost", "www.localhost", "127.0.0.1", "no..name", "www.example.org"]);
    asked
        .output()
        .status(0)
        .stdout(
            "127.0.0.1:53 <nil>
             127.0.0.1:53 <nil>
             127.0.0.1:53 <nil>
             <nil> lookup no..name: not a name
             <nil> lookup www.example.org: Permission denied",
        )
        .stderr("datagrant: refused by the grants: resolve www.example.org: not granted; to allow it: --allow-resolve www.example.org");
}
