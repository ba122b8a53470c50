//! A guest that waits without end waits without end, and uses no processor meanwhile.

use datagrant::grants::Right;
use datagrant_tests::{Provider, Run, Status, foreach_guest};
use std::time::Duration;

/// How long it is watched, and what it may use then: a thread that polls would use all of it.
const WATCHED: Duration = Duration::from_secs(2);
const USED: Duration = Duration::from_millis(100);

macro_rules! find_wait {
    (wait, $component:literal) => {
        const WAIT: &str = $component;
    };
    ($topic:ident, $component:literal) => {};
}
foreach_guest!(find_wait);

#[track_caller]
fn idles(run: Run) {
    let run = run.env("WAIT_FOREVER", "1").allow(Right::Bind, "127.0.0.1:0");
    let running = run.allow(Right::Bind, "[::1]:0").start();
    let _ = running.wait_for_line("waiting");
    std::thread::sleep(WATCHED);
    let outcome = running.stop();
    assert_eq!(outcome.status, Status::Stopped, "{outcome:?}");
    assert!(outcome.processor < USED, "{outcome:?}");
}

#[test]
fn a_wait_for_bound_sockets_idles_on_the_native_provider() {
    idles(Run::new(Provider::Native, WAIT));
}

#[test]
fn a_wait_for_bound_sockets_idles_on_the_adapter() {
    idles(Run::new(Provider::Adapter, WAIT));
}

#[test]
fn a_wait_for_an_unbound_socket_idles_on_the_native_provider() {
    idles(Run::new(Provider::Native, WAIT).env("WAIT_UNBOUND", "1"));
}

#[test]
fn a_wait_for_an_unbound_socket_idles_on_the_adapter() {
    idles(Run::new(Provider::Adapter, WAIT).env("WAIT_UNBOUND", "1"));
}

#[test]
fn the_time_limit_ends_what_waits() {
    let run = Run::new(Provider::Adapter, WAIT).env("WAIT_FOREVER", "1");
    assert_eq!(run.limit(WATCHED).run().status, Status::TimedOut);
}
