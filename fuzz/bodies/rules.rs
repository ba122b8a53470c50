//! Grants to attack, each with what it means, said once more in words.

use std::net::SocketAddr;

use crate::grants::{Grants, Right};

use super::loopback::Others;

/// Grants on loopback. In patterns, `{a}` to `{e}` stand for the others' addresses.
pub(super) struct Rules {
    allow: &'static [(Right, &'static str)],
    deny: &'static [(Right, &'static str)],
    /// Where a datagram may go by a grant.
    pub(super) send: fn(&Others, SocketAddr) -> bool,
    /// Where none may go by whatever right.
    pub(super) denied: fn(&Others, SocketAddr) -> bool,
    /// The local addresses that may be bound.
    pub(super) bind: fn(SocketAddr) -> bool,
    /// Whom a socket hears that was bound there.
    pub(super) from: fn(SocketAddr) -> bool,
}

const NOWHERE: Rules = Rules {
    allow: &[],
    deny: &[],
    send: |_, _| false,
    denied: |_, _| false,
    bind: |_| false,
    from: |_| true,
};

/// The group that is granted, and the port.
pub(super) const GROUP: &str = "239.1.1.1:5353";
/// The broadcast address that is granted.
pub(super) const BROADCAST: &str = "127.255.255.255:9999";

fn is(address: SocketAddr, ip: &str) -> bool {
    address.ip().to_string() == ip
}

pub(super) const RULES: [Rules; 8] = [
    NOWHERE,
    // A server.
    Rules {
        allow: &[(Right::Bind, "127.0.0.1:0"), (Right::Send, "{a}")],
        send: |others, to| to == others.at[0],
        bind: |at| is(at, "127.0.0.1"),
        ..NOWHERE
    },
    // A client.
    Rules {
        allow: &[(Right::Send, "{a}"), (Right::Send, "{d}")],
        send: |others, to| to == others.at[0] || to == others.at[3],
        ..NOWHERE
    },
    // Much, with holes in it.
    Rules {
        allow: &[
            (Right::Bind, "@loopback:0,1024-65535 shared"),
            (Right::Send, "@loopback:*"),
        ],
        deny: &[(Right::Send, "{b}"), (Right::Send, "{e}"), (Right::Bind, "127.0.0.2:*")],
        send: |_, to| to.ip().is_loopback(),
        denied: |others, to| to == others.at[1] || to == others.at[4],
        bind: |at| at.ip().is_loopback() && !is(at, "127.0.0.2"),
        ..NOWHERE
    },
    // A server that hears one host.
    Rules {
        allow: &[(Right::Bind, "127.0.0.1:0 from 127.0.0.2"), (Right::Send, "{a}")],
        send: |others, to| to == others.at[0],
        bind: |at| is(at, "127.0.0.1"),
        from: |source| is(source, "127.0.0.2"),
        ..NOWHERE
    },
    // Groups.
    Rules {
        allow: &[
            (Right::Bind, "127.0.0.1:0"),
            (Right::Bind, "[::1]:0"),
            (Right::Bind, "239.1.1.1:0"),
            (Right::Join, "239.1.1.1@lo"),
            (Right::Join, "[ff02::fb]@lo"),
            (Right::Join, "232.1.1.1@lo from 127.0.0.2"),
            (Right::Send, "239.1.1.1@lo:5353"),
        ],
        send: |_, to| to.to_string() == GROUP,
        bind: |at| at.ip().is_loopback() && !is(at, "127.0.0.2") || is(at, "239.1.1.1"),
        ..NOWHERE
    },
    // IPv4 from IPv6 sockets.
    Rules {
        allow: &[
            (Right::Bind, "[::1]:0"),
            (Right::Bind, "127.0.0.1:0"),
            (Right::Send, "127.0.0.0/8:*"),
        ],
        deny: &[(Right::Send, "{c}"), (Right::Send, "[::/0]:*")],
        send: |_, to| to.ip().is_ipv4() && to.ip().is_loopback(),
        denied: |others, to| to == others.at[2] || to.is_ipv6(),
        bind: |at| is(at, "127.0.0.1") || is(at, "::1"),
        ..NOWHERE
    },
    // Names and broadcasts.
    Rules {
        allow: &[
            (Right::Resolve, "*.test"),
            (Right::Resolve, "localhost"),
            (Right::Send, "*.test:53"),
            (Right::Broadcast, BROADCAST),
        ],
        deny: &[(Right::Resolve, "b.test")],
        ..NOWHERE
    },
];

impl Rules {
    pub(super) fn grants(&self, others: &Others) -> Grants {
        let pattern = |text: &str| {
            let named = ["{a}", "{b}", "{c}", "{d}", "{e}"].into_iter().zip(others.at);
            named.fold(text.to_owned(), |text, (name, at)| text.replace(name, &at.to_string()))
        };
        let mut grants = Grants::new();
        for (right, text) in self.allow {
            grants.allow(*right, &pattern(text)).expect("a pattern");
        }
        for (right, text) in self.deny {
            grants.deny(*right, &pattern(text)).expect("a pattern");
        }
        grants
    }

    /// Whether anything may be sent at all, which a client socket is derived from.
    pub(super) fn sends(&self) -> bool {
        self.allow
            .iter()
            .any(|(right, _)| matches!(right, Right::Send | Right::Broadcast))
    }

    /// Whether a broadcast may be sent, to [`BROADCAST`].
    pub(super) fn broadcasts(&self) -> bool {
        self.allow.iter().any(|(right, _)| *right == Right::Broadcast)
    }

    /// Whether a group may be joined.
    pub(super) fn joins(&self) -> bool {
        self.allow.iter().any(|(right, _)| *right == Right::Join)
    }

    /// Whether a name may be looked up.
    pub(super) fn resolves(&self, name: &str) -> bool {
        let names = self.allow.iter().any(|(right, _)| *right == Right::Resolve);
        names && matches!(name, "a.test" | "c.test" | "localhost")
    }
}
