//! The send queue of the JavaScript SDK, over a link that is slower than the program.

use crate::common::Program;
use crate::tools::{Component, QUICKJS, node, node_file, sdk};
use datagrant_tests::network::Network;
use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

#[test]
fn what_the_kernel_does_not_take_at_once_waits_in_order_and_is_told_when_it_went() {
    if node().is_none() {
        return;
    }
    let Some(network) = Network::new() else { return };
    let switch = network.switch();
    let (here, there) = (network.host(), network.host());
    here.plug(&switch, "eth0", &["10.0.0.1/24"]);
    there.plug(&switch, "eth0", &["10.0.0.2/24"]);
    let slow = "qdisc add dev eth0 root tbf rate 8mbit burst 3kb limit 100kb";
    let status = here.command("tc").args(slow.split(' ')).status().expect("tc");
    assert!(status.success(), "tc {slow}: {status}");

    let app = sdk("tests/queue.js");
    let component = Component::build(&app, QUICKJS, &[]);
    for on_node in [true, false] {
        let service = there.socket("10.0.0.2:0");
        let address = service.local_addr().expect("it is bound");
        let receiver = thread::spawn(move || hears_all(&service));
        let program = match on_node {
            true => Program::new(here.command(&node_file().to_string_lossy())).arg(&app),
            false => Program::ours(here.command(env!("CARGO_BIN_EXE_datagrant")))
                .arg("run")
                .arg(&component.file)
                .args(["--allow-precompiled", "--allow-send", &address.to_string(), "--"]),
        };
        let ended = program
            .args([address.ip().to_string(), address.port().to_string()])
            .output();
        ended.status(0).stdout(
            "waits true bytes true
             sent 200 left 0 0 timers went on true
             cancelled true all told true",
        );
        receiver.join().expect("all of them in order");
    }
}

fn hears_all(service: &UdpSocket) {
    service
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    for i in 0..200_u8 {
        let mut buffer = [0; 2000];
        let length = service.recv(&mut buffer).expect("a datagram");
        assert_eq!(buffer[..length], [i; 1000], "datagram number {i}");
    }
}
