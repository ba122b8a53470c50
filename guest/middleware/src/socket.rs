//! A socket of a middleware: each operation passes on, but for those that it says itself.

use crate::bindings::wasi::io::poll::Pollable;
use crate::inner::{bursts, poll, sockets};
use datagrant_guest::bindings::types::{
    Burst, BurstOptions, Direction, ErrorCode, Event, InterfaceRef, IpAddress, IpSocketAddress, SendReport,
};

macro_rules! pass_on {
    ($($(#[$doc:meta])+ fn $name:ident($($argument:ident: $ty:ty),*) -> $answer:ty = $inner:expr;)+) => {
        /// What the guest holds for a socket. Each operation is that of the contract, on the socket of the provider behind
        /// this middleware; a middleware says those that it changes.
        #[allow(clippy::missing_errors_doc, reason = "they are the contract's, whose documentation has them")]
        pub trait Socket: Sized + 'static {
            /// The socket of the provider behind this middleware.
            fn inner(&self) -> &sockets::Socket;

            $($(#[$doc])+ fn $name(&self, $($argument: $ty),*) -> $answer {
                let pass_on: fn(&sockets::Socket, $($ty),*) -> $answer = $inner;
                pass_on(self.inner(), $($argument),*)
            })+
        }
    };
}

pass_on! {
    /// `socket.bind`.
    fn bind(local: Option<IpSocketAddress>, exclusive: bool) -> Result<IpSocketAddress, ErrorCode> =
        sockets::Socket::bind;
    /// `socket.connect`.
    fn connect(remote: IpSocketAddress) -> Result<IpSocketAddress, ErrorCode> = sockets::Socket::connect;
    /// `socket.disconnect`.
    fn disconnect() -> Result<(), ErrorCode> = sockets::Socket::disconnect;
    /// `socket.close`.
    fn close() -> () = sockets::Socket::close;
    /// `socket.next-events`.
    fn next_events(max: u32) -> Vec<Event> = sockets::Socket::next_events;
    /// `socket.send`.
    fn send(data: &[u8], remote: Option<IpSocketAddress>) -> Result<(), ErrorCode> = sockets::Socket::send;
    /// `socket.local-address`.
    fn local_address() -> Result<IpSocketAddress, ErrorCode> = sockets::Socket::local_address;
    /// `socket.remote-address`.
    fn remote_address() -> Result<IpSocketAddress, ErrorCode> = sockets::Socket::remote_address;
    /// `socket.set-broadcast`.
    fn set_broadcast(on: bool) -> Result<(), ErrorCode> = sockets::Socket::set_broadcast;
    /// `socket.set-ttl`.
    fn set_ttl(hops: u8) -> Result<(), ErrorCode> = sockets::Socket::set_ttl;
    /// `socket.set-multicast-ttl`.
    fn set_multicast_ttl(hops: u8) -> Result<(), ErrorCode> = sockets::Socket::set_multicast_ttl;
    /// `socket.set-multicast-loopback`.
    fn set_multicast_loopback(on: bool) -> Result<(), ErrorCode> = sockets::Socket::set_multicast_loopback;
    /// `socket.set-multicast-interface`.
    fn set_multicast_interface(interface: &InterfaceRef) -> Result<(), ErrorCode> =
        sockets::Socket::set_multicast_interface;
    /// `socket.join`.
    fn join(group: IpAddress, interface: &InterfaceRef, source: Option<IpAddress>) -> Result<(), ErrorCode> =
        sockets::Socket::join;
    /// `socket.leave`.
    fn leave(group: IpAddress, interface: &InterfaceRef, source: Option<IpAddress>) -> Result<(), ErrorCode> =
        sockets::Socket::leave;
    /// `socket.receive-buffer-bytes`.
    fn receive_buffer_bytes() -> Result<u32, ErrorCode> = sockets::Socket::receive_buffer_bytes;
    /// `socket.set-receive-buffer-bytes`.
    fn set_receive_buffer_bytes(bytes: u32) -> Result<(), ErrorCode> = sockets::Socket::set_receive_buffer_bytes;
    /// `socket.send-buffer-bytes`.
    fn send_buffer_bytes() -> Result<u32, ErrorCode> = sockets::Socket::send_buffer_bytes;
    /// `socket.set-send-buffer-bytes`.
    fn set_send_buffer_bytes(bytes: u32) -> Result<(), ErrorCode> = sockets::Socket::set_send_buffer_bytes;
    /// `bursts.configure`.
    fn configure(options: BurstOptions) -> Result<BurstOptions, ErrorCode> = bursts::configure;
    /// `bursts.receive`.
    fn receive_burst(max_headers: u32, max_bytes_each: u32) -> Result<Burst, ErrorCode> = bursts::receive;
    /// `bursts.send`.
    fn send_burst(stride: u32, headers: &[u8], payload: &[u8]) -> SendReport = bursts::send;
    /// `poll.subscribe`.
    fn subscribe(direction: Direction) -> Vec<Pollable> = poll::subscribe;
}
