//! The hosts file, hosts(5).

use crate::grants::Name;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::net::IpAddr;

const PATH: &str = "/etc/hosts";

/// The addresses that the hosts file gives a name. It is read each time: who edits it need not restart anything.
pub(super) fn look_up(name: &Name) -> Vec<IpAddr> {
    // Without the file, or with one that cannot be read, name servers are asked, as by getaddrinfo(3).
    let Ok(file) = File::open(PATH) else { return vec![] };
    addresses(BufReader::new(file), name).unwrap_or_default()
}

/// Of each line the first word is an address, and those after it, up to a `#`, are its names.
pub(super) fn addresses(file: impl BufRead, name: &Name) -> io::Result<Vec<IpAddr>> {
    let mut found = vec![];
    for line in file.split(b'\n') {
        let line = line?;
        let Ok(line) = std::str::from_utf8(&line) else { continue };
        let mut words = line.split('#').next().unwrap_or_default().split_ascii_whitespace();
        let ip = words.next().and_then(|word| word.parse().ok());
        if let Some(ip) = ip
            && words.any(|word| word.eq_ignore_ascii_case(name.as_str()))
            && !found.contains(&ip)
        {
            found.push(ip);
        }
    }
    Ok(found)
}
