//! What a fresh machine lacks.

use crate::shell::{cargo, command, output, run, say};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// The target of guests. rustup does not install it by itself everywhere.
pub fn wasm_target() -> Result<()> {
    let installed = output(command("rustup").args(["target", "list", "--installed"])).unwrap_or_default();
    if !installed.lines().any(|line| line == "wasm32-wasip2") {
        say("Adding the target wasm32-wasip2");
        run(command("rustup").args(["target", "add", "wasm32-wasip2"]))
            .context("guests are built for wasm32-wasip2, which rustup could not add")?;
    }
    Ok(())
}

/// rustfmt and clippy.
pub fn components() -> Result<()> {
    for (component, probe) in [("rustfmt", "rustfmt"), ("clippy", "clippy-driver")] {
        if output(command(probe).arg("--version")).is_none() {
            say(&format!("Adding the component {component}"));
            run(command("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

/// What the fuzz targets are built and run by.
pub fn fuzzing() -> Result<()> {
    let toolchains = output(command("rustup").args(["toolchain", "list"])).unwrap_or_default();
    if !toolchains.lines().any(|line| line.starts_with("nightly")) {
        say("Installing the toolchain nightly");
        run(command("rustup").args(["toolchain", "install", "nightly", "--profile", "minimal"]))
            .context("fuzzing takes sanitizers, which stable has not")?;
    }
    if output(cargo().args(["fuzz", "--version"])).is_none() {
        say("Installing cargo-fuzz");
        run(cargo().args(["install", "cargo-fuzz", "--version", "0.13.2", "--locked"]))?;
    }
    Ok(())
}

/// The programs that the tests use (or a file of theirs), and their Debian packages.
const CLIENTS: [(&str, &str); 13] = [
    ("ip", "iproute2"),
    ("nft", "nftables"),
    ("nsenter", "util-linux"),
    ("smcrouted", "smcroute"),
    ("socat", "socat"),
    ("nc", "netcat-openbsd"),
    ("python3", "python3"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("dig", "bind9-dnsutils"),
    ("tshark", "tshark"),
    ("coap-client-notls", "libcoap3-bin"),
    ("/usr/lib/python3/dist-packages/statsd", "python3-statsd"),
];

/// The same, where the package starts a daemon as soon as it is installed, if systemd runs: one of them sets the clock.
const DAEMONS: [(&str, &str); 2] = [
    // It brings the daemons of Avahi and of D-Bus.
    ("avahi-browse", "avahi-utils"),
    ("/usr/sbin/chronyd", "chrony"),
];

/// Installs missing clients where that can be done. Where not, it says so, and the tests name the rows that do not run;
/// with CI=true that is an error.
pub fn clients() -> Result<()> {
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let lacks = |(program, _): &(&str, &str)| !is_there(program);
    let mut missing: Vec<_> = CLIENTS.into_iter().filter(lacks).collect();
    let daemons = DAEMONS.into_iter().filter(lacks);
    if ci || !Path::new("/run/systemd/system").exists() {
        missing.extend(daemons);
    } else {
        for (program, package) in daemons {
            println!(
                "\nMissing here: {program}. Its package would start it, so it is for you to say: apt-get install {package}"
            );
        }
    }
    install(&missing, "The tests that talk to them will not run")
}

/// Installs what the JavaScript SDK is built with.
pub fn javascript() -> Result<()> {
    let missing: Vec<_> = CLIENTS
        .into_iter()
        .filter(|(program, _)| matches!(*program, "node" | "npm") && !is_there(program))
        .collect();
    install(&missing, "The JavaScript SDK is built with them")
}

/// clang for wasm, and what it links with: programs or files, and their Debian packages.
const CLANG: [(&str, &str); 4] = [
    ("clang-22", "clang-22"),
    ("wasm-ld-22", "lld-22"),
    (
        "/usr/lib/llvm-22/lib/clang/22/lib/wasi/libclang_rt.builtins-wasm32.a",
        "libclang-rt-22-dev-wasm32",
    ),
    ("/usr/include/wasm32-wasi/stdio.h", "wasi-libc"),
];

/// Installs one of the two compilers that the C SDK is tried with.
pub fn clang() -> Result<()> {
    let missing: Vec<_> = CLANG.into_iter().filter(|(file, _)| !is_there(file)).collect();
    install(&missing, "The C SDK is tried with zig alone")
}

/// Makes an environment of Python's in `folder`, anew, and has its pip install `what`.
pub fn python_packages(folder: &str, what: &[&str]) -> Result<()> {
    python_environments()?;
    run(command("python3").args(["-m", "venv", "--clear", folder]))?;
    let mut pip = command(&Path::new(folder).join("bin/python").to_string_lossy());
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--quiet"]);
    run(pip.args(what))
}

/// Installs what `python3 -m venv` needs, which Debian has apart.
fn python_environments() -> Result<()> {
    let works = output(command("python3").args(["-c", "import ensurepip, venv"])).is_some();
    let missing: &[_] = if works {
        &[]
    } else {
        &[("python3 -m venv", "python3-venv")]
    };
    install(missing, "Python programs are made components with it")
}

fn install(missing: &[(&str, &str)], without: &str) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing
        .iter()
        .map(|(program, _)| *program)
        .collect::<Vec<_>>()
        .join(", ");
    let packages: Vec<&str> = missing.iter().map(|(_, package)| *package).collect();
    let root = output(command("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if root && Path::new("/etc/debian_version").exists() {
        say(&format!("Installing {names}"));
        let apt = || {
            let mut apt = command("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
            apt
        };
        run(apt().arg("update"))?;
        return run(apt()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages));
    }
    let how = format!("apt-get install {}", packages.join(" "));
    if std::env::var("CI").is_ok_and(|ci| ci == "true") {
        bail!("missing: {names}: {how}");
    }
    println!("\nMissing here: {names}. {without}; to get them: {how}");
    Ok(())
}

fn is_there(program: &str) -> bool {
    // What begins at the root stays as it is when joined.
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).exists()))
}
