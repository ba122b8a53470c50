//! `--metrics` with workers.

use crate::client::sides;
use crate::common::scrape::{address, scrape, wait_for};
use crate::service;

#[test]
fn each_worker_is_counted_apart_also_after_a_restart() {
    let (guest, at) = service().args(["--metrics", "127.0.0.1:0"]).start(2, []);
    let metrics = address(&guest);
    let [one, other] = sides(at, 1);
    // The requests for their tokens, by which they were told apart, count too.
    let count = |worker: u64| {
        let name = format!("datagrant_received_datagrams_total{{worker=\"{worker}\"}} ");
        let lines = scrape(metrics);
        let value = lines.iter().find_map(|line| line.strip_prefix(&name)).expect("a line");
        value.parse::<u64>().expect("a number")
    };
    let before = [count(1), count(2)];
    for _ in 0..10 {
        one.clients[0].asks("who");
    }
    let after = [count(1), count(2)];
    let busy = if after[0] > before[0] { 1 } else { 2 };
    assert_eq!(after[2 - busy], before[2 - busy], "the other heard nothing");
    assert_eq!(after[busy - 1], before[busy - 1] + 10);
    one.clients[0].sends("trap");
    one.clients[0].asks("who");
    other.clients[0].asks("who");
    let name = |metric: &str| format!("{metric}{{worker=\"{busy}\"}}");
    wait_for(
        metrics,
        &name("datagrant_received_datagrams_total"),
        after[busy - 1] + 2,
    );
    wait_for(metrics, &name("datagrant_open_sockets"), 1);
}
