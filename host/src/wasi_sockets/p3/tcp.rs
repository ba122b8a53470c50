//! TCP sockets of `types`: `create` answers `access-denied`, and the other functions are of sockets that there are none of.

use super::Failure;
use super::bindings::wasi::sockets::types;
use crate::wasi_sockets::{TcpSocket, of_no_tcp_socket};
use crate::{Dgram, DgramCtxView};
use types::{Duration, ErrorCode, IpAddressFamily, IpSocketAddress};
use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};

type Sent = FutureReader<Result<(), ErrorCode>>;
type Received = (StreamReader<u8>, Sent);

impl<T: Send> types::HostTcpSocketWithStore<T> for Dgram {
    async fn connect(
        store: &Accessor<T, Self>,
        this: Resource<TcpSocket>,
        remote: IpSocketAddress,
    ) -> Result<(), Failure> {
        store.with(|mut store| store.get().connect(this, remote))
    }
}

impl DgramCtxView<'_> {
    of_no_tcp_socket! { Failure;
        connect(IpSocketAddress) -> ();
    }
}

impl types::HostTcpSocket for DgramCtxView<'_> {
    fn create(&mut self, _: IpAddressFamily) -> Result<Resource<TcpSocket>, Failure> {
        self.ctx.authority().gives_wasi_sockets()?;
        Err(self.ctx.authority().refuse_tcp().into())
    }

    of_no_tcp_socket! { Failure;
        bind(IpSocketAddress) -> ();
        listen() -> StreamReader<Resource<TcpSocket>>;
        get_local_address() -> IpSocketAddress;
        get_remote_address() -> IpSocketAddress;
        set_listen_backlog_size(u64) -> ();
        get_keep_alive_enabled() -> bool;
        set_keep_alive_enabled(bool) -> ();
        get_keep_alive_idle_time() -> Duration;
        set_keep_alive_idle_time(Duration) -> ();
        get_keep_alive_interval() -> Duration;
        set_keep_alive_interval(Duration) -> ();
        get_keep_alive_count() -> u32;
        set_keep_alive_count(u32) -> ();
        get_hop_limit() -> u8;
        set_hop_limit(u8) -> ();
        get_receive_buffer_size() -> u64;
        set_receive_buffer_size(u64) -> ();
        get_send_buffer_size() -> u64;
        set_send_buffer_size(u64) -> ();
    }
    of_no_tcp_socket! { wasmtime::Error;
        send(StreamReader<u8>) -> Sent;
        receive() -> Received;
        get_is_listening() -> bool;
        get_address_family() -> IpAddressFamily;
    }

    fn drop(&mut self, this: Resource<TcpSocket>) -> wasmtime::Result<()> {
        match self.table.delete(this)? {}
    }
}
