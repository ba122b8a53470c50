//! Address families, and how addresses look inside a socket of each.

use super::ErrorCode;
use crate::grants::Endpoint;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The address family of a socket.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// AF_INET
    Ipv4,
    /// AF_INET6; dual-stack unless the socket is IPv6 only.
    Ipv6,
}

impl Family {
    pub(crate) fn is_ipv6(self) -> bool {
        self == Family::Ipv6
    }

    /// The unspecified address and port 0.
    pub(super) fn any(self) -> SocketAddr {
        match self {
            Family::Ipv4 => SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
            Family::Ipv6 => SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0),
        }
    }

    /// What the guest wrote, in the one form that is judged. `invalid-argument` for an address that a socket of this
    /// family has no use for.
    pub(super) fn endpoint(self, address: SocketAddr, ipv6_only: bool) -> Result<Endpoint, ErrorCode> {
        if address.is_ipv6() != self.is_ipv6() {
            return Err(ErrorCode::InvalidArgument);
        }
        let endpoint = Endpoint::new(address).map_err(|_| ErrorCode::InvalidArgument)?;
        if self.is_ipv6() && ipv6_only && endpoint.ip().is_ipv4() {
            return Err(ErrorCode::InvalidArgument);
        }
        Ok(endpoint)
    }

    /// An address without a port, in the one form that is judged. `invalid-argument` as for [`endpoint`](Self::endpoint).
    pub(super) fn ip(self, ip: IpAddr, ipv6_only: bool) -> Result<IpAddr, ErrorCode> {
        let mapped = ip.is_ipv6() && ip.to_canonical().is_ipv4();
        match ip.is_ipv6() == self.is_ipv6() && !(mapped && ipv6_only) {
            true => Ok(ip.to_canonical()),
            false => Err(ErrorCode::InvalidArgument),
        }
    }

    /// What was judged, in the form that the kernel and the guest see: an IPv6 socket has IPv4 as mapped addresses.
    pub(super) fn address(self, endpoint: Endpoint) -> SocketAddr {
        match (self, endpoint.ip()) {
            (Family::Ipv6, IpAddr::V4(ip)) => SocketAddr::new(ip.to_ipv6_mapped().into(), endpoint.port()),
            _ => endpoint.socket_addr(),
        }
    }
}
