//! The ports that the workers of a service share.

use crate::network::Descriptor;
use crate::sys::BindOptions;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The workers of one service: instances that share each port that they bind without `exclusive`, each by a socket of its
/// own, among which the kernel divides the peers (SO_REUSEPORT).
///
/// It is the host's sharing, not the guest's: it takes no `shared` in a grant, and lets in nobody but these workers, as far
/// as the system knows the difference. Linux lets processes of the same user, and of no other, share a port that is shared.
#[derive(Clone, Debug, Default)]
pub struct Workers(Arc<Group>);

#[derive(Debug, Default)]
struct Group {
    /// Which workers have a socket at each address. The lock is held while one is bound.
    ports: Mutex<HashMap<Port, Vec<u32>>>,
    last: AtomicU32,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
struct Port {
    local: SocketAddr,
    /// As the kernel does: a dual-stack socket and one that is IPv6 only have no group together.
    ipv6_only: bool,
}

impl Workers {
    /// A group without workers.
    pub fn new() -> Workers {
        Workers::default()
    }

    /// One more instance.
    pub(crate) fn join(&self) -> Worker {
        Worker {
            group: self.0.clone(),
            number: self.0.last.fetch_add(1, Ordering::Relaxed),
        }
    }
}

/// One instance of a group.
#[derive(Debug)]
pub(crate) struct Worker {
    group: Arc<Group>,
    number: u32,
}

impl Worker {
    /// bind(2) to a port that other workers of the group may have already. A second socket of the same worker may not.
    pub(super) fn bind(&self, socket: &Descriptor, local: SocketAddr, options: BindOptions) -> io::Result<Share> {
        let port = Port {
            local,
            ipv6_only: options.ipv6_only,
        };
        let mut ports = self.group.ports.lock().unwrap_or_else(PoisonError::into_inner);
        let holders = ports.get(&port).map_or(&[][..], Vec::as_slice);
        let join = !holders.is_empty() && !holders.contains(&self.number);
        // The first one alone, so that a group of another process is not joined; it lets the others in afterwards.
        socket.bind(
            local,
            BindOptions {
                reuse_port: join,
                ..options
            },
        )?;
        if !join {
            socket.let_others_in()?;
        }
        ports.entry(port).or_default().push(self.number);
        Ok(Share {
            group: self.group.clone(),
            port,
            number: self.number,
        })
    }
}

/// A worker's place at a port, until it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    group: Arc<Group>,
    port: Port,
    number: u32,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut ports = self.group.ports.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(holders) = ports.get_mut(&self.port) {
            if let Some(place) = holders.iter().position(|number| *number == self.number) {
                holders.swap_remove(place);
            }
            if holders.is_empty() {
                ports.remove(&self.port);
            }
        }
    }
}
