//! A service, and the records that describe it.

use std::net::Ipv4Addr;

use anyhow::{Context, bail};
use hickory_proto::rr::rdata::{A, PTR, SRV, TXT};
use hickory_proto::rr::{Name, RData, Record};

use crate::message::unique;

/// For how long others may remember it, in seconds (RFC 6762, section 10, has more for what names no host; but a program that
/// is ended has no time to say goodbye).
const SECONDS: u32 = 120;
/// What every browser asks first: which types of services there are (RFC 6763, section 9).
const TYPES: &str = "_services._dns-sd._udp.local.";

/// A service of a host.
pub struct Service {
    /// Its own name, which people read: any text of 1 to 63 bytes.
    pub instance: String,
    /// Such as `_http._tcp`.
    pub kind: String,
    pub address: Ipv4Addr,
    pub port: u16,
    /// `KEY=VALUE`, each up to 255 bytes.
    pub texts: Vec<String>,
}

impl Service {
    /// Its records: those that others may have too, then those that are its own.
    pub fn records(&self) -> anyhow::Result<(Vec<Record>, Vec<Record>)> {
        let kind = kind(&self.kind)?;
        let instance = kind
            .prepend_label(self.instance.as_bytes())
            .with_context(|| format!("not a name of 1 to 63 bytes: {:?}", self.instance))?;
        // A host's name that is its own as much as its address is.
        let host = Name::from_ascii(format!(
            "datagrant-{}.local.",
            self.address.to_string().replace('.', "-")
        ))?;
        if let Some(text) = self.texts.iter().find(|text| text.len() > 255) {
            bail!("longer than 255 bytes: {text:?}");
        }
        // "If there is nothing to say, a single empty string."
        let texts = if self.texts.is_empty() {
            vec![String::new()]
        } else {
            self.texts.clone()
        };

        let record = |name: &Name, data| Record::from_rdata(name.clone(), SECONDS, data);
        let shared = vec![
            record(&kind, RData::PTR(PTR(instance.clone()))),
            record(&Name::from_ascii(TYPES)?, RData::PTR(PTR(kind))),
        ];
        let own = vec![
            record(&instance, RData::SRV(SRV::new(0, 0, self.port, host.clone()))),
            record(&instance, RData::TXT(TXT::new(texts))),
            record(&host, RData::A(A(self.address))),
        ];
        Ok((shared, own.into_iter().map(unique).collect()))
    }
}

/// The name under which services of a type are listed.
pub fn kind(text: &str) -> anyhow::Result<Name> {
    let parts = text.split_once('.').filter(|(name, transport)| {
        let word = name.strip_prefix('_').unwrap_or_default();
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        // Section 7 of RFC 6763.
        matches!(word.len(), 1..=15) && word.bytes().all(good) && matches!(*transport, "_udp" | "_tcp")
    });
    if parts.is_none() {
        bail!("not a type of services, such as _http._tcp or _ntp._udp: {text:?}");
    }
    Ok(Name::from_ascii(format!("{text}.local."))?)
}
