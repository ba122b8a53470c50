//! Names from JavaScript: looked up by the host while the program's loop goes on, and sent to.

use crate::common::{Folder, Program};
use crate::tools::{Component, QUICKJS, node, sdk};
use datagrant_tests::dns::NameServer;
use datagrant_tests::network::Network;
use std::fs;
use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

/// Global addresses, which are the test's own for once: only to such may a name lead.
const HERE: &str = "8.8.4.2";
const THERE: &str = "8.8.4.4";

#[test]
fn names_are_looked_up_and_sent_to_while_the_loop_goes_on() {
    if node().is_none() {
        return;
    }
    let Some(network) = Network::new() else { return };
    // Before anybody waits.
    let component = Component::build(&sdk("tests/names.js"), QUICKJS, &[]);
    let switch = network.switch();
    let (here, there) = (network.host(), network.host());
    here.plug(&switch, "eth0", &[&format!("{HERE}/24")]);
    there.plug(&switch, "eth0", &[&format!("{THERE}/24")]);
    let (_server, service) = there.within(|| {
        let zone = format!(
            "service.test  A     300  {THERE}
             both.test     A     300  8.8.4.7 8.8.4.8
             both.test     AAAA  300  2001:4860:4860::7
             denied.test   *     300  8.8.4.9
             silent.test   *     silence"
        );
        let server = NameServer::at(&format!("{THERE}:53"), &zone);
        (server, UdpSocket::bind((THERE, 0)).expect("an address of the host's"))
    });
    let port = service.local_addr().expect("it is bound").port().to_string();
    service
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    let answers = thread::spawn(move || {
        let mut buffer = [0; 16];
        let (length, from) = service.recv_from(&mut buffer).expect("a datagram");
        service.send_to(&buffer[..length], from).expect("it goes");
        assert_eq!(
            (&buffer[..length], from.ip().to_string().as_str()),
            (&b"hello"[..], HERE)
        );
    });

    let folder = Folder::new();
    let file = folder.path().join("resolv.conf");
    fs::write(&file, format!("nameserver {THERE}\noptions timeout:1 attempts:1\n"))
        .expect("a folder of the test's own");
    let mount = "mount --bind \"$1\" /etc/resolv.conf && shift && exec \"$@\"";
    let ended = Program::ours(here.command("unshare"))
        .args(["--mount", "--propagation", "private", "sh", "-c", mount, "sh"])
        .arg(&file)
        .args([env!("CARGO_BIN_EXE_datagrant"), "run"])
        .arg(&component.file)
        .args(["--allow-precompiled", "--allow-resolve=*", "--deny-resolve=denied.test"])
        .args([
            &format!("--allow-send=service.test:{port}"),
            &format!("--allow-send=silent.test:{port}"),
        ])
        .args(["--", &port])
        .output()
        .status(0);
    let lines: Vec<&str> = ended.stdout.lines().map(str::trim).collect();
    for expected in [
        "absent.test getaddrinfo ENOTFOUND absent.test",
        "denied.test getaddrinfo EACCES denied.test",
        "not sent getaddrinfo ENOTFOUND absent.test",
        "hello 8.8.4.4",
    ] {
        assert!(lines.contains(&expected), "no {expected:?} in {ended:#?}");
    }
    let asked = ended.stdout.split("absent.test").next().unwrap_or_default();
    for address in [THERE, "2001:4860:4860::7", "8.8.4.7", "8.8.4.8"] {
        assert!(
            asked.contains(&format!("address: '{address}'")),
            "no {address} in {ended:#?}"
        );
    }
    let place = |text| lines.iter().position(|line| line.starts_with(text));
    let (closed, told) = (place("closed"), place("after close getaddrinfo EAI_AGAIN silent.test"));
    assert!(closed.is_some() && closed < told, "{ended:#?}");
    answers.join().expect("it answered");
}
