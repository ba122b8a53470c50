//! Networks that a test makes for itself: hosts in network namespaces, joined by switches and by hosts that forward.
//!
//! ```no_run
//! use datagrant_tests::network::Network;
//!
//! // None where there can be no such network: it has said why, and the test is over.
//! let Some(network) = Network::new() else { return };
//! let (left, right, router) = (network.switch(), network.switch(), network.router());
//! let (alice, bob) = (network.host(), network.host());
//! alice.plug(&left, "eth0", &["10.0.1.1/24", "fd00:1::1/64", "fe80::1/64"]);
//! bob.plug(&right, "eth0", &["10.0.2.1/24"]);
//! router.plug(&left, "eth0", &["10.0.1.254/24"]);
//! router.plug(&right, "eth1", &["10.0.2.254/24"]);
//! alice.ip("route add default via 10.0.1.254");
//! bob.ip("route add default via 10.0.2.254");
//!
//! let socket = bob.socket("10.0.2.1:0");
//! alice.command("ping").args(["-c", "1", "10.0.2.1"]).status().unwrap();
//! ```
//!
//! Nothing has a name outside, and the machine's own network is not touched: namespaces are held by descriptors and end
//! with them, whether the test passes, panics or is killed.

mod host;
mod interface;
mod loss;
mod multicast;
mod namespace;
pub(crate) mod sys;
mod wire;

pub use host::{Host, receives};
pub use interface::{Interface, Switch};
pub use loss::Loss;
pub use multicast::MulticastRouting;
pub use wire::{Packet, Wire};

use crate::missing;
use namespace::Namespace;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

/// What nothing here takes on a machine that is not broken.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// What is run here, all of it told at once to who lacks some of it.
const PROGRAMS: [&str; 4] = ["ip", "nft", "nsenter", "smcrouted"];
const HOW: &str = "as root, after apt-get install iproute2 nftables smcroute util-linux";

/// Hosts and switches that are joined as the test joins them. They last as long as this.
#[derive(Debug, Default)]
pub struct Network {
    // A host's own handle is not all of it: without its switch, an interface is gone.
    parts: Mutex<Vec<Namespace>>,
}

impl Network {
    /// `None` where no network can be made: then it has said why on stderr.
    ///
    /// # Panics
    /// With CI=true, instead.
    #[track_caller]
    pub fn new() -> Option<Network> {
        let why = match (Namespace::new(), PROGRAMS.iter().find(|program| !is_there(program))) {
            (Ok(_), None) => return Some(Network::default()),
            (Ok(_), Some(lacks)) => format!("{lacks} is not installed"),
            (Err(e), _) => format!("no network namespace can be made: {e}"),
        };
        missing::say(&format!("{why}; to run it: {HOW}"));
        None
    }

    /// A host with a loopback interface and no other.
    pub fn host(&self) -> Host {
        Host::new(self.namespace(), &[])
    }

    /// A host that forwards between its interfaces.
    pub fn router(&self) -> Host {
        let forwards = [("net.ipv4.ip_forward", "1"), ("net.ipv6.conf.all.forwarding", "1")];
        Host::new(self.namespace(), &forwards)
    }

    /// A switch that sends each multicast and broadcast out of every port (it does not snoop).
    pub fn switch(&self) -> Switch {
        Switch::new(self.namespace())
    }

    fn namespace(&self) -> Namespace {
        let namespace = Namespace::new().expect("one was made before");
        let mut parts = self.parts.lock().expect("nothing panics here");
        parts.push(namespace.clone());
        namespace
    }
}

fn is_there(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// Waits until something is so.
#[track_caller]
fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "{what}: not in {PATIENCE:?}");
        thread::sleep(LOOK_AGAIN);
    }
}
