//! `sockets`.

use super::{Failure, Socket};
use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::{sockets, types};
use types::{CreateFlags, Event, InterfaceRef, IpAddress, IpAddressFamily, IpSocketAddress};
use wasmtime::component::Resource;

type Handle = Resource<Socket>;

impl sockets::Host for DgramCtxView<'_> {}

impl sockets::HostSocket for DgramCtxView<'_> {
    fn create(&mut self, family: IpAddressFamily, flags: CreateFlags) -> Result<Handle, Failure> {
        let socket = self.ctx.create(family.into(), flags.into())?;
        Ok(self.table.push(socket)?)
    }

    fn id(&mut self, this: Handle) -> wasmtime::Result<u32> {
        Ok(self.table.get(&this)?.id())
    }

    fn family(&mut self, this: Handle) -> wasmtime::Result<IpAddressFamily> {
        Ok(self.table.get(&this)?.family().into())
    }

    fn bind(
        &mut self,
        this: Handle,
        local: Option<IpSocketAddress>,
        exclusive: bool,
    ) -> Result<IpSocketAddress, Failure> {
        Ok(self.table.get(&this)?.bind(local.map(Into::into), exclusive)?.into())
    }

    fn connect(&mut self, this: Handle, remote: IpSocketAddress) -> Result<IpSocketAddress, Failure> {
        Ok(self.table.get(&this)?.connect(remote.into())?.into())
    }

    fn disconnect(&mut self, this: Handle) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.disconnect()?)
    }

    fn close(&mut self, this: Handle) -> wasmtime::Result<()> {
        self.table.get(&this)?.close();
        Ok(())
    }

    fn next_events(&mut self, this: Handle, max: u32) -> wasmtime::Result<Vec<Event>> {
        let events = self.table.get(&this)?.next_events(max as usize);
        Ok(events.into_iter().map(Into::into).collect())
    }

    fn send(&mut self, this: Handle, data: Vec<u8>, remote: Option<IpSocketAddress>) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.send(&data, remote.map(Into::into))?)
    }

    fn local_address(&mut self, this: Handle) -> Result<IpSocketAddress, Failure> {
        Ok(self.table.get(&this)?.local_address()?.into())
    }

    fn remote_address(&mut self, this: Handle) -> Result<IpSocketAddress, Failure> {
        Ok(self.table.get(&this)?.remote_address()?.into())
    }

    fn set_broadcast(&mut self, this: Handle, on: bool) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.set_broadcast(on)?)
    }

    fn set_ttl(&mut self, this: Handle, hops: u8) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.set_ttl(hops)?)
    }

    fn set_multicast_ttl(&mut self, this: Handle, hops: u8) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.set_multicast_ttl(hops)?)
    }

    fn set_multicast_loopback(&mut self, this: Handle, on: bool) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.set_multicast_loopback(on)?)
    }

    fn set_multicast_interface(&mut self, this: Handle, interface: InterfaceRef) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.set_multicast_interface(&interface.into())?)
    }

    fn join(
        &mut self,
        this: Handle,
        group: IpAddress,
        interface: InterfaceRef,
        source: Option<IpAddress>,
    ) -> Result<(), Failure> {
        let source = source.map(Into::into);
        Ok(self.table.get(&this)?.join(group.into(), &interface.into(), source)?)
    }

    fn leave(
        &mut self,
        this: Handle,
        group: IpAddress,
        interface: InterfaceRef,
        source: Option<IpAddress>,
    ) -> Result<(), Failure> {
        let source = source.map(Into::into);
        Ok(self.table.get(&this)?.leave(group.into(), &interface.into(), source)?)
    }

    fn receive_buffer_bytes(&mut self, this: Handle) -> Result<u32, Failure> {
        Ok(self.table.get(&this)?.receive_buffer_bytes()?)
    }

    fn set_receive_buffer_bytes(&mut self, this: Handle, bytes: u32) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.set_receive_buffer_bytes(bytes)?)
    }

    fn send_buffer_bytes(&mut self, this: Handle) -> Result<u32, Failure> {
        Ok(self.table.get(&this)?.send_buffer_bytes()?)
    }

    fn set_send_buffer_bytes(&mut self, this: Handle, bytes: u32) -> Result<(), Failure> {
        Ok(self.table.get(&this)?.set_send_buffer_bytes(bytes)?)
    }

    fn drop(&mut self, this: Handle) -> wasmtime::Result<()> {
        let socket = self.table.delete(this)?;
        self.ctx.close(&socket);
        Ok(())
    }
}
