//! `tcp-create-socket`, which answers `access-denied`, and the functions of sockets that there are none of.

use super::Failure;
use super::bindings::wasi::sockets::{network, tcp, tcp_create_socket};
use crate::DgramCtxView;
use crate::wasi_sockets::{TcpSocket, of_no_tcp_socket};
use network::{IpAddressFamily, IpSocketAddress, Network};
use wasmtime::component::Resource;
use wasmtime_wasi_io::poll::DynPollable;
use wasmtime_wasi_io::streams::{DynInputStream, DynOutputStream};

type Connected = (Resource<DynInputStream>, Resource<DynOutputStream>);
type Accepted = (Resource<TcpSocket>, Resource<DynInputStream>, Resource<DynOutputStream>);

impl tcp_create_socket::Host for DgramCtxView<'_> {
    fn create_tcp_socket(&mut self, _: IpAddressFamily) -> Result<Resource<TcpSocket>, Failure> {
        self.ctx.authority().gives_wasi_sockets()?;
        Err(self.ctx.authority().refuse_tcp().into())
    }
}

impl tcp::Host for DgramCtxView<'_> {}

impl tcp::HostTcpSocket for DgramCtxView<'_> {
    of_no_tcp_socket! { Failure;
        start_bind(Resource<Network>, IpSocketAddress) -> ();
        finish_bind() -> ();
        start_connect(Resource<Network>, IpSocketAddress) -> ();
        finish_connect() -> Connected;
        start_listen() -> ();
        finish_listen() -> ();
        accept() -> Accepted;
        local_address() -> IpSocketAddress;
        remote_address() -> IpSocketAddress;
        set_listen_backlog_size(u64) -> ();
        keep_alive_enabled() -> bool;
        set_keep_alive_enabled(bool) -> ();
        keep_alive_idle_time() -> u64;
        set_keep_alive_idle_time(u64) -> ();
        keep_alive_interval() -> u64;
        set_keep_alive_interval(u64) -> ();
        keep_alive_count() -> u32;
        set_keep_alive_count(u32) -> ();
        hop_limit() -> u8;
        set_hop_limit(u8) -> ();
        receive_buffer_size() -> u64;
        set_receive_buffer_size(u64) -> ();
        send_buffer_size() -> u64;
        set_send_buffer_size(u64) -> ();
        shutdown(tcp::ShutdownType) -> ();
    }
    of_no_tcp_socket! { wasmtime::Error;
        is_listening() -> bool;
        address_family() -> IpAddressFamily;
        subscribe() -> Resource<DynPollable>;
    }

    fn drop(&mut self, this: Resource<TcpSocket>) -> wasmtime::Result<()> {
        match self.table.delete(this)? {}
    }
}
