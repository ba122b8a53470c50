//! The resolver of an instance.

use super::answer::{self, Found};
use super::{Place, hosts, order, system};
use crate::grants::{Name, Pins};
use crate::socket::{ErrorCode, Family};
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

/// How many answers are remembered for the time that they hold.
const CACHE_ANSWERS: u64 = 64;

/// Made for an instance, because the sockets of the library belong to the runtime in which they were made; and lazily,
/// because most instances look nothing up.
pub(super) struct Resolver {
    /// The name servers to ask; none: those of the system.
    servers: Vec<SocketAddr>,
    made: Mutex<Option<(Option<system::Version>, Arc<TokioResolver>)>>,
}

/// What is known without a query, or whom to ask.
enum Local {
    Known(Vec<IpAddr>),
    Ask(Arc<TokioResolver>),
}

impl Resolver {
    pub(super) fn new(servers: Vec<SocketAddr>) -> Resolver {
        Resolver {
            servers,
            made: Mutex::new(None),
        }
    }

    /// The addresses of a name, at least one, in the order to try them; no more than can be pinned.
    pub(super) async fn resolve(
        self: Arc<Self>,
        name: &Name,
        family: Option<Family>,
        place: Place,
    ) -> Result<Vec<Found>, ErrorCode> {
        let wanted = move |of: Family| family.is_none_or(|family| family == of);
        let asked = name.clone();
        // Files are read on another thread, which cannot be cancelled: it holds the place until it is done.
        let local = tokio::task::spawn_blocking(move || {
            let _place = place;
            self.local(&asked, wanted)
        });
        let (v4, v6) = match local.await.map_err(|_| ErrorCode::PermanentResolverFailure)?? {
            Local::Known(known) => {
                let known = known.into_iter().map(|ip| (ip, Pins::MAX_TIME));
                known.partition(|(ip, _)| ip.is_ipv4())
            }
            Local::Ask(resolver) => {
                // The dot at the end makes it absolute.
                let name = rr::Name::from_ascii(format!("{name}.")).map_err(|_| ErrorCode::InvalidArgument)?;
                let (v4, v6) = tokio::join!(
                    ask(&resolver, &name, wanted(Family::Ipv4), Family::Ipv4),
                    ask(&resolver, &name, wanted(Family::Ipv6), Family::Ipv6),
                );
                match (v4, v6) {
                    (Err(v4), Err(v6)) => return Err(worse(v4, v6)),
                    (v4, v6) => (v4.unwrap_or_default(), v6.unwrap_or_default()),
                }
            }
        };
        Ok(order::to_try(v4, v6))
    }

    /// Reads files.
    fn local(&self, name: &Name, wanted: impl Fn(Family) -> bool) -> Result<Local, ErrorCode> {
        let in_family = |ip: &IpAddr| wanted(if ip.is_ipv6() { Family::Ipv6 } else { Family::Ipv4 });
        let known: Vec<IpAddr> = hosts::look_up(name).into_iter().filter(in_family).collect();
        if !known.is_empty() {
            return Ok(Local::Known(known));
        }
        let version = self.servers.is_empty().then(system::Version::now);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, resolver)) = &*made
            && *of == version
        {
            return Ok(Local::Ask(resolver.clone()));
        }
        let resolver = Arc::new(self.make()?);
        *made = Some((version, resolver.clone()));
        Ok(Local::Ask(resolver))
    }

    fn make(&self) -> Result<TokioResolver, ErrorCode> {
        let (config, mut options) = match self.servers.as_slice() {
            [] => system::read(),
            servers => {
                let servers = servers.iter().map(|at| name_server(*at)).collect();
                (
                    ResolverConfig::from_parts(None, vec![], servers),
                    ResolverOpts::default(),
                )
            }
        };
        options.use_hosts_file = ResolveHosts::Never; // it was asked before
        options.cache_size = CACHE_ANSWERS;
        let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        *builder.options_mut() = options;
        builder.build().map_err(|_| ErrorCode::PermanentResolverFailure)
    }
}

/// By UDP, and by TCP where an answer is cut.
fn name_server(at: SocketAddr) -> NameServerConfig {
    let mut server = NameServerConfig::udp_and_tcp(at.ip());
    let port = |connection: &mut ConnectionConfig| connection.port = at.port();
    server.connections.iter_mut().for_each(port);
    server
}

async fn ask(resolver: &TokioResolver, name: &rr::Name, wanted: bool, family: Family) -> Result<Vec<Found>, ErrorCode> {
    if !wanted {
        return Err(ErrorCode::NameUnresolvable);
    }
    let asked = match family {
        Family::Ipv4 => resolver.ipv4_lookup(name.clone()).await,
        Family::Ipv6 => resolver.ipv6_lookup(name.clone()).await,
    };
    let found = answer::addresses(name, &asked.map_err(|e| answer::code(&e))?, family.is_ipv6());
    match found.is_empty() {
        true => Err(ErrorCode::NameUnresolvable),
        false => Ok(found),
    }
}

/// Of two failures the one that says less of the name: it may have what the other query did not find.
fn worse(one: ErrorCode, other: ErrorCode) -> ErrorCode {
    let rank = |code: &ErrorCode| match code {
        ErrorCode::NameUnresolvable => 0,
        ErrorCode::PermanentResolverFailure => 1,
        _ => 2,
    };
    std::cmp::max_by_key(one, other, rank)
}
