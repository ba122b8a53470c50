//! `udp-create-socket`, and sockets of `udp`.

use super::bindings::wasi::sockets::{network, udp, udp_create_socket};
use super::streams::Streams;
use super::{Failure, Incoming, Network, Outgoing};
use crate::DgramCtxView;
use crate::host::Socket;
use crate::socket::{CreateFlags, ErrorCode};
use crate::wasi_sockets::buffer_size;
use network::{IpAddressFamily, IpSocketAddress};
use wasmtime::component::Resource;
use wasmtime_wasi_io::poll::DynPollable;

/// What a guest's handle of a socket leads to.
pub struct UdpSocket {
    socket: Socket,
    /// `start-bind` has bound it, and `finish-bind` has not told yet.
    binding: bool,
    streams: Streams,
}

type Handle = Resource<UdpSocket>;
type Pair = (Resource<Incoming>, Resource<Outgoing>);

impl udp_create_socket::Host for DgramCtxView<'_> {
    fn create_udp_socket(&mut self, family: IpAddressFamily) -> Result<Handle, Failure> {
        let may = self.ctx.authority().gives_wasi_sockets();
        may.map_err(|code| Failure::Code(code.into()))?;
        let created = self.ctx.create(family.into(), CreateFlags::WASI_SOCKETS);
        let socket = created.map_err(|code| match code {
            ErrorCode::QuotaExceeded => network::ErrorCode::NewSocketLimit,
            other => other.into(),
        });
        let socket = socket.map_err(Failure::Code)?;
        let streams = Streams::of(socket.clone());
        Ok(self.table.push(UdpSocket {
            socket,
            binding: false,
            streams,
        })?)
    }
}

impl udp::Host for DgramCtxView<'_> {}

impl udp::HostUdpSocket for DgramCtxView<'_> {
    fn start_bind(&mut self, this: Handle, network: Resource<Network>, local: IpSocketAddress) -> Result<(), Failure> {
        self.table.get(&network)?;
        let this = self.table.get_mut(&this)?;
        if this.binding {
            return Err(Failure::Code(network::ErrorCode::ConcurrencyConflict));
        }
        this.socket.bind(Some(local.into()), false)?;
        this.binding = true;
        Ok(())
    }

    fn finish_bind(&mut self, this: Handle) -> Result<(), Failure> {
        match std::mem::take(&mut self.table.get_mut(&this)?.binding) {
            true => Ok(()),
            false => Err(Failure::Code(network::ErrorCode::NotInProgress)),
        }
    }

    fn stream(&mut self, this: Handle, remote: Option<IpSocketAddress>) -> Result<Pair, Failure> {
        let this = self.table.get_mut(&this)?;
        // "Unlike in POSIX, the socket must already be explicitly bound."
        this.socket.local_address()?;
        match remote {
            Some(remote) => this.socket.connect(remote.into()).map(drop)?,
            None if this.socket.remote_address().is_ok() => this.socket.disconnect()?,
            None => {}
        }
        let (incoming, outgoing) = this.streams.anew();
        Ok((self.table.push(incoming)?, self.table.push(outgoing)?))
    }

    fn local_address(&mut self, this: Handle) -> Result<IpSocketAddress, Failure> {
        Ok(self.table.get(&this)?.socket.local_address()?.into())
    }

    fn remote_address(&mut self, this: Handle) -> Result<IpSocketAddress, Failure> {
        Ok(self.table.get(&this)?.socket.remote_address()?.into())
    }

    fn address_family(&mut self, this: Handle) -> wasmtime::Result<IpAddressFamily> {
        Ok(self.table.get(&this)?.socket.family().into())
    }

    fn unicast_hop_limit(&mut self, this: Handle) -> Result<u8, Failure> {
        Ok(self.table.get(&this)?.socket.ttl()?)
    }

    fn set_unicast_hop_limit(&mut self, this: Handle, hops: u8) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.socket.set_ttl(hops)?)
    }

    fn receive_buffer_size(&mut self, this: Handle) -> Result<u64, Failure> {
        Ok(buffer_size::told(self.table.get(&this)?.socket.receive_buffer_bytes()?))
    }

    fn set_receive_buffer_size(&mut self, this: Handle, bytes: u64) -> Result<(), Failure> {
        let bytes = buffer_size::asked(bytes);
        Ok(self.table.get(&this)?.socket.set_receive_buffer_bytes(bytes)?)
    }

    fn send_buffer_size(&mut self, this: Handle) -> Result<u64, Failure> {
        Ok(buffer_size::told(self.table.get(&this)?.socket.send_buffer_bytes()?))
    }

    fn set_send_buffer_size(&mut self, this: Handle, bytes: u64) -> Result<(), Failure> {
        let bytes = buffer_size::asked(bytes);
        Ok(self.table.get(&this)?.socket.set_send_buffer_bytes(bytes)?)
    }

    fn subscribe(&mut self, _: Handle) -> wasmtime::Result<Resource<DynPollable>> {
        // No operation on a socket itself takes time.
        self.pollable(vec![])
    }

    fn drop(&mut self, this: Handle) -> wasmtime::Result<()> {
        // Streams that are left have no use from now on.
        let this = self.table.delete(this)?;
        self.ctx.close(&this.socket);
        Ok(())
    }
}
