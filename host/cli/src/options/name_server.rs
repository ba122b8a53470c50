//! `--dns-server ADDRESS[:PORT]`.

use std::net::{IpAddr, SocketAddr};

const PORT: u16 = 53;

pub fn parse(text: &str) -> Result<SocketAddr, String> {
    let bracketed = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address = match bracketed.unwrap_or(text).parse::<IpAddr>() {
        Ok(ip) => SocketAddr::new(ip, PORT),
        Err(_) => text.parse().map_err(|_| {
            format!(
                "{text:?} is no address: write an IP address, or ADDRESS:PORT with IPv6 in brackets, such as [::1]:5353"
            )
        })?,
    };
    match (address.ip().is_unspecified(), address.port()) {
        (true, _) => Err(format!(
            "{} is no name server: write 127.0.0.1 or [::1] for this host",
            address.ip()
        )),
        (_, 0) => Err(format!(
            "port 0 is no destination: write {} for port {PORT}",
            address.ip()
        )),
        _ => Ok(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_server_has_port_53_unless_another_is_written() {
        for (text, address) in [
            ("192.0.2.53", "192.0.2.53:53"),
            ("192.0.2.53:5353", "192.0.2.53:5353"),
            ("::1", "[::1]:53"),
            ("[::1]", "[::1]:53"),
            ("[::1]:5353", "[::1]:5353"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), address);
        }
    }

    #[test]
    fn what_is_no_name_server_is_refused() {
        for (text, problem) in [
            (
                "dns.example.com",
                "\"dns.example.com\" is no address: write an IP address, or ADDRESS:PORT with IPv6 in brackets, such as [::1]:5353",
            ),
            (
                "",
                "\"\" is no address: write an IP address, or ADDRESS:PORT with IPv6 in brackets, such as [::1]:5353",
            ),
            ("192.0.2.53:0", "port 0 is no destination: write 192.0.2.53 for port 53"),
            (
                "0.0.0.0",
                "0.0.0.0 is no name server: write 127.0.0.1 or [::1] for this host",
            ),
            (
                "[::]:53",
                ":: is no name server: write 127.0.0.1 or [::1] for this host",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err(), problem);
        }
    }
}
