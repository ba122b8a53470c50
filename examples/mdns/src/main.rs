//! Services on the local network, by multicast DNS (RFC 6762) and its service discovery (RFC 6763), in IPv4.

mod advertise;
mod browse;
mod browser;
mod message;
mod responder;
mod service;

use std::io::{self, ErrorKind, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use datagrant_guest::event_loop::{Socket, SocketOptions};
use datagrant_guest::{EventLoop, Family};
use service::Service;

const USAGE: &str = "\
Usage: mdns browse INTERFACE TYPE [SECONDS]
       mdns advertise INTERFACE ADDRESS NAME TYPE PORT [KEY=VALUE...]

Finds the services of a type on the local network, or advertises one.

  INTERFACE  where to, such as eth0
  TYPE       such as _http._tcp or _ntp._udp
  SECONDS    how long to listen: 1 to 3600 [default: 3]
  ADDRESS    the IPv4 address of the service
  NAME       what people read
  KEY=VALUE  what else is to be known of it";

/// Where everybody listens and speaks.
const GROUP: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);
const PORT: u16 = 5353;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        ["browse", interface, kind] => browse::browse(interface, kind, Duration::from_secs(3)),
        ["browse", interface, kind, seconds] => match seconds.parse() {
            Ok(seconds @ 1..=3600) => browse::browse(interface, kind, Duration::from_secs(seconds)),
            _ => return usage(&format!("not a number of seconds from 1 to 3600: {seconds:?}")),
        },
        ["advertise", interface, address, name, kind, port, ref texts @ ..] => {
            let Ok(address) = address.parse() else {
                return usage(&format!("not an IPv4 address: {address:?}"));
            };
            let port = match port.parse() {
                Ok(port @ 1..) => port,
                _ => return usage(&format!("not a port: {port:?}")),
            };
            let service = Service {
                instance: name.to_owned(),
                kind: kind.to_owned(),
                address,
                port,
                texts: texts.iter().map(|&text| text.to_owned()).collect(),
            };
            advertise::advertise(interface, &service)
        }
        _ => return usage("browse or advertise, and what"),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mdns: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// A socket that hears the group, on one interface, and nothing else.
fn open(events: &EventLoop, interface: &str) -> anyhow::Result<Socket> {
    // Other programs of this host may listen, too.
    let socket = events.socket_with(SocketOptions::new(Family::Ipv4).reuse_address())?;
    socket.bind_sync((GROUP, PORT).into())?;
    let joined = socket.add_membership(GROUP.into(), interface);
    joined.with_context(|| format!("{GROUP} cannot be joined on {interface}"))?;
    socket.set_multicast_interface(interface)?;
    // What RFC 6762 asks for in section 11, whatever routers may do with it.
    socket.set_multicast_ttl(255)?;
    socket.on_error(|socket, error| {
        if error.kind() == ErrorKind::PermissionDenied {
            socket.close()?;
            return Err(error);
        }
        // An interface that is down may come up again.
        eprintln!("mdns: {error}");
        Ok(())
    });
    Ok(socket)
}

/// A line, visible at once also where stdout is a pipe.
fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("mdns: {problem}\n\n{USAGE}");
    ExitCode::from(2)
}
