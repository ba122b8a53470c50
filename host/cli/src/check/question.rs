//! What a question is about, read as grants spell it.

use crate::options::Operation;
use datagrant::find_interface;
use datagrant::grants::{
    Bind, Endpoint, EndpointError, Family, Grants, Host, Interface, Join, Name, Pattern, Right, Zone,
};
use std::net::{IpAddr, SocketAddr};

/// Why a question is not understood, with the mend.
#[derive(Debug)]
pub struct Problem(pub String);

/// What a question is about.
#[derive(Debug)]
pub enum Subject {
    /// A destination.
    Remote { remote: Endpoint, interface: Interface },
    /// What a name is looked up to be; the port is 0 where the lookup itself is asked about.
    Name { name: Name, port: u16 },
    /// An address of this host.
    Local { bind: Bind },
    /// A group to join.
    Group { join: Join },
}

impl Subject {
    pub fn read(operation: Operation, text: &str) -> Result<Subject, Problem> {
        // Before the grammar, which knows no unspecified destination, no port 0: those are denied, and not misunderstood.
        if let (Ok(address), false) = (text.parse::<SocketAddr>(), operation == Operation::Resolve) {
            let address = endpoint(address, text)?;
            return match operation {
                Operation::Join => Err(Problem(format!(
                    "{text:?}: a join has no ports: write {}",
                    address.ip()
                ))),
                Operation::Bind => Ok(local(address, Interface::UNKNOWN, false)),
                _ => Ok(Subject::Remote {
                    remote: address,
                    interface: interface(&address),
                }),
            };
        }
        let right = match operation {
            Operation::Bind => Right::Bind,
            Operation::Connect | Operation::Send | Operation::Reply => Right::Send,
            Operation::Resolve => Right::Resolve,
            Operation::Join => Right::Join,
            Operation::Broadcast => Right::Broadcast,
        };
        let mut grants = Grants::new();
        let read = grants.allow(right, text).map(drop);
        read.map_err(|error| Problem(error.to_string()))?;
        let pattern = grants.allowed(right).next();
        let pattern = pattern.ok_or_else(|| Problem(format!("{text:?} is nothing")))?;
        one(operation, pattern, text)
    }
}

/// A pattern that names one thing.
fn one(operation: Operation, pattern: &Pattern, text: &str) -> Result<Subject, Problem> {
    let several = |what, mend| Problem(format!("{text:?}: {what}: {mend}"));
    let ports: Vec<u16> = pattern.ports().iter().take(2).collect();
    let port = match ports[..] {
        [] => 0,
        [port] => port,
        _ => return Err(several("several ports", "ask about one of them")),
    };
    let zoned = |ip: IpAddr, zone: Option<Zone>| -> Result<(Endpoint, Interface), Problem> {
        let interface = zone.map_or(Interface::UNKNOWN, find_interface);
        let mut address = SocketAddr::new(ip, port);
        if let SocketAddr::V6(v6) = &mut address {
            v6.set_scope_id(interface.index);
        }
        match (Endpoint::new(address), zone) {
            (Err(_), Some(zone)) => Err(Problem(format!(
                "{text:?}: this host has no interface {zone}: write the index that it is to have"
            ))),
            _ => Ok((endpoint(address, text)?, interface)),
        }
    };
    let network = || several("several addresses", "ask about one of them");
    let (ip, zone) = match pattern.host() {
        Host::Wildcard(family) => (Endpoint::unspecified(*family == Family::V6, port).ip(), None),
        Host::Address { ip, zone } => (*ip, *zone),
        Host::Groups { groups, interface } if groups.prefix_len() == groups.max_prefix_len() => {
            (groups.addr(), *interface)
        }
        Host::Name(_) if operation == Operation::Reply => {
            return Err(several("a reply goes to an address", "ask about one that the name has"));
        }
        Host::Name(name) => {
            let name = name.clone();
            return Ok(Subject::Name { name, port });
        }
        Host::NamesUnder(_) | Host::AnyName => return Err(several("several names", "ask about one of them")),
        _ => return Err(network()),
    };
    let source = match pattern.source() {
        None => None,
        Some(_) if operation == Operation::Bind => {
            let mend = "ask about a reply to a source, with --from";
            return Err(several("whom a bind hears is said by the grants", mend));
        }
        Some(net) if net.prefix_len() == net.max_prefix_len() => Some(net.addr()),
        Some(_) => return Err(several("several sources", "ask about one of them")),
    };
    if operation == Operation::Join {
        let interface = zone.map_or(Interface::UNKNOWN, find_interface);
        let join = Join {
            group: ip,
            interface,
            source,
        };
        return Ok(Subject::Group { join });
    }
    let (address, interface) = zoned(ip, zone)?;
    Ok(match operation {
        Operation::Bind => local(address, interface, pattern.shared()),
        _ => Subject::Remote {
            remote: address,
            interface,
        },
    })
}

/// A bind as a guest's socket asks for it: IPv6 sockets are dual-stack unless they say otherwise.
fn local(address: Endpoint, known: Interface, reuse: bool) -> Subject {
    let interface = if known == Interface::UNKNOWN {
        interface(&address)
    } else {
        known
    };
    Subject::Local {
        bind: Bind {
            local: address,
            dual_stack: address.is_ipv6(),
            reuse,
            interface,
        },
    }
}

/// The interface of an address with a scope id.
fn interface(address: &Endpoint) -> Interface {
    match address.scope_id() {
        0 => Interface::UNKNOWN,
        scope => find_interface(Zone::Index(scope)),
    }
}

fn endpoint(address: SocketAddr, text: &str) -> Result<Endpoint, Problem> {
    Endpoint::new(address).map_err(|error| match error {
        EndpointError::MissingScope(ip) => Problem(format!(
            "{text:?}: {ip} is of one link: write its interface, such as [{ip}%eth0]:{}",
            address.port()
        )),
        error => Problem(format!("{text:?}: {error}")),
    })
}
