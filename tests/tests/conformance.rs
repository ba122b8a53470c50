//! The same guest programs on every provider: what "the same contract" means. Each topic is a test, and each program of
//! `tests/guests/src/bin` is one of them by itself (see `build.rs`). What is expected to differ between providers stands
//! in `tests/guests/src/differs.rs`.

use datagrant::grants::Right;
use datagrant_tests::dns::NameServer;
use datagrant_tests::{Provider, Run, foreach_guest, hosts};
use std::io::{self, Write};
use std::sync::LazyLock;

/// The names there are, beside those of this host.
static NAMES: LazyLock<NameServer> = LazyLock::new(|| NameServer::new("home.test A 300 127.0.0.1"));

/// The same for a host of nothing of ours, which asks the system.
const HOSTS: &str = "127.0.0.1 localhost home.test\n::1 localhost\n";
/// The topics that need them.
const WITH_NAMES: [&str; 2] = ["lookups", "sdk_options"];

/// Everything that the programs do, and no more: they talk to themselves.
#[track_caller]
fn conforms(provider: Provider, topic: &str, component: &str) {
    let mut run = Run::new(provider, component);
    if provider.asks_the_system() && WITH_NAMES.contains(&topic) {
        if let Err(why) = hosts::can_be_given() {
            let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!ci, "{why}");
            // Not by a macro, whose output a test that passes does not show.
            writeln!(io::stderr(), "not run: {why}").expect("stderr");
            return;
        }
        run = run.hosts(HOSTS);
    }
    run.allow(Right::Bind, "127.0.0.1:0,1-65535")
        .allow(Right::Bind, "[::1]:0,1-65535")
        .allow(Right::Bind, "0.0.0.0:0")
        .allow(Right::Bind, "[::]:0")
        .allow(Right::Send, "@loopback:*")
        .allow(Right::Resolve, "localhost")
        .allow(Right::Join, "239.255.77.0/24@lo")
        .allow(Right::Join, "[ff05::77]@lo")
        .allow(Right::Send, "239.255.77.0/24@lo:*")
        .allow(Right::Resolve, "home.test")
        .allow(Right::Resolve, "*.home.test")
        .name_server(NAMES.address())
        .socket("first", "127.0.0.1:0")
        .socket("second", "[::1]:0")
        .run()
        .assert_success();
}

mod adapter {
    use super::*;

    macro_rules! on_adapter {
        ($topic:ident, $component:literal) => {
            #[test]
            fn $topic() {
                conforms(Provider::Adapter, stringify!($topic), $component);
            }
        };
    }
    foreach_guest!(on_adapter);
}

mod adapter_over_native {
    use super::*;

    macro_rules! on_adapter_over_native {
        ($topic:ident, $component:literal) => {
            #[test]
            fn $topic() {
                conforms(Provider::AdapterOverNative, stringify!($topic), $component);
            }
        };
    }
    foreach_guest!(on_adapter_over_native);
}

mod faults_over_native {
    use super::*;

    macro_rules! on_faults_over_native {
        ($topic:ident, $component:literal) => {
            #[test]
            fn $topic() {
                conforms(Provider::FaultsOverNative, stringify!($topic), $component);
            }
        };
    }
    foreach_guest!(on_faults_over_native);
}

mod firewall_over_native {
    use super::*;

    macro_rules! on_firewall_over_native {
        ($topic:ident, $component:literal) => {
            #[test]
            fn $topic() {
                conforms(Provider::FirewallOverNative, stringify!($topic), $component);
            }
        };
    }
    foreach_guest!(on_firewall_over_native);
}

mod middleware_over_adapter {
    use super::*;

    macro_rules! on_middleware_over_adapter {
        ($topic:ident, $component:literal) => {
            #[test]
            fn $topic() {
                conforms(Provider::MiddlewareOverAdapter, stringify!($topic), $component);
            }
        };
    }
    foreach_guest!(on_middleware_over_adapter);
}

mod native {
    use super::*;

    macro_rules! on_native {
        ($topic:ident, $component:literal) => {
            #[test]
            fn $topic() {
                conforms(Provider::Native, stringify!($topic), $component);
            }
        };
    }
    foreach_guest!(on_native);
}

mod middleware_over_native {
    use super::*;

    macro_rules! on_middleware_over_native {
        ($topic:ident, $component:literal) => {
            #[test]
            fn $topic() {
                conforms(Provider::MiddlewareOverNative, stringify!($topic), $component);
            }
        };
    }
    foreach_guest!(on_middleware_over_native);
}
