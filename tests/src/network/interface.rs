//! Switches, and what is plugged into them.

use super::{Host, Namespace, wait_until};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A switch: a bridge, in a namespace of its own.
#[derive(Clone, Debug)]
pub struct Switch {
    namespace: Namespace,
    ports: Arc<AtomicU32>,
}

impl Switch {
    pub(super) fn new(namespace: Namespace) -> Switch {
        // It has no business with addresses.
        namespace.sysctl(&[("net.ipv6.conf.default.disable_ipv6", "1")]);
        namespace.ip("link add lan type bridge mcast_snooping 0\n link set lan up");
        Switch {
            namespace,
            ports: Arc::default(),
        }
    }

    #[track_caller]
    pub(super) fn joins(&self, host: &Host, name: &str, addresses: &[&str]) -> Interface {
        let number = self.ports.fetch_add(1, Ordering::Relaxed);
        let port = format!("port{number}");
        // Routers ask for neighbours from it (RFC 4861), and without duplicates to detect, it is there at once.
        let link_local = format!("fe80::{:x}/64", 0x100 + number);
        let has_one = addresses.iter().any(|address| address.starts_with("fe80:"));
        let addresses = addresses.iter().copied().chain((!has_one).then_some(&*link_local));
        let mut lines = format!(
            "link add {name} type veth peer name {port} netns {}\n",
            self.namespace.path()
        );
        for address in addresses {
            lines += &format!("addr add {address} dev {name}\n");
        }
        host.ip(&lines);
        self.namespace.ip(&format!("link set {port} master lan up"));
        let interface = Interface {
            host: host.clone(),
            name: name.to_owned(),
            switch: self.clone(),
            port,
        };
        interface.up();
        interface
    }
}

/// An interface of a host.
#[derive(Clone, Debug)]
pub struct Interface {
    host: Host,
    name: String,
    switch: Switch,
    port: String,
}

impl Interface {
    /// Takes it down. Its addresses stay; routes but those to its own networks go.
    #[track_caller]
    pub fn down(&self) {
        self.set("down");
        // The switch learns it a little later. What comes up before that would look ready, and lose datagrams.
        wait_until("the port is disabled", || self.port_shows("state disabled"));
    }

    /// Brings it up, and waits until it carries datagrams.
    #[track_caller]
    pub fn up(&self) {
        self.set("up");
        wait_until("the interface is up", || shows(&self.host.0, &self.name, "state UP"));
        wait_until("the port forwards", || {
            self.port_shows("state UP") && self.port_shows("state forwarding")
        });
        wait_until("its IPv6 addresses are there", || {
            let said = |args: &str| self.host.0.tell(Command::new("ip").args(args.split(' ')), "");
            let addresses = said(&format!("-6 -oneline address show dev {}", self.name));
            let routes = said(&format!("-6 route show table local type local dev {}", self.name));
            !addresses.contains("tentative") && routes.lines().count() >= addresses.lines().count()
        });
    }

    /// Pulls the cable: the interface stays up, and has no carrier.
    #[track_caller]
    pub fn unplug(&self) {
        self.switch.namespace.ip(&format!("link set {} down", self.port));
        wait_until("the carrier is gone", || shows(&self.host.0, &self.name, "NO-CARRIER"));
    }

    /// The opposite of [`unplug`](Self::unplug).
    #[track_caller]
    pub fn plug(&self) {
        self.switch.namespace.ip(&format!("link set {} up", self.port));
        self.up();
    }

    /// The largest packet that it takes, in bytes, headers of IP included.
    #[track_caller]
    pub fn set_mtu(&self, bytes: u32) {
        self.set(&format!("mtu {bytes}"));
    }

    /// Its index: the scope id of link-local addresses on it.
    #[track_caller]
    pub fn index(&self) -> u32 {
        let shown = show(&self.host.0, &self.name);
        let index = shown.split(':').next().and_then(|index| index.parse().ok());
        index.unwrap_or_else(|| panic!("no index: {shown}"))
    }

    fn port_shows(&self, text: &str) -> bool {
        shows(&self.switch.namespace, &self.port, text)
    }

    #[track_caller]
    fn set(&self, what: &str) {
        self.host.ip(&format!("link set {} {what}", self.name));
    }
}

fn shows(namespace: &Namespace, interface: &str, text: &str) -> bool {
    show(namespace, interface).contains(text)
}

fn show(namespace: &Namespace, interface: &str) -> String {
    namespace.tell(
        Command::new("ip").args(["-details", "-oneline", "link", "show", "dev", interface]),
        "",
    )
}
