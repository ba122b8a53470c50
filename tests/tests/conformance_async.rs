//! The topics of the WASI 0.3 guest (`tests/guests-async`), on every provider that has `ready`.

use datagrant::grants::Right;
use datagrant_tests::dns::NameServer;
use datagrant_tests::{ASYNC_GUEST, Provider, Run};
use std::sync::LazyLock;

/// The names there are, beside those of this host.
static NAMES: LazyLock<NameServer> =
    LazyLock::new(|| NameServer::new("home.test A 300 127.0.0.1\n silent.test * silence"));

#[track_caller]
fn conforms(provider: Provider, topic: &str) {
    Run::new(provider, ASYNC_GUEST)
        .arg(topic)
        .allow(Right::Bind, "127.0.0.1:0,1-65535")
        .allow(Right::Bind, "0.0.0.0:0")
        .allow(Right::Send, "@loopback:*")
        .allow(Right::Resolve, "*.test")
        .name_server(NAMES.address())
        .run()
        .assert_success();
}

/// A test of each topic; the next test holds the list complete.
macro_rules! topics {
    ($($topic:ident)*) => {
        const TOPICS: &[&str] = &[$(stringify!($topic)),*];

        mod native {
            $(#[test] fn $topic() { super::conforms(super::Provider::Native, stringify!($topic)); })*
        }
        mod middleware_over_native {
            $(#[test] fn $topic() { super::conforms(super::Provider::AsyncMiddlewareOverNative, stringify!($topic)); })*
        }
    };
}
topics!(cancel close ids lookups stream tasks udp);

#[test]
fn every_topic_of_the_guest_is_a_test() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/guests-async/src/topics");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the topics")
        .filter_map(|entry| {
            let name = entry.expect("an entry").file_name().into_string().expect("a name");
            name.strip_suffix(".rs").map(str::to_owned)
        })
        .filter(|name| name != "mod")
        .collect();
    files.sort();
    assert_eq!(files, TOPICS);
}

#[test]
fn an_unknown_topic_fails() {
    let outcome = Run::new(Provider::Native, ASYNC_GUEST).arg("nothing").run();
    assert_eq!(outcome.status, datagrant_tests::Status::Exited(1));
    assert!(outcome.stderr.contains("no such topic"), "{outcome:#?}");
}
