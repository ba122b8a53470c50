//! The same guest programs on every provider: what "the same contract" means. Each topic is a test, and each program of
//! `tests/guests/src/bin` is one of them by itself (see `build.rs`). What is expected to differ between providers stands
//! in `tests/guests/src/differs.rs`.

use datagrant_tests::{Provider, Run, foreach_guest};

/// Everything that the programs do, and no more: they talk to themselves.
#[track_caller]
fn conforms(provider: Provider, component: &str) {
    Run::new(provider, component)
        .allow_bind("127.0.0.1:0")
        .allow_bind("[::1]:0")
        .allow_bind("0.0.0.0:0")
        .allow_bind("[::]:0")
        .allow_send("@loopback:*")
        .run()
        .assert_success();
}

mod adapter {
    use super::*;

    macro_rules! on_adapter {
        ($topic:ident, $component:literal) => {
            #[test]
            fn $topic() {
                conforms(Provider::Adapter, $component);
            }
        };
    }
    foreach_guest!(on_adapter);
}

mod middleware_over_adapter {
    use super::*;

    macro_rules! on_middleware_over_adapter {
        ($topic:ident, $component:literal) => {
            #[test]
            fn $topic() {
                conforms(Provider::MiddlewareOverAdapter, $component);
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
            #[ignore = "the native provider is not there yet"]
            fn $topic() {
                conforms(Provider::Native, $component);
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
            #[ignore = "the native provider is not there yet"]
            fn $topic() {
                conforms(Provider::MiddlewareOverNative, $component);
            }
        };
    }
    foreach_guest!(on_middleware_over_native);
}
