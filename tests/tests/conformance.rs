//! The same guest programs on every provider: what "the same contract" means. Each program of `tests/guests/src/bin` is a
//! topic, and a test on each provider, by itself (see `build.rs`). What is expected to differ between providers stands in
//! `tests/guests/src/differs.rs`. The table of those that ran is printed when all have ended.

use datagrant::grants::Right;
use datagrant_tests::dns::NameServer;
use datagrant_tests::table::{Cell, Table};
use datagrant_tests::{Provider, Run, Status, foreach_guest, hosts, missing};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::{Arc, LazyLock};

/// The providers, and those through a middleware.
const PROVIDERS: [(&str, Provider); 7] = [
    ("native", Provider::Native),
    ("adapter", Provider::Adapter),
    ("adapter_over_native", Provider::AdapterOverNative),
    ("middleware_over_native", Provider::MiddlewareOverNative),
    ("middleware_over_adapter", Provider::MiddlewareOverAdapter),
    ("firewall_over_native", Provider::FirewallOverNative),
    ("faults_over_native", Provider::FaultsOverNative),
];

/// The names there are, beside those of this host.
static NAMES: LazyLock<NameServer> = LazyLock::new(|| NameServer::new("home.test A 300 127.0.0.1"));
/// The same for a host of nothing of ours, which asks the system.
const HOSTS: &str = "127.0.0.1 localhost home.test\n::1 localhost\n";
/// The topics that need them.
const WITH_NAMES: [&str; 2] = ["lookups", "sdk_options"];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut topics: Vec<(&str, &str)> = vec![];
    macro_rules! is_a_topic {
        ($topic:ident, $component:literal) => {
            topics.push((stringify!($topic), $component));
        };
    }
    foreach_guest!(is_a_topic);
    let table = Arc::new(Table::new(
        "Each topic of the contract on each provider",
        topics.iter().map(|(topic, _)| *topic),
        [""],
        &PROVIDERS.map(|(name, _)| name),
    ));
    let mut trials = vec![];
    for (name, provider) in PROVIDERS {
        for (topic, component) in topics.clone() {
            let table = table.clone();
            trials.push(Trial::ignorable_test(format!("{name}::{topic}"), move || {
                let (cell, result) = conforms(provider, topic, component);
                table.put((topic, "", name), cell);
                result
            }));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    table.print();
    conclusion.exit_code()
}

/// Everything that the programs do, and no more: they talk to themselves.
fn conforms(provider: Provider, topic: &str, component: &str) -> (Cell, Result<Completion, Failed>) {
    let mut run = Run::new(provider, component);
    if provider.asks_the_system() && WITH_NAMES.contains(&topic) {
        if let Err(why) = hosts::can_be_given() {
            let result = match missing::is_a_failure() {
                true => Err(why.clone().into()),
                false => Ok(Completion::ignored_with(&why)),
            };
            return (Cell::noted("-", [format!("not run: {why}")]), result);
        }
        run = run.hosts(HOSTS);
    }
    let outcome = run
        .allow(Right::Bind, "127.0.0.1:0,1-65535")
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
        .run();
    if outcome.status != Status::Exited(0) {
        return (Cell::failed(), Err(outcome.told().into()));
    }
    let told = outcome.stdout.lines().filter_map(|line| line.strip_prefix("differs: "));
    // One that several checks ask for is told by each.
    let differences: BTreeSet<String> = told.map(str::to_owned).collect();
    (Cell::noted("ok", differences), Ok(Completion::Completed))
}
