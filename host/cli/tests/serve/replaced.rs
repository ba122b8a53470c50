//! SIGHUP reads the file of `--grants` again, for all workers.

use crate::client::client;
use crate::common::{Folder, unused};
use crate::{service, wait_for, wait_for_lines};
use std::fs;
use std::net::UdpSocket;

#[test]
fn all_workers_are_woken_and_told_and_those_that_start_later_have_the_new_grants() {
    let (shared, folder) = (unused("127.0.0.1"), Folder::new());
    let file = folder.file("grants.toml", format!("[allow]\nbind = [\"{shared}\"]"));
    let bind = format!("bind {shared}");
    let flags = ["--grants", file.to_str().expect("a path")];
    let (guest, at) = service().args(flags).start(2, [&bind]);
    wait_for_lines(&guest, &format!("{bind} -> {shared}"), 2);
    assert!(!client(shared).asks("who").is_empty());

    fs::write(&file, "").expect("a file");
    guest.signal("HUP");
    wait_for_lines(&guest, "error access-denied", 2);
    wait_for_lines(&guest, "close", 2);
    UdpSocket::bind(shared).expect("both have let go of the port");
    // What was handed in is granted by its name.
    let client = client(at);
    client.asks("who");
    client.sends("trap");
    wait_for_lines(&guest, &format!("{bind} -> access-denied"), 1);
    client.asks("who");

    fs::write(&file, format!("[allow]\nbind = [\"{shared}\"]")).expect("a file");
    let in_force = |_: &str, stderr: &str| stderr.matches("its grants are in force").count() == 2;
    guest.signal("HUP");
    wait_for(&guest, in_force);
    client.sends("trap");
    wait_for_lines(&guest, &format!("{bind} -> {shared}"), 3);
    guest.signal("TERM");
    guest.ends().status(0);
}

#[test]
fn a_worker_that_loses_its_only_socket_ends_and_the_program_keeps_the_socket_until_then() {
    let folder = Folder::new();
    let file = folder.file("grants.toml", "");
    let flags = ["--grants", file.to_str().expect("a path")];
    let (guest, at) = service().args(flags).start(1, []);
    client(at).asks("who");
    fs::write(&file, "[deny]\nbind = [\"127.0.0.1:*\"]").expect("a file");
    guest.signal("HUP");
    guest
        .ends()
        .status(1)
        .stdout(format!("take dns -> {at}\n error access-denied\n close"))
        // By two threads, in whatever order.
        .stderr_has(&format!(
            "datagrant: closed, as the grants were replaced: bind {at}: denied (deny bind 127.0.0.1:*); no flag allows it\n"
        ))
        .stderr_has(&format!("datagrant: {} was read again", file.display()))
        .stderr_has("datagrant: worker 1 failed: it answered nothing to wait for and no timeout, or a lookup to send");
}
