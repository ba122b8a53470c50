//! `cargo xtask demo`: the main job, with real traffic.

use crate::shell::{command, line, say};
use crate::{build, c, go, javascript, python, setup};
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader};
use std::net::UdpSocket;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

/// What is shown.
#[derive(clap::Args)]
pub struct Options {
    /// The language of the echo example.
    #[arg(long, value_enum, default_value_t = Lang::Rust)]
    lang: Lang,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Lang {
    /// C, by zig. Needs Python, to fetch that with.
    C,
    /// Python, by componentize-py. Needs Python 3.11 and pip.
    Python,
    Rust,
    /// TypeScript, in QuickJS. Needs Node and npm.
    Js,
    /// Go 1.26, which is fetched where it is not there.
    Go,
}

pub fn run(options: &Options) -> Result<()> {
    let demo = match options.lang {
        Lang::Rust => {
            setup::wasm_target()?;
            build::echo()?
        }
        Lang::C => c::echo()?,
        Lang::Js => javascript::echo()?,
        Lang::Go => go::echo()?,
        Lang::Python => python::echo()?,
    };
    let program = build::program()?;

    say("A sandboxed server, with the one grant that it needs (the system chooses the port)");
    let mut server = Server::start(&program, &demo.join("echo-server.wasm"))?;

    say("A native socket talks to it");
    native_socket(&server.address)?;
    server.tells()?;

    say("So does a sandboxed client, with the one grant that it needs");
    let client = demo.join("echo-client.wasm");
    let address = server.address.clone();
    let granted = ["--allow-send", &address, "--"];
    let said = datagrant(&program, &client, &granted, &[&address, "hello from a component"])?;
    ensure!(said.success, "the client should have had its answer");
    server.tells()?;

    say("The same client, sent to an address that it was not granted");
    let other = "127.0.0.1:9";
    let said = datagrant(&program, &client, &granted, &[other, "let me out"])?;
    ensure!(!said.success, "the client should have been refused");
    ensure!(
        said.stderr.contains(&format!("--allow-send {other}")),
        "the refusal should name the missing grant"
    );

    say("SIGTERM ends the server, and its socket with it");
    server.stop()?;
    println!(
        "\nThat is Datagrant: what was granted worked, what was not did not. Next: target/debug/datagrant run --help"
    );
    Ok(())
}

/// The echo server, running.
struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
    address: String,
}

impl Server {
    fn start(program: &Path, component: &Path) -> Result<Server> {
        let mut command = datagrant_command(program, component);
        command
            .args(["--allow-bind", "127.0.0.1:0", "--", "127.0.0.1:0"])
            .stdout(Stdio::piped());
        println!("  $ {}", line(&command));
        let mut child = command.spawn().context("cannot start the server")?;
        let stdout = BufReader::new(child.stdout.take().context("its stdout is piped")?);
        let mut server = Server {
            child,
            stdout,
            address: String::new(),
        };
        let line = server.tells()?;
        let address = line.rsplit(' ').next().context("it tells its address")?;
        server.address = address.to_owned();
        Ok(server)
    }

    /// The next line that it prints.
    fn tells(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        let line = line.trim_end();
        ensure!(!line.is_empty(), "the server ended early: {}", self.child.wait()?);
        println!("  server: {line}");
        Ok(line.to_owned())
    }

    fn stop(mut self) -> Result<()> {
        crate::shell::run(command("kill").args(["-TERM", &self.child.id().to_string()]))?;
        let status = self.child.wait()?;
        println!("  status {}", status.code().unwrap_or_default());
        ensure!(
            status.code() == Some(143),
            "SIGTERM should give 128 + 15, and gave {status}"
        );
        Ok(())
    }
}

/// Whatever goes wrong, no server is left behind.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn native_socket(server: &str) -> Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    let text = "hello from a native socket";
    socket.send_to(text.as_bytes(), server)?;
    println!("  sent: {text}");
    let mut buffer = [0; 1500];
    let (bytes, from) = socket.recv_from(&mut buffer).context("no echo within 5 s")?;
    let echo = String::from_utf8_lossy(&buffer[..bytes]);
    println!("  back: {echo} (from {from})");
    if echo != text {
        bail!("the echo differs");
    }
    Ok(())
}

fn datagrant_command(program: &Path, component: &Path) -> Command {
    let mut command = command(&program.to_string_lossy());
    let component = component.strip_prefix(crate::shell::root()).unwrap_or(component);
    command.arg("run").arg(component);
    command
}

struct Said {
    success: bool,
    stderr: String,
}

/// Runs a component to its end and shows what it and the program said.
fn datagrant(program: &Path, component: &Path, granted: &[&str], args: &[&str]) -> Result<Said> {
    let mut command = datagrant_command(program, component);
    command.args(granted).args(args);
    println!("  $ {}", line(&command));
    let output = command.output().context("cannot start the client")?;
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    for text in stdout.lines().chain(stderr.lines()) {
        println!("  {text}");
    }
    println!("  status {}", output.status.code().unwrap_or_default());
    Ok(Said {
        success: output.status.success(),
        stderr: stderr.into_owned(),
    })
}
