//! The examples of the SDK.

use crate::common::{Program, datagrant, run, unused};
use crate::tools::Component;
use std::net::UdpSocket;
use std::process::Command;
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
    for at in [unused("127.0.0.1"), unused("[::1]")] {
        let address = at.to_string();
        let mut running = start(&server).args(["--allow-bind", &address, "--", &address]).start();
        running.wait_for_line(&format!("listening on {at}"));
        let asks = || start(&client).args(["--allow-send", &address, "--"]);
        asks().args([&address, "hello"]).output().status(0).stdout("hello");
        running.wait_for_line("5 bytes from ");
        asks().args(["192.0.2.1:9", "hello"]).output().status(1).stderr(
            "datagrant: refused by the grants: connect 192.0.2.1:9: not granted; to allow it: --allow-send 192.0.2.1:9
             echo-client: dial udp 192.0.2.1:9: connect: Permission denied",
        );
    }
}

#[test]
fn dig_is_answered_by_a_server_of_a_package_that_knows_nothing_of_datagrant() {
    let Some(server) = example("dns-server", &[]) else {
        return;
    };
    let at = unused("127.0.0.1");
    let address = at.to_string();
    let records = ["www.example.org=192.0.2.80", "www.example.org=2001:db8::80"];
    let mut running = start(&server)
        .args(["--allow-bind", &address, "--", &address])
        .args(records)
        .start();
    running.wait_for_line(&format!("listening on {at}"));
    let asks = |question: &[&str]| {
        let dig = Program::new(Command::new("dig")).args(["-r", "@127.0.0.1", "-p", &at.port().to_string()]);
        dig.args(["+tries=3", "+time=5"]).args(question).output().status(0)
    };
    asks(&["+short", "www.example.org", "A"]).stdout("192.0.2.80");
    asks(&["+short", "www.example.org", "AAAA"]).stdout("2001:db8::80");
    let unknown = asks(&["nowhere.example.org", "A"]);
    assert!(unknown.stdout.contains("status: NXDOMAIN"), "{unknown:#?}");
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
