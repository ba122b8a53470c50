//! The examples of the SDK in C, by each compiler.

use crate::common::{datagrant, examples, run, unused};
use crate::tools::{BOTH, Compiler, Component, SERVICE};

#[test]
fn the_echo_client_hears_the_echo_server() {
    for compiler in BOTH.into_iter().filter(|compiler| compiler.or_say()) {
        let example = |name| Component::example(compiler, name, &[]);
        let (server, client) = (example("echo-server.c"), example("echo-client.c"));
        examples::echo(
            |at| run(&server.file).args(["--allow-bind", at, "--", at]),
            |granted, whom| run(&client.file).args(["--allow-send", granted, "--", whom]),
            "connect 192.0.2.1:9: Permission denied",
        );
        run(&client.file)
            .args(["--", "localhost"])
            .output()
            .status(1)
            .stderr("echo-client: not an address and port: localhost");
    }
}

#[test]
fn dig_is_answered_by_the_dns_server() {
    for compiler in BOTH.into_iter().filter(|compiler| compiler.or_say()) {
        let server = Component::example(compiler, "dns-server.c", &[]);
        let at = unused("127.0.0.1");
        let address = at.to_string();
        let server = run(&server.file).args(["--allow-bind", &address, "--", &address]);
        examples::dns(at, server);
    }
}

#[test]
fn a_service_answers_by_the_socket_it_is_handed_and_ends_when_told_to() {
    for compiler in BOTH.into_iter().filter(|compiler| compiler.or_say()) {
        let service = Component::example(compiler, "service.c", &SERVICE);
        examples::service(datagrant().arg("serve").arg(&service.file));
        let without = datagrant().arg("serve").arg(&service.file).output();
        without.stderr_has("no socket was handed in as `echo`, and no address is given");
    }
}

/// Not of one toolchain: what an operator is told is the same.
#[test]
fn a_grant_that_is_missing_is_told() {
    for compiler in [Compiler::Zig].into_iter().filter(|compiler| compiler.or_say()) {
        let server = Component::example(compiler, "echo-server.c", &[]);
        run(&server.file).output().status(1).stdout("").stderr(
            "datagrant: refused by the grants: bind 127.0.0.1:41234: not granted; to allow it: --allow-bind 127.0.0.1:41234
             echo-server: bind 127.0.0.1:41234: Permission denied",
        );
    }
}
