//! UDP sockets of `types`.

use super::Failure;
use super::bindings::wasi::sockets::types;
use crate::host::Socket;
use crate::socket::{CreateFlags, ErrorCode};
use crate::wait::{Wanted, wait};
use crate::wasi_sockets::buffer_size;
use crate::{Dgram, DgramCtxView};
use std::net::SocketAddr;
use types::{IpAddressFamily, IpSocketAddress};
use wasmtime::component::{Accessor, Resource};

type Handle = Resource<Socket>;

impl<T: Send> types::HostUdpSocketWithStore<T> for Dgram {
    async fn send(
        store: &Accessor<T, Self>,
        this: Handle,
        data: Vec<u8>,
        remote: Option<IpSocketAddress>,
    ) -> Result<(), Failure> {
        let (socket, remote) = (socket(store, &this)?, remote.map(SocketAddr::from));
        loop {
            match socket.send(&data, remote) {
                Err(ErrorCode::WouldBlock) => until(Wanted::Room(socket.clone())).await?,
                sent => return Ok(sent?),
            }
        }
    }

    async fn receive(store: &Accessor<T, Self>, this: Handle) -> Result<(Vec<u8>, IpSocketAddress), Failure> {
        let socket = socket(store, &this)?;
        loop {
            if let Some((data, remote)) = socket.receive(1)?.pop() {
                return Ok((data, remote.into()));
            }
            until(Wanted::Event(socket.clone())).await?;
        }
    }
}

/// The store is borrowed for no longer than that.
fn socket<T: Send>(store: &Accessor<T, Dgram>, this: &Handle) -> Result<Socket, Failure> {
    store.with(|mut store| Ok(store.get().table.get(this)?.clone()))
}

async fn until(wanted: Wanted) -> Result<(), Failure> {
    wait(&[wanted], None).await.map_err(ErrorCode::from)?;
    Ok(())
}

impl types::HostUdpSocket for DgramCtxView<'_> {
    fn create(&mut self, family: IpAddressFamily) -> Result<Handle, Failure> {
        self.ctx.authority().gives_wasi_sockets()?;
        let socket = self.ctx.create(family.into(), CreateFlags::WASI_SOCKETS)?;
        Ok(self.table.push(socket)?)
    }

    fn bind(&mut self, this: Handle, local: IpSocketAddress) -> Result<(), Failure> {
        self.table.get(&this)?.bind(Some(local.into()), false)?;
        Ok(())
    }

    fn connect(&mut self, this: Handle, remote: IpSocketAddress) -> Result<(), Failure> {
        self.table.get(&this)?.connect(remote.into())?;
        Ok(())
    }

    fn disconnect(&mut self, this: Handle) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.disconnect()?)
    }

    fn get_local_address(&mut self, this: Handle) -> Result<IpSocketAddress, Failure> {
        Ok(self.table.get(&this)?.local_address()?.into())
    }

    fn get_remote_address(&mut self, this: Handle) -> Result<IpSocketAddress, Failure> {
        Ok(self.table.get(&this)?.remote_address()?.into())
    }

    fn get_address_family(&mut self, this: Handle) -> wasmtime::Result<IpAddressFamily> {
        Ok(self.table.get(&this)?.family().into())
    }

    fn get_unicast_hop_limit(&mut self, this: Handle) -> Result<u8, Failure> {
        Ok(self.table.get(&this)?.ttl()?)
    }

    fn set_unicast_hop_limit(&mut self, this: Handle, hops: u8) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.set_ttl(hops)?)
    }

    fn get_receive_buffer_size(&mut self, this: Handle) -> Result<u64, Failure> {
        Ok(buffer_size::told(self.table.get(&this)?.receive_buffer_bytes()?))
    }

    fn set_receive_buffer_size(&mut self, this: Handle, bytes: u64) -> Result<(), Failure> {
        let bytes = buffer_size::asked(bytes);
        Ok(self.table.get(&this)?.set_receive_buffer_bytes(bytes)?)
    }

    fn get_send_buffer_size(&mut self, this: Handle) -> Result<u64, Failure> {
        Ok(buffer_size::told(self.table.get(&this)?.send_buffer_bytes()?))
    }

    fn set_send_buffer_size(&mut self, this: Handle, bytes: u64) -> Result<(), Failure> {
        let bytes = buffer_size::asked(bytes);
        Ok(self.table.get(&this)?.set_send_buffer_bytes(bytes)?)
    }

    fn drop(&mut self, this: Handle) -> wasmtime::Result<()> {
        let socket = self.table.delete(this)?;
        self.ctx.close(&socket);
        Ok(())
    }
}
