//! `--socket NAME=ADDRESS:PORT`.

use std::net::{SocketAddr, SocketAddrV6};
use std::str::FromStr;

/// A socket that the program binds and hands in by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSocket {
    pub name: String,
    pub address: SocketAddr,
}

impl FromStr for NamedSocket {
    type Err = String;

    fn from_str(text: &str) -> Result<NamedSocket, String> {
        let Some((name, address)) = text.split_once('=') else {
            return Err("there is no name: write NAME=ADDRESS:PORT, such as dns=127.0.0.1:53".to_owned());
        };
        if name.is_empty() {
            return Err("the name is empty: write NAME=ADDRESS:PORT".to_owned());
        }
        if name.contains(char::is_control) {
            return Err("the name has a control character: write a name that can be printed".to_owned());
        }
        let address: SocketAddr = address.parse().map_err(|_| {
            format!(
                "{address:?} is no address with a port: write {name}=ADDRESS:PORT, with the IP address of this host, \
                 IPv6 in brackets, and port 0 for any free one"
            )
        })?;
        match address {
            SocketAddr::V6(v6) if v6.ip().to_ipv4_mapped().is_some() => {
                let plain = SocketAddr::new(v6.ip().to_canonical(), v6.port());
                Err(format!("{v6} is an IPv4 address: write {name}={plain}"))
            }
            SocketAddr::V6(v6) if needs_zone(&v6) => Err(format!(
                "{v6} is link-local and names no interface: write {name}=[{}%2]:{} for the interface with the index 2",
                v6.ip(),
                v6.port()
            )),
            address => Ok(NamedSocket {
                name: name.to_owned(),
                address,
            }),
        }
    }
}

fn needs_zone(address: &SocketAddrV6) -> bool {
    address.ip().is_unicast_link_local() && address.scope_id() == 0
}

/// Names are unique.
pub fn unique(sockets: &[NamedSocket]) -> Result<(), String> {
    for (place, socket) in sockets.iter().enumerate() {
        if sockets[..place].iter().any(|earlier| earlier.name == socket.name) {
            return Err(format!(
                "two sockets are named {:?}, by --socket or in the file of --grants: give each a name of its own",
                socket.name
            ));
        }
    }
    Ok(())
}
