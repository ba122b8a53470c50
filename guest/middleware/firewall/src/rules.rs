//! The rules, and what they say.

use crate::grants::{
    Basis, Connect, Denial, Endpoint, Grants, Interface, InterfaceName, Name, Pins, Reason, Request, Send, SendFacts,
    decide,
};
use crate::options::Options;
use crate::told;
use datagrant_middleware::inner::types::{ErrorCode, InterfaceRef, IpAddress};
use datagrant_middleware::inner::zones;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

pub struct Rules {
    options: Options,
    /// What names were looked up to be: patterns may name hosts.
    pins: Mutex<Pins>,
}

/// What the operator wrote.
pub fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| Rules {
        options: datagrant_middleware::options::read(),
        pins: Mutex::default(),
    })
}

impl Rules {
    /// Whether something may pass on to the inner provider, which judges it again. None: there is nothing to permit about it,
    /// and the inner provider says what is wrong with it.
    pub fn permit<R: Request>(&self, request: &R) -> Result<Option<R::Permit>, ErrorCode> {
        match decide(&self.options.grants, request) {
            Ok(permit) => Ok(Some(permit)),
            Err(denial) if self.leaves(denial.reason()) => Ok(None),
            Err(denial) => Err(self.refuse(&denial)),
        }
    }

    /// Tells the operator.
    fn refuse(&self, denial: &Denial) -> ErrorCode {
        told::refused(denial);
        ErrorCode::AccessDenied
    }

    /// Whether the inner provider is left to refuse it: no rule of an operator's is about it.
    fn leaves(&self, reason: Reason) -> bool {
        match reason {
            Reason::UnspecifiedDestination
            | Reason::Port0
            | Reason::EmbeddedMulticast
            | Reason::NotAGroup
            | Reason::BroadcastOff
            | Reason::BroadcastConnect
            | Reason::BroadcastBind => true,
            Reason::BroadcastNeedsGrant => self.options.broadcasts,
            _ => false,
        }
    }

    /// A datagram. `broadcast` is the guest's own switch.
    pub fn permit_send(&self, remote: SocketAddr, broadcast: bool, interface: Interface) -> Result<(), ErrorCode> {
        let Ok(remote) = Endpoint::new(remote) else {
            return Ok(());
        };
        let mut pins = self.pins();
        let request = Send {
            remote,
            socket: facts(broadcast),
            interface: self.interface_of(remote, interface),
            names: pins.of(remote.ip(), Instant::now()),
        };
        self.permit(&request).map(drop)
    }

    pub fn permit_connect(&self, remote: SocketAddr) -> Result<(), ErrorCode> {
        let Ok(remote) = Endpoint::new(remote) else {
            return Ok(());
        };
        let mut pins = self.pins();
        let request = Connect {
            remote,
            held_by_others: false,
            interface: self.interface_of(remote, Interface::UNKNOWN),
            names: pins.of(remote.ip(), Instant::now()),
        };
        self.permit(&request).map(drop)
    }

    /// Whether what a peer sends is to be heard: what nobody may send to is not listened to either.
    pub fn hears(&self, remote: Endpoint) -> bool {
        let mut pins = self.pins();
        let request = Send {
            remote,
            socket: facts(false),
            interface: self.interface_of(remote, Interface::UNKNOWN),
            names: pins.of(remote.ip(), Instant::now()),
        };
        match decide(&self.options.denied_alone, &request) {
            Ok(_) => true,
            Err(denial) => denial.reason() != Reason::Denied,
        }
    }

    pub fn grants(&self) -> &Grants {
        &self.options.grants
    }

    /// Pins a name for as long as a pin lasts: how long the answer holds, the inner provider knows, and judges by it.
    pub fn pin(&self, name: &str, addresses: &[IpAddress]) {
        let Ok(name) = name.parse::<Name>() else { return };
        let now = Instant::now();
        for address in addresses {
            self.pins()
                .pin(&name, IpAddr::from(*address), false, Pins::MAX_TIME, now);
        }
    }

    /// What is known of the interface that an address belongs to.
    pub fn interface_of(&self, address: Endpoint, otherwise: Interface) -> Interface {
        match address.scope_id() {
            0 => otherwise,
            index => self.by_index(index),
        }
    }

    /// What is known of an interface as a guest names it.
    pub fn interface(&self, named: &InterfaceRef) -> Interface {
        match named {
            InterfaceRef::Index(index) => self.by_index(*index),
            InterfaceRef::Name(name) => Interface {
                index: zones::index(name).unwrap_or(0),
                name: InterfaceName::new(name).unwrap_or_default(),
            },
            InterfaceRef::Default | InterfaceRef::Address(_) => Interface::UNKNOWN,
        }
    }

    fn by_index(&self, index: u32) -> Interface {
        let name = match self.options.grants.names_interfaces() {
            true => zones::name(index).ok().and_then(|name| InterfaceName::new(&name)),
            false => None,
        };
        Interface {
            index,
            name: name.unwrap_or_default(),
        }
    }

    fn pins(&self) -> MutexGuard<'_, Pins> {
        self.pins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reply is a send here: who may be replied to, the inner provider judges.
fn facts(broadcast: bool) -> SendFacts {
    SendFacts {
        basis: Basis::Client,
        recent_peer: false,
        link_local_named: false,
        own_address: false,
        broadcast,
    }
}
