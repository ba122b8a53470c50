//! The same operations by `wasi:sockets` 0.2, after `wasi on`: those that it has.

mod convert;
mod generated;
mod names;
mod socket;

use crate::operation::{joined, milliseconds, split};
use crate::text;
use datagrant_guest::bindings::types::IpSocketAddress;
use generated::wasi::sockets::network::IpAddressFamily;
use generated::wasi::sockets::tcp_create_socket::create_tcp_socket;
use socket::Socket;
use std::collections::HashMap;

/// The sockets, by name; none for one that was closed, which is all that can be done about it here.
#[derive(Default)]
pub struct Sockets(HashMap<String, Option<Socket>>);

impl Sockets {
    pub fn perform(&mut self, name: &str, verb: &str, rest: &str) -> Result<String, String> {
        let address = match verb {
            "bind" if rest.is_empty() => None,
            "bind" | "connect" | "send" => match split(rest).0 {
                "-" => None,
                address => Some(self.address(address)?),
            },
            _ => None,
        };
        match verb {
            "create" => {
                let family = match rest {
                    "ipv4" => IpAddressFamily::Ipv4,
                    "ipv6" => IpAddressFamily::Ipv6,
                    _ => return Err("ipv4 or ipv6, and no flags?".to_owned()),
                };
                // First, so that a limit of sockets counts it once.
                self.0.remove(name);
                return Ok(text::result(Socket::create(family).map(|socket| {
                    self.0.insert(name.to_owned(), Some(socket));
                    String::new()
                })));
            }
            "drop" => {
                self.0.remove(name);
                return Ok("ok".to_owned());
            }
            "lookup" => return names::lookup(rest),
            "tcp" => {
                let created = create_tcp_socket(IpAddressFamily::Ipv4);
                return Ok(text::result(created.map(|_| String::new()).map_err(convert::code)));
            }
            _ => {}
        }
        let socket = self.0.get_mut(name).ok_or_else(|| format!("no socket {name}"))?;
        if verb == "close" {
            *socket = None;
            return Ok("ok".to_owned());
        }
        let Some(socket) = socket else {
            return Ok("invalid-state".to_owned());
        };
        let done = |()| String::new();
        Ok(match verb {
            "bind" => text::result(socket.bind(address).map(text::address)),
            "connect" => {
                let address = address.ok_or("an address is missing")?;
                text::result(socket.connect(address).map(text::address))
            }
            "disconnect" => text::result(socket.disconnect().map(done)),
            "send" => text::result(socket.send(split(rest).1, address).map(done)),
            "reply" => {
                let from = socket.from.ok_or("nothing was received yet")?;
                text::result(socket.send(rest, Some(from)).map(done))
            }
            "room" => text::result(socket.room().map(done)),
            "local" => text::result(socket.local().map(text::address)),
            "remote" => text::result(socket.remote().map(text::address)),
            "events" => joined(socket.take().into_iter().map(text::event)),
            "receive" if rest.is_empty() => joined(socket.receive(None)),
            "receive" => joined(socket.receive(Some(milliseconds(rest)?))),
            _ => return Err(format!("no operation {verb} by wasi:sockets")),
        })
    }

    /// An address, in which `@NAME` is the port of a socket.
    fn address(&self, text: &str) -> Result<IpSocketAddress, String> {
        text::address_with_port_of(text, |name| match self.0.get(name) {
            Some(Some(socket)) => socket.local().map_err(|e| format!("{name}: {e}")),
            _ => Err(format!("no socket {name}")),
        })
    }
}
