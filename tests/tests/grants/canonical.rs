//! One form of each address (rule 2): IPv4-compatible, NAT64, 6to4, scope ids. Mapped addresses are in `mapped`.

use crate::guest::guest;
use crate::peer::{peer, unused};

/// Forms of 127.0.0.1 that a gateway or the kernel may take there.
const EMBEDDED: [&str; 3] = ["::127.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::1"];

#[test]
fn an_embedded_ipv4_address_needs_its_own_grant() {
    let port = unused("127.0.0.1").port();
    for form in EMBEDDED {
        let address: std::net::SocketAddr = format!("[{form}]:{port}").parse().unwrap();
        guest()
            .allow_send(address)
            .tells(format!(
                "create ipv6 -> ok
                 send [{form}]:{port} x -> access-denied
                 connect [{form}]:{port} -> access-denied"
            ))
            .refuses(format!(
                "grants: send {address}: not granted for the embedded 127.0.0.1; fix: send 127.0.0.1:{port}
                 grants: connect {address}: not granted for the embedded 127.0.0.1; fix: send 127.0.0.1:{port}"
            ));
    }
}

#[test]
fn an_address_that_embeds_a_granted_one_needs_its_own_grant() {
    let port = unused("127.0.0.1").port();
    for form in EMBEDDED {
        let address: std::net::SocketAddr = format!("[{form}]:{port}").parse().unwrap();
        guest()
            .allow_send(format!("127.0.0.1:{port}"))
            .tells(format!(
                "create ipv6 -> ok
                 send [{form}]:{port} x -> access-denied"
            ))
            .refuses(format!("grants: send {address}: not granted; fix: send {address}"));
    }
}

#[test]
fn an_embedded_ipv4_address_that_is_denied_is_denied() {
    let port = unused("127.0.0.1").port();
    for form in EMBEDDED {
        let address: std::net::SocketAddr = format!("[{form}]:{port}").parse().unwrap();
        guest()
            .allow_send("[::/0]:*")
            .allow_send("0.0.0.0/0:*")
            .deny_send("@loopback:*")
            .tells(format!(
                "create ipv6 -> ok
                 send [{form}]:{port} x -> access-denied"
            ))
            .refuses(format!(
                "grants: send {address}: denied for the embedded 127.0.0.1 (deny send @loopback:*)"
            ));
    }
}

#[test]
fn the_line_about_an_embedding_address_names_both_grants() {
    let port = unused("127.0.0.1").port();
    let address: std::net::SocketAddr = format!("[64:ff9b::127.0.0.1]:{port}").parse().unwrap();
    guest()
        .allow_send("[2001:db8::1]:9")
        .tells(format!(
            "create ipv6 -> ok
             connect [64:ff9b::127.0.0.1]:{port} -> access-denied"
        ))
        .refuses(format!(
            "grants: connect {address}: not granted; fix: send {address} and send 127.0.0.1:{port}"
        ));
}

#[test]
fn a_scope_id_on_a_global_address_changes_nothing() {
    let other = peer("[::1]:0");
    let port = other.port();
    guest()
        .allow_send(other.address)
        .tells(format!(
            "create ipv6 -> ok
             send [::1%7]:{port} hello -> ok
             connect [::1%7]:{port} -> ok [::1]:*
             remote -> ok [::1]:{port}"
        ))
        .refuses("");
    assert_eq!(other.receives().0, "hello");
    guest()
        .allow_send("@loopback:*")
        .deny_send(other.address)
        .tells(format!(
            "create ipv6 -> ok
             send [::1%7]:{port} hello -> access-denied"
        ))
        .refuses(format!("grants: send [::1]:{port}: denied (deny send [::1]:{port})"));
}

#[test]
fn a_link_local_address_needs_a_scope_id() {
    guest()
        .allow_send("@link-local:*")
        .allow_bind("@link-local:0")
        .tells(
            "create ipv6 -> ok
             send [fe80::1]:9 x -> invalid-argument
             connect [fe80::1]:9 -> invalid-argument
             b: create ipv6 -> ok
             b: bind [fe80::1]:0 -> invalid-argument",
        )
        .refuses("");
}
