//! `name-lookup` over `wasi:sockets/ip-name-lookup`.

use crate::Adapter;
use crate::addresses::{ip_from_wasi, ip_to_contract};
use crate::bindings::datagrant::dgram::types::{ErrorCode, IpAddress, IpAddressFamily};
use crate::bindings::net;
use crate::bindings::outer::name_lookup::{Guest, GuestLookup, Lookup as Handle};
use crate::bindings::wasi::sockets::ip_name_lookup::{ResolveAddressStream, resolve_addresses};
use crate::errors::code;
use crate::ports::with_network;
use crate::registry::{self, Waited};
use crate::wait::Readiness;
use std::cell::RefCell;
use std::net::IpAddr;
use std::rc::Rc;

/// RFC 1123 section 2.1, RFC 1035 section 2.3.4.
const MAX_NAME_BYTES: usize = 253;
const MAX_LABEL_BYTES: usize = 63;

/// One handle to a lookup. Dropping it cancels.
pub(crate) struct Lookup {
    id: u32,
    shared: Rc<RefCell<Resolving>>,
}

/// The addresses of a name, as they come.
pub(crate) struct Resolving {
    /// None: it failed at once. Kept when all was told. Trap avoided: a pollable that the guest still holds is its child.
    stream: Option<ResolveAddressStream>,
    family: Option<IpAddressFamily>,
    found: Vec<IpAddr>,
    ended: Option<Result<(), ErrorCode>>,
}

impl Guest for Adapter {
    type Lookup = Lookup;
}

impl GuestLookup for Lookup {
    /// What the host takes more than the contract (addresses, other letters) is refused before it is asked.
    fn start(name: String, family: Option<IpAddressFamily>) -> Result<Handle, ErrorCode> {
        if !is_name(&name) {
            return Err(ErrorCode::InvalidArgument);
        }
        let (stream, ended) = match with_network(|network| resolve_addresses(network, &name)) {
            Ok(stream) => (Some(stream), None),
            // "It either immediately fails or": what a resolver says belongs to the answer, however soon it is known.
            Err(error) if is_of_resolver(error) => (None, Some(Err(code(error)))),
            Err(error) => return Err(code(error)),
        };
        let shared = Rc::new(RefCell::new(Resolving {
            stream,
            family,
            found: Vec::new(),
            ended,
        }));
        let id = registry::insert(Waited::Lookup(Rc::clone(&shared)))?;
        Ok(Handle::new(Self { id, shared }))
    }

    fn id(&self) -> u32 {
        self.id
    }

    fn answer(&self) -> Result<Vec<IpAddress>, ErrorCode> {
        let mut resolving = self.shared.borrow_mut();
        resolving.advance();
        match &resolving.ended {
            None => Err(ErrorCode::WouldBlock),
            Some(Err(error)) => Err(*error),
            Some(Ok(())) => Ok(resolving.found.iter().copied().map(ip_to_contract).collect()),
        }
    }
}

impl Lookup {
    /// What there is to wait for.
    pub(crate) fn when_answered(&self) -> Readiness {
        self.shared.borrow_mut().when_answered()
    }
}

impl Drop for Lookup {
    fn drop(&mut self) {
        registry::remove(self.id);
    }
}

impl Resolving {
    pub(crate) fn when_answered(&mut self) -> Readiness {
        self.advance();
        match (&self.stream, &self.ended) {
            (Some(stream), None) => Readiness::When(stream.subscribe()),
            _ => Readiness::Now,
        }
    }

    /// Takes what has come. The host tells addresses of both families, and may tell one twice.
    fn advance(&mut self) {
        let Some(stream) = &self.stream else { return };
        while self.ended.is_none() {
            match stream.resolve_next_address() {
                Ok(Some(address)) => {
                    let address = ip_from_wasi(address);
                    if is_of(self.family, address) && !self.found.contains(&address) {
                        self.found.push(address);
                    }
                }
                Ok(None) if self.found.is_empty() => self.ended = Some(Err(ErrorCode::NameUnresolvable)),
                Ok(None) => self.ended = Some(Ok(())),
                Err(net::ErrorCode::WouldBlock) => return,
                Err(error) => self.ended = Some(Err(code(error))),
            }
        }
    }
}

fn is_of(family: Option<IpAddressFamily>, address: IpAddr) -> bool {
    match family {
        None => true,
        Some(IpAddressFamily::Ipv4) => address.is_ipv4(),
        Some(IpAddressFamily::Ipv6) => address.is_ipv6(),
    }
}

fn is_of_resolver(error: net::ErrorCode) -> bool {
    matches!(
        error,
        net::ErrorCode::NameUnresolvable
            | net::ErrorCode::TemporaryResolverFailure
            | net::ErrorCode::PermanentResolverFailure
    )
}

/// Letters, digits and hyphens in labels between dots, no hyphen at their ends; the last is not a number, decimal or `0x`, which
/// resolvers take for an address.
fn is_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=MAX_LABEL_BYTES).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = text.rsplit('.').next().unwrap_or(text).to_ascii_lowercase();
    let is_number = match last.strip_prefix("0x") {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => last.bytes().all(|byte| byte.is_ascii_digit()),
    };
    text.len() <= MAX_NAME_BYTES && text.split('.').all(is_label) && !is_number
}
