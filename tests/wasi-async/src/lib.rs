//! What the documentation of `wasi:sockets` 0.3 says of UDP, a line each: what is called, and how it ends. With an argument, what
//! else there is: `grants`, with an address that is not granted, and `names`, with names.

mod generated;

use generated::wasi::clocks::monotonic_clock::wait_for;
use generated::wasi::sockets::ip_name_lookup::resolve_addresses;
use generated::wasi::sockets::types::{
    IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress, TcpSocket, UdpSocket,
};
use std::fmt::Debug;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::task::Poll;

struct Command;

generated::export!(Command with_types_in generated);

impl generated::exports::wasi::cli::run::Guest for Command {
    async fn run() -> Result<(), ()> {
        let args: Vec<String> = std::env::args().skip(1).collect();
        match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => {
                states().await;
                options();
                datagrams().await;
                peers().await;
                waits().await;
            }
            ["grants", denied] => grants(address(denied)).await,
            ["names", names @ ..] => {
                for name in names {
                    say(
                        &format!("resolve-addresses {name}"),
                        resolve_addresses((*name).to_owned()).await,
                    );
                }
            }
            other => panic!("{other:?} is not understood"),
        }
        Ok(())
    }
}

async fn states() {
    let socket = UdpSocket::create(IpAddressFamily::Ipv4).expect("a socket");
    say("get-address-family", Ok::<_, ()>(socket.get_address_family()));
    say("get-local-address", socket.get_local_address().map(drop));
    say("get-remote-address", socket.get_remote_address().map(drop));
    say("disconnect", socket.disconnect());
    say("receive", socket.receive().await.map(drop));
    say("send to nobody", socket.send(b"x".to_vec(), None).await);
    say("bind to the other family", socket.bind(address("[::1]:0")));
    say("bind", socket.bind(address("127.0.0.1:0")));
    say("bind", socket.bind(address("127.0.0.1:0")));
    say(
        "get-local-address",
        socket.get_local_address().map(|local| port(local) != 0),
    );
    let six = UdpSocket::create(IpAddressFamily::Ipv6).expect("a socket");
    say("bind to a mapped address", six.bind(address("[::ffff:127.0.0.1]:0")));
    say(
        "connect to a mapped address",
        six.connect(address("[::ffff:127.0.0.1]:9")),
    );
    say("connect to the other family", six.connect(address("127.0.0.1:9")));
    say("bind", six.bind(address("[::1]:0")));
}

fn options() {
    let socket = bound();
    say("set-unicast-hop-limit 0", socket.set_unicast_hop_limit(0));
    say("set-unicast-hop-limit", socket.set_unicast_hop_limit(17));
    say("get-unicast-hop-limit", socket.get_unicast_hop_limit());
    say("set-receive-buffer-size 0", socket.set_receive_buffer_size(0));
    say("set-receive-buffer-size", socket.set_receive_buffer_size(20_000));
    say("get-receive-buffer-size", socket.get_receive_buffer_size());
    say("set-send-buffer-size", socket.set_send_buffer_size(30_000));
    say("get-send-buffer-size", socket.get_send_buffer_size());
}

async fn datagrams() {
    let (peer, client) = (bound(), UdpSocket::create(IpAddressFamily::Ipv4).expect("a socket"));
    say("send binds", client.send(b"hello".to_vec(), Some(local(&peer))).await);
    say(
        "get-local-address",
        client.get_local_address().map(|local| port(local) != 0),
    );
    let (data, from) = peer.receive().await.expect("a datagram");
    say("receive", Ok::<_, ()>(String::from_utf8_lossy(&data)));
    say("its source", Ok::<_, ()>(port(from) == port(local(&client))));
    say("send nothing", peer.send(vec![], Some(from)).await);
    say("receive nothing", client.receive().await.map(|(data, _)| data));
    say("send of too much", peer.send(vec![0; 65_530], Some(from)).await);
    say(
        "send to the other family",
        peer.send(b"x".to_vec(), Some(address("[::1]:9"))).await,
    );
}

