//! The system's name servers, resolv.conf(5).

use hickory_resolver::config::{NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::system_conf::parse_resolv_conf;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::fs::MetadataExt;
use std::time::SystemTime;

const PATH: &str = "/etc/resolv.conf";

/// Which version of the file it is: a network that comes or goes writes another one.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Version(Option<(u64, SystemTime)>);

impl Version {
    pub(super) fn now() -> Version {
        let version = |file: fs::Metadata| Some((file.ino(), file.modified().ok()?));
        Version(fs::metadata(PATH).ok().and_then(version))
    }
}

/// The name servers and the options of the system.
pub(super) fn read() -> (ResolverConfig, ResolverOpts) {
    config(&fs::read(PATH).unwrap_or_default())
}

pub(super) fn config(file: &[u8]) -> (ResolverConfig, ResolverOpts) {
    // Search domains and what counts dots are for what people type: they are not even read.
    let wanted = |line: &&[u8]| line.starts_with(b"nameserver") || line.starts_with(b"options");
    let lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').filter(wanted).collect();
    parse_resolv_conf(lines.join(&b'\n')).unwrap_or_else(|_| {
        // "If no nameserver entries are present, the default is to use the name server on the local machine."
        let local = NameServerConfig::udp_and_tcp(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let config = ResolverConfig::from_parts(None, vec![], vec![local]);
        (config, ResolverOpts::default())
    })
}
