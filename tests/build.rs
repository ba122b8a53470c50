//! Builds every component that the tests run, and generates where each is and the macro `foreach_guest!`, which makes a
//! test of each guest program: one that no test runs cannot be.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const TARGET: &str = "wasm32-wasip2";
/// What is built, and the components that a test names: constant and file.
const PACKAGES: &[&str] = &[
    "datagrant-adapter",
    "datagrant-coap",
    "datagrant-conformance",
    "datagrant-conformance-async",
    "datagrant-dns",
    "datagrant-echo",
    "datagrant-echo-async",
    "datagrant-faults",
    "datagrant-firewall",
    "datagrant-language-rust",
    "datagrant-mdns",
    "datagrant-ntp",
    "datagrant-pass-through",
    "datagrant-pass-through-async",
    "datagrant-pump",
    "datagrant-scripted",
    "datagrant-statsd",
    "datagrant-test-service",
    "datagrant-wasi-async",
];
const COMPONENTS: &[(&str, &str)] = &[
    ("ADAPTER", "datagrant_adapter"),
    ("CHECKS", "checks"),
    ("COAP_SERVER", "coap-server"),
    ("DNS_SERVER", "dns-server"),
    ("ASYNC_GUEST", "datagrant_conformance_async"),
    ("ECHO_ASYNC", "datagrant_echo_async"),
    ("ECHO_CLIENT", "echo-client"),
    ("ECHO_SERVER", "echo-server"),
    ("ECHO_SERVICE", "echo_service"),
    ("FAULTS", "faults"),
    ("FIREWALL", "firewall"),
    ("MDNS", "mdns"),
    ("MIDDLEWARE", "datagrant_pass_through"),
    ("MIDDLEWARE_ASYNC", "datagrant_pass_through_async"),
    ("NTP_CLIENT", "ntp-client"),
    ("PUMP", "datagrant_pump"),
    ("SCRIPTED", "scripted"),
    ("SERVICE", "datagrant_test_service"),
    ("STATSD", "statsd"),
    ("STD_SOCKET", "std-socket"),
    ("WASI_ASYNC", "datagrant_wasi_async"),
    ("WASI_UDP", "wasi-udp"),
];
/// What the components are made of.
const SOURCES: &[&str] = &[
    "Cargo.toml",
    "examples",
    "guest/adapter",
    "guest/middleware",
    "guest/pump",
    "guest/rust",
    "host/src/grants",
    "host/wit",
    "tests/guests",
    "tests/guests-async",
    "tests/languages/rust",
    "tests/pass-through",
    "tests/pass-through-async",
    "tests/scripted",
    "tests/service",
    "tests/wasi-async",
    "wit",
];

fn main() {
    let tests = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let workspace = tests.parent().expect("tests/ is in the workspace").to_path_buf();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", workspace.join(source).display());
    }
    println!("cargo::rerun-if-changed=build.rs");

    let target_dir = workspace.join("target/guests");
    if let Err(problem) = build(&workspace, &target_dir) {
        println!("cargo::error={problem}");
        return;
    }
    let built = target_dir.join(TARGET).join("guest");
    let code = generate(&built, &guests(&tests.join("guests/src/bin")));
    let out = Path::new(&variable("OUT_DIR")).join("guests.rs");
    fs::write(out, code).expect("OUT_DIR is there to be written to");
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}

fn build(workspace: &Path, target_dir: &Path) -> Result<(), String> {
    let rustc = variable("RUSTC");
    let library = Command::new(&rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|e| format!("{rustc}: {e}"))?;
    if !Path::new(String::from_utf8_lossy(&library.stdout).trim()).is_dir() {
        return Err(format!(
            "the target {TARGET} is not installed: rustup target add {TARGET}"
        ));
    }

    let mut cargo = Command::new(variable("CARGO"));
    cargo.current_dir(workspace);
    cargo.args(["build", "--target", TARGET, "--profile", "guest", "--target-dir"]);
    cargo.arg(target_dir);
    for package in PACKAGES {
        cargo.args(["--package", package]);
    }
    // What the outer cargo (or clippy, or a coverage tool) says about the host is not meant for the guests.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        let ours = ["CARGO_CFG_", "CARGO_FEATURE_", "CARGO_MANIFEST_", "CARGO_PKG_", "DEP_"];
        let others = [
            "CARGO_ENCODED_RUSTFLAGS",
            "CLIPPY_ARGS",
            "CLIPPY_CONF_DIR",
            "HOST",
            "OUT_DIR",
            "RUSTC",
            "RUSTC_WORKSPACE_WRAPPER",
            "RUSTC_WRAPPER",
            "RUSTDOC",
            "RUSTFLAGS",
            "TARGET",
        ];
        if ours.iter().any(|prefix| name.starts_with(prefix)) || others.contains(&&*name) {
            cargo.env_remove(&*name);
        }
    }
    match cargo.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("the components for the tests do not build: see above".to_owned()),
        Err(e) => Err(format!("cargo: {e}")),
    }
}

/// The topics: one program each.
fn guests(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("tests/guests/src/bin is there")
        .filter_map(|entry| {
            let path = entry.expect("a folder that can be read").path();
            let name = path.file_stem()?.to_str()?.to_owned();
            (path.extension()? == "rs").then_some(name)
        })
        .collect();
    names.sort();
    names
}

fn generate(built: &Path, guests: &[String]) -> String {
    let mut code = String::new();
    for (constant, file) in COMPONENTS {
        let path = built.join(file).with_extension("wasm");
        writeln!(
            code,
            "/// The component `{file}`.\npub const {constant}: &str = {path:?};"
        )
        .expect("a String takes it");
    }
    code += "\n/// Calls a macro with each guest program: its topic, and where its component is.\n#[macro_export]\n";
    code += "macro_rules! foreach_guest {\n    ($mac:ident) => {\n";
    for guest in guests {
        let path = built.join(guest).with_extension("wasm");
        writeln!(code, "        $mac!({guest}, {path:?});").expect("a String takes it");
    }
    code + "    };\n}\n"
}
