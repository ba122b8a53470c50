//! The command line.

mod check;
mod componentize;
mod compose;
mod explain;
mod granted;
mod grants_file;
mod limit;
mod name_server;
mod serve;
mod socket;
mod suggest;
mod with;

pub use check::{Check, Operation};
pub use componentize::Componentize;
pub use compose::Compose;
pub use explain::Explain;
pub use granted::Granted;
pub use serve::Serve;
pub use socket::NamedSocket;
pub use suggest::Suggest;
pub use with::With;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use datagrant::{Limit, LimitError, Limits};
use std::net::SocketAddr;
use std::path::PathBuf;

/// UDP for WebAssembly components, by grant only.
#[derive(Debug, Parser)]
#[command(name = "datagrant", version, disable_help_subcommand = true)]
pub struct Options {
    #[command(subcommand)]
    pub command: Command,
}

impl Options {
    /// What was typed; what is not understood is told, and ends the program with 2.
    pub fn read() -> Options {
        let mut options = Options::parse();
        let (Command::Run(Run { guest, .. }) | Command::Serve(Serve { guest, .. })) = &mut options.command else {
            return options;
        };
        if let Some(file) = &guest.granted.file {
            let named = |(name, address): &(String, SocketAddr)| NamedSocket {
                name: name.clone(),
                address: *address,
            };
            guest.sockets.extend(file.sockets.iter().map(named));
        }
        match socket::unique(&guest.sockets) {
            Ok(()) => options,
            Err(problem) => Options::command().error(ErrorKind::ArgumentConflict, problem).exit(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Run(Run),
    Serve(Serve),
    Compile(Compile),
    Componentize(Componentize),
    Compose(Compose),
    Explain(Explain),
    Check(Check),
    Suggest(Suggest),
}

/// Compile a component ahead of time, so that `run --allow-precompiled` starts it in a few milliseconds.
///
/// The result is native code for this machine and this version of the program. No grant holds native code: keep it where
/// only you can write, and run no file of others.
#[derive(Debug, Args)]
pub struct Compile {
    /// The component, a `.wasm` file.
    pub component: PathBuf,

    /// Where the compiled component goes.
    #[arg(short, long, value_name = "FILE.cwasm")]
    pub output: PathBuf,
}

const GRANTS_BY_EXAMPLE: &str = r#"Grants by example (nothing is granted by default, and --deny-* always wins):
  --allow-bind 127.0.0.1:41234        receive there, and answer who wrote in the last 60 s
  --allow-bind '[::1]:5000-5009'      one of these ports; IPv6 stands in brackets
  --allow-bind 0.0.0.0:53             any IPv4 address of this host; '[::]:53' for IPv6
  --allow-bind 127.0.0.1:0            a port that the system chooses
  --allow-bind '0.0.0.0:5353 shared'  also with reuse-address and reuse-port
  --allow-bind '0.0.0.0:53 from 10.0.0.0/8'
                                      hear that network alone
  --allow-send 192.0.2.1:53           send there, and hear the answers
  --allow-send 10.0.0.0/8:123,5000-5009
                                      a network, a list of ports
  --allow-send '@loopback:*'          a class (@loopback, @private, @link-local, @global)
  --allow-send '*:443'                any global unicast address: not loopback, not private
  --allow-broadcast 192.168.1.255:9   a broadcast address
  --allow-join 224.0.0.251@eth0       receive what is sent to a group, on one interface
  --allow-join '232.1.1.1@eth0 from 10.0.0.5'
                                      from one source alone
  --allow-send 224.0.0.251@eth0:5353  send to a group, by one interface; 239.0.0.0/8:5000 by any
  --allow-send 10.0.0.0/8:53 --deny-send '10.0.0.7:*'
  --allow-resolve example.com         look the name up; '*.example.com' for all under it
  --allow-resolve example.com --allow-send example.com:443
                                      and send to what it was looked up to be, if that is global

The same in a file, for --grants FILE:
  [allow]
  bind = ["0.0.0.0:53 from 10.0.0.0/8"]
  send = ["192.0.2.0/24:53", "*.example.com:53"]
  resolve = ["*.example.com"]
  [deny]
  send = ["192.0.2.7:*"]
  [limits]
  sockets = 16            # as --limit sockets=16
  [sockets]
  dns = "0.0.0.0:53"      # as --socket dns=0.0.0.0:53

SIGHUP reads that file again: what it allows and denies then, with the flags, is in force at
once, and a socket that does not fit is closed (`error access-denied`, then `close`). Its limits
and sockets stay as they were. A file that is not understood is told, and changes nothing.

What is refused is told on stderr, with the flag that would allow it; the guest learns
`access-denied` and no more.

The same grants hold for programs that import wasi:sockets (std::net of Rust, socket of
Python): UDP, and names by --allow-resolve. TCP is never given.

To find the grants: `datagrant explain` says what a component could use, `datagrant check` what
grants allow, and `datagrant suggest` what a run with --audit FILE has used.
"#;

const EXIT_STATUS: &str = "\
Exit status: the guest's own; 1 when it failed or could not be run, 2 for a flag that is
not understood, 134 after a trap, 130 after Ctrl-C, 143 after SIGTERM.";

/// Run a component, a command of WASI 0.2 or 0.3, with stdio, its arguments and what is granted.
#[derive(Debug, Args)]
#[command(after_help = format!("{GRANTS_BY_EXAMPLE}\n{}\n{}\n{EXIT_STATUS}", limit::help(), with::BY_EXAMPLE))]
pub struct Run {
    #[command(flatten)]
    pub guest: Guest,

    /// Put a middleware between the component and the host, with options of its own. May be given again: the first is next to
    /// the host. What the component imports of wasi:sockets is denied then. A service is run as a command, by the pump.
    #[arg(long = "with", value_name = "FILE[,NAME=VALUE]...", help_heading = "Composition")]
    pub with: Vec<With>,

    /// Run what --record wrote once more, without network: the guest is told what it was told then, and what it asks and
    /// sends is compared. Give the same component, arguments, files and grants; tighter grants say what they would have
    /// refused. The first difference is told, and ends it with status 1.
    #[arg(long, value_name = "FILE", conflicts_with = "record", help_heading = "Seeing it")]
    pub replay: Option<PathBuf>,
}

/// A component, and what it is given.
#[derive(Debug, Args)]
pub struct Guest {
    /// The component, a `.wasm` file.
    pub component: PathBuf,

    #[command(flatten)]
    pub granted: Granted,

    /// Ask this name server, and not those of the system, for names that the hosts file does not have. May be given again.
    #[arg(long = "dns-server", value_name = "ADDRESS[:PORT]", value_parser = name_server::parse)]
    pub dns_servers: Vec<SocketAddr>,

    /// Bind a socket and hand it in under this name. It receives from anyone and may reply, without a grant. Port 0: any
    /// free port, told on stderr. `[::]` is IPv6 alone.
    #[arg(long = "socket", value_name = "NAME=ADDRESS:PORT", help_heading = "Grants")]
    pub sockets: Vec<NamedSocket>,

    /// How much it may use of what others use too: a name and a number. Wins over the file. May be given again.
    #[arg(long = "limit", value_name = "NAME=VALUE", value_parser = limit::parse, help_heading = "Grants")]
    pub limits: Vec<(Limit, u64)>,
    /// Write every decision about its operations to the end of this file, as JSON lines: what was allowed or refused, and
    /// by which rule. `datagrant suggest` reads it.
    #[arg(long, value_name = "FILE", help_heading = "Seeing it")]
    pub audit: Option<PathBuf>,

    /// Write what its sockets send and receive to this file, made anew: a capture that Wireshark reads (pcapng), with what was
    /// refused as comments. It holds payloads and the seed of the guest's random numbers: secrets. See docs/record.md.
    #[arg(long, value_name = "FILE", help_heading = "Seeing it")]
    pub record: Option<PathBuf>,

    /// Tell metrics to who asks there, as Prometheus does: datagrams, bytes, refusals, drops, limits, sockets. Whoever reaches
    /// the address can read them: 127.0.0.1 is best. Port 0: any free port, told on stderr. Off by default.
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = metrics_address, help_heading = "Seeing it")]
    pub metrics: Option<SocketAddr>,

    /// Take a file that `datagrant compile` made. It is native code, which no grant holds: only for files that you made.
    #[arg(long)]
    pub allow_precompiled: bool,

    /// Refuse whatever it asks of wasi:sockets, whatever is granted: for a component that was composed with a middleware of
    /// datagrant:dgram, and is not to go round it. `run --with` does so by itself.
    #[arg(long, help_heading = "Composition")]
    pub deny_wasi_sockets: bool,

    /// Give it a folder, to read and write, under the same name or as GUEST.
    #[arg(long = "dir", value_name = "HOST[::GUEST]", help_heading = "Files and environment")]
    pub dirs: Vec<String>,

    /// Give it an environment variable, with this value or with the one it has here.
    #[arg(long = "env", value_name = "NAME[=VALUE]", value_parser = variable, help_heading = "Files and environment")]
    pub env: Vec<(String, String)>,

    /// The guest's own arguments.
    #[arg(last = true, value_name = "ARGS")]
    pub args: Vec<String>,
}

impl Guest {
    /// The limits of the file, where no flag says otherwise.
    pub fn limits(&self) -> Result<Limits, LimitError> {
        let file = self.granted.file.as_ref();
        let mut limits = file.map_or_else(Limits::new, |file| file.limits);
        for (limit, value) in &self.limits {
            limits.set(*limit, *value)?;
        }
        Ok(limits)
    }
}

fn metrics_address(text: &str) -> Result<SocketAddr, String> {
    let mend = "write an IP address of this host and a port, IPv6 in brackets, such as 127.0.0.1:9100";
    text.parse().map_err(|_| format!("no address with a port: {mend}"))
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some(("", _)) => Err("the name is empty: write NAME=VALUE".to_owned()),
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => match std::env::var(text) {
            Ok(value) => Ok((text.to_owned(), value)),
            Err(e) => Err(format!("{e}: set {text} here, or write {text}=VALUE")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::granted::allowed;
    use super::*;
    use datagrant::grants::{GrantsFile, Right};

    #[test]
    fn the_command_line_is_well_formed() {
        Options::command().debug_assert();
    }

    #[test]
    fn the_file_of_the_help_text_is_one() {
        let (_, file) = GRANTS_BY_EXAMPLE.split_once("--grants FILE:\n").unwrap();
        let file = GrantsFile::parse(file.split_once("\n\n").unwrap().0).unwrap();
        assert_eq!(file.grants.allowed(Right::Send).len(), 2);
        assert_eq!((file.limits.get(Limit::Sockets), file.sockets.len()), (Some(16), 1));
    }

    #[test]
    fn every_grant_of_the_help_text_is_one() {
        let mut count = 0;
        for line in GRANTS_BY_EXAMPLE.lines() {
            let mut rest = line.trim();
            while let Some((flag, after)) = rest.strip_prefix("--").and_then(|r| r.split_once(' ')) {
                let (pattern, after) = match after.strip_prefix('\'') {
                    Some(quoted) => quoted.split_once('\'').unwrap(),
                    None => after.split_once(' ').unwrap_or((after, "")),
                };
                let right: Right = flag.split_once('-').unwrap().1.parse().unwrap();
                allowed(right)(pattern).unwrap_or_else(|e| panic!("{line}: {e}"));
                count += 1;
                rest = after.trim();
            }
        }
        assert!(count >= 14, "{count}");
    }
}
