//! `--audit` with workers.

use crate::client::sides;
use crate::common::Folder;
use crate::common::audit::{decisions, lines};
use crate::service;

#[test]
fn each_worker_has_its_lines_also_after_a_restart() {
    let folder = Folder::new();
    let audit = folder.path().join("audit.jsonl");
    let path = audit.to_str().expect("a path");
    let (guest, at) = service().args(["--audit", path]).start(2, []);
    let [one, other] = sides(at, 2);
    for _ in 0..50 {
        one.clients[0].asks("who");
        other.clients[0].asks("who");
    }
    one.clients[0].sends("trap");
    // What is in the queue meanwhile is answered by the next instance.
    for _ in 0..50 {
        one.clients[0].asks("who");
    }
    guest.signal("TERM");
    guest.ends().status(0);
    let decisions = decisions(&audit);
    for (side, asked) in [(&one, 100), (&other, 50)] {
        let peer = side.clients[0].local();
        let of = |worker: u64| {
            let text = format!("{worker} send {peer}: allowed reply [] []");
            decisions
                .iter()
                .find(|(decision, _)| *decision == text)
                .map_or(0, |(_, count)| *count)
        };
        let counts = [of(1), of(2)];
        assert!(
            counts.contains(&0) && counts.iter().sum::<u64>() >= asked,
            "{counts:?} in {decisions:?}"
        );
    }
    let lines = lines(&audit);
    assert_eq!(
        (&lines[0]["event"], &lines[0]["workers"]),
        (&"started".into(), &2.into())
    );
    assert_eq!(lines[lines.len() - 1]["event"], "ended");
}
