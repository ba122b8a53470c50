//! What nobody catches ends a service too, and its operator learns what it was and where; of commands the table has it.

use crate::common::serve;
use crate::tools::{Component, QUICKJS, STARLINGMONKEY, node, sdk};

#[track_caller]
fn is_told(engine: &str) {
    if node().is_none() {
        return;
    }
    let service = Component::build(&sdk("tests/throws.js"), engine, &["--service"]);
    let throws = |place| {
        let guest = serve(&service.file).arg("--allow-precompiled");
        let grants = ["--allow-bind=127.0.0.1:0", "--allow-send=@loopback:*"];
        guest.args(grants).args(["--", place]).start()
    };
    for place in ["at once", "in a timer", "in a promise", "in a tick", "in a listener"] {
        let ended = throws(place).ends().status(1);
        ended
            .stderr_has("datagrant: worker 1 failed: Uncaught RangeError: the reason that it gives\n")
            .stderr_has("    at deeper (");
    }
    let mut waits = throws("when asked to end");
    waits.wait_for_line("waits");
    waits.signal("TERM");
    let ended = waits.ends().status(1);
    ended
        .stderr_has("Uncaught RangeError: the reason that it gives\n")
        .stderr_has("    at deeper (");
}

#[test]
fn what_a_service_throws_in_quickjs_is_told_with_its_place() {
    is_told(QUICKJS);
}

#[test]
fn what_a_service_throws_in_starlingmonkey_is_told_with_its_place() {
    is_told(STARLINGMONKEY);
}
