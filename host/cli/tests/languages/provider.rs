//! The providers of the table, and what a program is given on each.

use crate::common::Program;
use datagrant::grants::Right;
use datagrant_tests::dns::NameServer;
use datagrant_tests::{self as tests, Run, hosts};
use std::path::Path;
use std::sync::LazyLock;

/// A column of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// `datagrant`, the program.
    Native,
    /// The adapter, on wasmtime-wasi with nothing of ours. It reaches loopback alone, by wasmtime-wasi's own check.
    Adapter,
    /// The pass-through middleware, over the host crate.
    Middleware,
}

/// What the checks do, and no more: they talk to themselves.
const GRANTS: &[(Right, &str)] = &[
    (Right::Bind, "127.0.0.1:0,1024-65535"),
    (Right::Bind, "[::1]:0,1024-65535"),
    (Right::Bind, "0.0.0.0:0"),
    (Right::Send, "@loopback:*"),
    (Right::Send, "239.255.77.0/24@lo:*"),
    (Right::Join, "239.255.77.0/24@lo"),
    (Right::Resolve, "home.test"),
];

/// The one name there is: from a name server, or from a hosts file.
static NAMES: LazyLock<NameServer> = LazyLock::new(|| NameServer::new("home.test A 300 127.0.0.1"));
const HOSTS: &str = "127.0.0.1 localhost home.test\n::1 localhost\n";

impl Provider {
    pub const ALL: [Provider; 3] = [Provider::Native, Provider::Adapter, Provider::Middleware];

    pub fn name(self) -> &'static str {
        match self {
            Provider::Native => "native",
            Provider::Adapter => "adapter",
            Provider::Middleware => "middleware",
        }
    }

    /// In the table, which is wide.
    pub fn short_name(self) -> &'static str {
        &self.name()[..3]
    }

    /// The program `datagrant`, about to run what was compiled for it, with what the checks need.
    pub fn program(compiled: &Path) -> Program {
        let flags = GRANTS
            .iter()
            .map(|(right, pattern)| format!("--allow-{right}={pattern}"));
        crate::common::run(compiled)
            .arg("--allow-precompiled")
            .args(flags)
            .args(["--env", "DATAGRANT_PROVIDER=native"])
            .args(["--dns-server", &NAMES.address().to_string()])
            .arg("--")
    }

    /// The others, in this process.
    pub fn run(self, component: &Path) -> Run {
        let provider = match self {
            Provider::Native => tests::Provider::Native,
            Provider::Adapter => tests::Provider::Adapter,
            Provider::Middleware => tests::Provider::MiddlewareOverNative,
        };
        let run = Run::new(provider, component).name_server(NAMES.address());
        let mut run = GRANTS
            .iter()
            .fold(run, |run, (right, pattern)| run.allow(*right, pattern));
        if self == Provider::Adapter {
            run = run.loopback_only();
            if hosts::can_be_given().is_ok() {
                run = run.hosts(HOSTS);
            }
        }
        run
    }
}
