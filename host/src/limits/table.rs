//! The one table of limits: files, flags, help, schema and documentation come from it.

use super::LimitError;
use crate::suggest;
use std::fmt;
use std::str::FromStr;

/// A row: a limit, its name, default, least and greatest value, and what it means. The unit is in the name.
macro_rules! limits {
    ($($limit:ident = $name:literal, $default:expr, $least:literal to $greatest:expr, $meaning:literal;)+) => {
        /// A limit, by name. The unit of each is in its name.
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        pub enum Limit {
            $(#[doc = concat!("`", $name, "`: ", $meaning)] $limit,)+
        }

        impl Limit {
            /// All of them, in the order in which they are told.
            pub const ALL: [Limit; COUNT] = [$(Limit::$limit),+];
        }

        /// How many there are.
        pub(super) const COUNT: usize = [$($name),+].len();

        const TABLE: [Row; COUNT] = [$(Row {
            name: $name,
            default: $default,
            least: $least,
            greatest: $greatest,
            meaning: $meaning,
        }),+];
    };
}

struct Row {
    name: &'static str,
    /// None: nothing is held back unless somebody says how much.
    default: Option<u64>,
    least: u64,
    greatest: u64,
    meaning: &'static str,
}

/// More of anything that is counted would be a mistake.
const MANY: u64 = 65_536;
/// 1 TiB: more than a machine has.
const TEBIBYTE: u64 = 1 << 40;
/// Nearly what the 32-bit counts of a token bucket hold.
const A_SECOND: u64 = 4_000_000_000;
const A_DAY_MS: u64 = 86_400_000;

limits! {
    Sockets = "sockets", Some(256), 0 to MANY,
        "sockets at once";
    // 256 sockets of Linux's default sizes have 104 MiB.
    SocketBufferBytes = "socket-buffer-bytes", Some(128 << 20), 0 to TEBIBYTE,
        "receive and send buffers of all sockets together, as the kernel tells their sizes";
    Memberships = "memberships", Some(256), 0 to MANY,
        "multicast memberships of all sockets together; a socket has at most 256";
    Lookups = "lookups", Some(32), 0 to MANY,
        "lookups of names at once; each counts until it is dropped and its work has ended";
    // A batch of 64 datagrams of the greatest size; no datagram, and nothing that was coalesced, is longer than the least.
    BurstBytes = "burst-bytes", Some(4 << 20), 65_536 to 64 << 20,
        "payload of one call that receives or sends; a receive takes at most 4 MiB";
    // The burst in the guest's hands is of at most 64 peers, and half of the table is always known.
    Peers = "peers", Some(1_024), 128 to MANY,
        "peers that a socket remembers: whom it may answer, or hear";
    ReceivedDatagramsPerSecond = "received-datagrams-per-second", None, 1 to A_SECOND,
        "datagrams that are received, segments one by one; what is more waits in the kernel";
    ReceivedBytesPerSecond = "received-bytes-per-second", None, 1 to A_SECOND,
        "payload that is received; what is more waits in the kernel";
    SentDatagramsPerSecond = "sent-datagrams-per-second", None, 1 to A_SECOND,
        "datagrams that are sent, segments one by one; more would block";
    SentBytesPerSecond = "sent-bytes-per-second", None, 1 to A_SECOND,
        "payload that is sent; more would block";
    RepliesPerDatagram = "replies-per-datagram", None, 0 to MANY,
        "datagrams in answer to each one of a peer that no send grant covers";
    ReplyBytesPerByte = "reply-bytes-per-byte", None, 0 to MANY,
        "payload in answer to each byte of a peer that no send grant covers";
    GuestMemoryBytes = "guest-memory-bytes", Some(1 << 30), 0 to TEBIBYTE,
        "memories and tables of an instance together";
    GuestCpuMilliseconds = "guest-cpu-milliseconds", None, 1 to A_DAY_MS,
        "processor time of an instance from one wait to the next";
}

impl Limit {
    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Its name, as in files and flags.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// What holds where nobody says otherwise; none: no limit.
    pub fn default_value(self) -> Option<u64> {
        self.row().default
    }

    /// The least value that makes sense.
    pub fn least(self) -> u64 {
        self.row().least
    }

    /// The greatest value that is understood.
    pub fn greatest(self) -> u64 {
        self.row().greatest
    }

    /// What it is a limit of, in a phrase.
    pub fn meaning(self) -> &'static str {
        self.row().meaning
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Limit, LimitError> {
        let found = Limit::ALL.into_iter().find(|limit| limit.as_str() == text);
        found.ok_or_else(|| LimitError {
            read: text.to_owned(),
            rule: "unknown limit".to_owned(),
            mend: suggest::one_of(text, &Limit::ALL.map(Limit::as_str)),
        })
    }
}
