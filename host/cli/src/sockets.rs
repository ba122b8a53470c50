//! The sockets of `--socket`: bound by the operator's own authority, before the guest starts.

use crate::options::NamedSocket;
use anyhow::{Result, anyhow};
use cap_std::ambient_authority;
use cap_std::net::UdpSocket;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;

/// A socket with a name, and its port with as many others as there are workers.
pub struct Bound {
    pub name: String,
    /// One for each worker.
    pub members: Vec<UdpSocket>,
}

/// Binds all of them, and tells which ports the system chose.
pub fn bind(wanted: &[NamedSocket], workers: NonZeroUsize) -> Result<Vec<Bound>> {
    wanted.iter().map(|socket| bind_one(socket, workers)).collect()
}

/// One of each, for the next worker.
pub fn next_member(sockets: &mut [Bound]) -> Vec<(String, UdpSocket)> {
    let taken = |socket: &mut Bound| Some((socket.name.clone(), socket.members.pop()?));
    sockets.iter_mut().filter_map(taken).collect()
}

fn bind_one(NamedSocket { name, address }: &NamedSocket, workers: NonZeroUsize) -> Result<Bound> {
    let cannot = |error: io::Error| anyhow!("cannot bind --socket {name}={address}: {}", why(&error, *address));
    let members = datagrant::bind_group(*address, workers, ambient_authority()).map_err(cannot)?;
    if address.port() == 0 {
        let local = members[0].local_addr().map_err(cannot)?;
        tell!("datagrant: the socket {name} is bound to {local}");
    }
    Ok(Bound {
        name: name.clone(),
        members,
    })
}

fn why(error: &io::Error, address: SocketAddr) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "another socket has this address and port".to_owned(),
        io::ErrorKind::AddrNotAvailable => format!("{} is not an address of this host", address.ip()),
        io::ErrorKind::PermissionDenied if address.port() < 1024 => {
            format!(
                "{error}: port {} takes the capability CAP_NET_BIND_SERVICE",
                address.port()
            )
        }
        _ => error.to_string(),
    }
}
