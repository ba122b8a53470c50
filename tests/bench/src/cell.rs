//! What is measured: a matrix of works, sizes and families, for each contestant.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

macro_rules! named {
    ($(#[$doc:meta])* $type:ident { $($(#[$item_doc:meta])* $item:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$item_doc])* $item,)+ }

        impl $type {
            pub const ALL: &[$type] = &[$($type::$item,)+];

            pub fn name(self) -> &'static str {
                match self { $($type::$item => $name,)+ }
            }

            pub fn named(name: &str) -> Option<$type> {
                $type::ALL.iter().copied().find(|item| item.name() == name)
            }
        }
    };
}

named! {
    /// What is done with datagrams.
    Work {
        /// Takes what a flood brings.
        Receive = "receive",
        /// Sends to a socket that nobody reads.
        Send = "send",
        /// Sends back what comes, of 64 that are under way.
        Echo = "echo",
        /// Sends back the one that is under way.
        Rtt = "rtt",
        /// The same, with the other side on a processor of its own.
        RttApart = "rtt-apart",
    }
}

named! {
    Family {
        Ipv4 = "ipv4",
        Ipv6 = "ipv6",
    }
}

named! {
    /// Who does it.
    Contestant {
        Native = "native",
        NativeSingle = "native-single",
        NativeBlocking = "native-blocking",
        NativeOffload = "native-offload",
        Tokio = "tokio",
        Node = "node",
        StarlingMonkey = "starlingmonkey",
        QuickJS = "quickjs",
        Asyncio = "asyncio",
        Python = "python",
        WasiSockets = "wasi-sockets",
        WasiSocketsOurs = "wasi-sockets-ours",
        Sdk = "sdk",
        Typed = "typed",
        Bursts = "bursts",
        BurstsOffload = "bursts-offload",
    }
}

impl Work {
    /// Whether what comes is sent back.
    pub fn comes_back(self) -> bool {
        matches!(self, Work::Echo | Work::Rtt | Work::RttApart)
    }

    /// What a contestant does, wherever the other side runs.
    pub fn task(self) -> Work {
        if self == Work::RttApart { Work::Rtt } else { self }
    }

    /// Whether the other side runs on the contestant's own processor. Where the two take turns that is where they belong:
    /// otherwise each datagram wakes another processor, at a price that a virtual machine makes tenfold, and that a
    /// server whose clients are elsewhere does not pay. A flood does not wait for its turn.
    pub fn takes_turns(self) -> bool {
        matches!(self, Work::Echo | Work::Rtt)
    }

    /// How many datagrams are under way at once, for those that come back.
    pub fn window(self) -> usize {
        if self == Work::Echo { 64 } else { 1 }
    }
}

impl Family {
    pub fn loopback(self) -> IpAddr {
        match self {
            Family::Ipv4 => Ipv4Addr::LOCALHOST.into(),
            Family::Ipv6 => Ipv6Addr::LOCALHOST.into(),
        }
    }

    /// Loopback, a port that the system chooses.
    pub fn any_port(self) -> SocketAddr {
        SocketAddr::new(self.loopback(), 0)
    }
}

impl Contestant {
    /// Offload has its sense where one peer's datagrams come or go in a row.
    pub fn does(self, work: Work) -> bool {
        match self {
            Contestant::NativeOffload | Contestant::BurstsOffload => matches!(work, Work::Receive | Work::Send),
            Contestant::NativeBlocking => work != Work::Send,
            _ => true,
        }
    }

    /// Whether it is a component by itself, with a loop of its language's own.
    pub fn is_program(self) -> bool {
        matches!(
            self,
            Contestant::StarlingMonkey | Contestant::QuickJS | Contestant::Python
        )
    }

    pub fn is_offload(self) -> bool {
        matches!(self, Contestant::NativeOffload | Contestant::BurstsOffload)
    }

    /// What it is, for the page.
    pub fn description(self) -> &'static str {
        match self {
            Contestant::Native => "`recvmmsg` and `sendmmsg` of 64 in an event loop: try first, then `epoll_wait`",
            Contestant::NativeSingle => "`recvfrom` and `sendto`, one datagram a call, in an event loop",
            Contestant::NativeBlocking => {
                "`recvmmsg` and `sendmmsg` of 64 on a blocking socket, which can wait for nothing else"
            }
            Contestant::NativeOffload => "`recvmmsg` with GRO, `sendto` with GSO, in an event loop",
            Contestant::Tokio => "tokio's `UdpSocket`, current-thread runtime",
            Contestant::Node => "Node's `dgram`",
            Contestant::StarlingMonkey => "guest: the same JavaScript by the SDK, on StarlingMonkey",
            Contestant::QuickJS => "guest: the same, on QuickJS",
            Contestant::Asyncio => "asyncio's datagram endpoints, in the CPython of the machine",
            Contestant::Python => "guest: the same Python by the SDK",
            Contestant::WasiSockets => "guest: `std::net::UdpSocket` over wasmtime-wasi's `wasi:sockets`",
            Contestant::WasiSocketsOurs => "the same guest over our `wasi:sockets`, with grants",
            Contestant::Sdk => "guest: `datagrant_guest::UdpSocket`",
            Contestant::Typed => "guest: `next-events` of 64 and `send`",
            Contestant::Bursts => "guest: `bursts`, 64 headers a call",
            Contestant::BurstsOffload => "guest: `bursts` with `coalesce`, and with a segment size on send",
        }
    }
}

/// A column of the matrix: what contestants are compared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    pub work: Work,
    pub family: Family,
    pub bytes: usize,
}
