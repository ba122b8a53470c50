//! The examples of the SDK.

use crate::common::{Program, datagrant, examples, run, unused};
use crate::tools::Component;
use std::net::UdpSocket;
use std::time::Duration;

#[track_caller]
fn example(name: &str, more: &[&str]) -> Option<Component> {
    Component::build("examples", &format!("./{name}"), more)
}

fn start(component: &Component) -> Program {
    run(&component.file).arg("--allow-precompiled")
}

#[test]
fn the_echo_client_hears_the_echo_server() {
    let Some(server) = example("echo-server", &[]) else {
        return;
    };
    let client = example("echo-client", &[]).expect("Go is there");
    examples::echo(
        |at| start(&server).args(["--allow-bind", at, "--", at]),
        |granted, whom| start(&client).args(["--allow-send", granted, "--", whom]),
        "dial udp 192.0.2.1:9: connect: Permission denied",
    );
}

#[test]
fn dig_is_answered_by_a_server_of_a_package_that_knows_nothing_of_datagrant() {
    let Some(server) = example("dns-server", &[]) else {
        return;
    };
    let at = unused("127.0.0.1");
    let address = at.to_string();
    let server = start(&server).args(["--allow-bind", &address, "--", &address]);
    examples::dns(at, server);
}

#[test]
fn a_service_answers_by_the_socket_it_is_handed_and_ends_when_told_to() {
    let Some(service) = example("service", &["-service"]) else {
        return;
    };
    let at = unused("127.0.0.1");
    let serve = datagrant().arg("serve").arg(&service.file).arg("--allow-precompiled");
    let mut running = serve.args(["--socket", &format!("echo={at}")]).start();
    running.wait_for_complaint(&format!("listening on {at}"));

    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    for text in ["one", "two"] {
        client.send_to(text.as_bytes(), at).expect("it goes");
        let mut buffer = [0; 100];
        let (length, from) = client.recv_from(&mut buffer).expect("an answer");
        assert_eq!((&buffer[..length], from), (text.as_bytes(), at));
    }

    running.signal("TERM");
    let ended = running.ends();
    assert!(ended.stderr.ends_with("closed\n"), "{ended:#?}");
}