async fn peers() {
    let (one, two) = (bound(), bound());
    let socket = UdpSocket::create(IpAddressFamily::Ipv4).expect("a socket");
    say("connect binds", socket.connect(local(&one)));
    say(
        "get-remote-address",
        socket.get_remote_address().map(|peer| port(peer) == port(local(&one))),
    );
    say("send", socket.send(b"one".to_vec(), None).await);
    say(
        "send to the peer by its address",
        socket.send(b"two".to_vec(), Some(local(&one))).await,
    );
    say("send to another", socket.send(b"x".to_vec(), Some(local(&two))).await);
    say("receive", text(&one).await);
    say("receive", text(&one).await);
    let at = local(&socket);
    say("send by another", two.send(b"not the peer".to_vec(), Some(at)).await);
    say("send by the peer", one.send(b"the peer".to_vec(), Some(at)).await);
    say("receive", text(&socket).await);
    say("connect to another", socket.connect(local(&two)));
    // Without a bind grant for it, it hears whom it has written to.
    say("send", socket.send(b"hello".to_vec(), None).await);
    let at = local(&socket);
    say(
        "send by the old peer",
        one.send(b"the old peer".to_vec(), Some(at)).await,
    );
    say("send by the peer", two.send(b"the peer".to_vec(), Some(at)).await);
    say("receive", text(&socket).await);
    say("disconnect", socket.disconnect());
    say("disconnect", socket.disconnect());
    say("get-remote-address", socket.get_remote_address().map(drop));
    let nobody = local(&bound());
    say("connect to nobody", socket.connect(nobody));
    say("send", socket.send(b"x".to_vec(), None).await);
    say("receive", text(&socket).await);
}

async fn waits() {
    let (socket, peer) = (bound(), bound());
    let at = local(&socket);
    // One waits while others go on.
    let sends = async {
        wait_for(5_000_000).await;
        peer.send(b"late".to_vec(), Some(at)).await
    };
    let (received, sent) = both(text(&socket), sends).await;
    say("receive before send", received);
    say("send", sent);
    // Two wait for the same.
    let sends = async {
        wait_for(5_000_000).await;
        for data in ["a", "b"] {
            peer.send(data.into(), Some(at)).await.expect("loopback");
        }
    };
    let ((one, other), ()) = both(both(text(&socket), text(&socket)), sends).await;
    let mut all = [one.expect("a datagram"), other.expect("a datagram")];
    all.sort();
    say("two receives", Ok::<_, ()>(all));
    // What is dropped where it waits takes nothing with it.
    for round in 0..20 {
        {
            let mut receive = pin!(text(&socket));
            let polled = poll_fn(|cx| Poll::Ready(receive.as_mut().poll(cx))).await;
            assert!(polled.is_pending(), "nothing was sent yet");
        }
        peer.send(round.to_string().into(), Some(at)).await.expect("loopback");
        assert_eq!(text(&socket).await.expect("a datagram"), round.to_string());
    }
    say("dropped receives", Ok::<_, ()>("take nothing"));
}

async fn grants(denied: IpSocketAddress) {
    let socket = UdpSocket::create(IpAddressFamily::Ipv4).expect("a socket");
    say("send", socket.send(b"x".to_vec(), Some(denied)).await);
    say("connect", socket.connect(denied));
    say("get-local-address", socket.get_local_address().map(drop));
    say("bind", socket.bind(denied));
    say("tcp", TcpSocket::create(IpAddressFamily::Ipv6).map(drop));
}

fn bound() -> UdpSocket {
    let socket = UdpSocket::create(IpAddressFamily::Ipv4).expect("a socket");
    socket.bind(address("127.0.0.1:0")).expect("loopback");
    socket
}

async fn text(socket: &UdpSocket) -> Result<String, generated::wasi::sockets::types::ErrorCode> {
    let (data, _) = socket.receive().await?;
    Ok(String::from_utf8_lossy(&data).into_owned())
}

/// Both, at once.
async fn both<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (mut first, mut second) = (None, None);
    poll_fn(|cx| {
        if first.is_none()
            && let Poll::Ready(ended) = one.as_mut().poll(cx)
        {
            first = Some(ended);
        }
        if second.is_none()
            && let Poll::Ready(ended) = other.as_mut().poll(cx)
        {
            second = Some(ended);
        }
        match (first.take(), second.take()) {
            (Some(first), Some(second)) => Poll::Ready((first, second)),
            pending => {
                (first, second) = pending;
                Poll::Pending
            }
        }
    })
    .await
}

fn local(socket: &UdpSocket) -> IpSocketAddress {
    socket.get_local_address().expect("it is bound")
}

fn address(text: &str) -> IpSocketAddress {
    match text.parse().expect("an address and port") {
        SocketAddr::V4(v4) => IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port: v4.port(),
            address: v4.ip().octets().into(),
        }),
        SocketAddr::V6(v6) => IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port: v6.port(),
            flow_info: v6.flowinfo(),
            address: v6.ip().segments().into(),
            scope_id: v6.scope_id(),
        }),
    }
}

fn port(address: IpSocketAddress) -> u16 {
    match address {
        IpSocketAddress::Ipv4(address) => address.port,
        IpSocketAddress::Ipv6(address) => address.port,
    }
}

fn say<T: Debug, E: Debug>(what: &str, ended: Result<T, E>) {
    match ended {
        Ok(value) => println!("{what} -> ok {value:?}"),
        Err(error) => println!("{what} -> {error:?}"),
    }
}
