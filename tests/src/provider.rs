//! The providers of the contract, and a program joined with each.

use crate::engine::engine;
use crate::{ADAPTER, FAULTS, FIREWALL, MIDDLEWARE, MIDDLEWARE_ASYNC, compose};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use wasmtime::component::Component;
use wasmtime::error::Context as _;
use wasmtime::{Result, bail};

/// Who answers the guest.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Provider {
    /// The host crate, with grants and nothing else of the network.
    Native,
    /// The adapter, over stock wasmtime-wasi with everything of the network.
    Adapter,
    /// The adapter, over the host crate's `wasi:sockets`.
    AdapterOverNative,
    /// None: stock wasmtime-wasi with everything of the network, for programs that know nothing of the contract.
    Stock,
    /// The pass-through middleware, over the host crate.
    MiddlewareOverNative,
    /// The pass-through middleware with `ready`, over the host crate.
    AsyncMiddlewareOverNative,
    /// The pass-through middleware, over the adapter.
    MiddlewareOverAdapter,
    /// The firewall without a rule, over the host crate.
    FirewallOverNative,
    /// The faults, at work and without one that comes to pass, over the host crate.
    FaultsOverNative,
}

impl Provider {
    /// The name under which a guest knows it. A middleware changes nothing, so it has none.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Native
            | Self::MiddlewareOverNative
            | Self::AsyncMiddlewareOverNative
            | Self::FirewallOverNative
            | Self::FaultsOverNative => "native",
            Self::Adapter | Self::AdapterOverNative | Self::MiddlewareOverAdapter => "adapter",
            Self::Stock => "stock",
        }
    }

    /// Whether the host crate is in the host, and stock sockets cannot be reached.
    pub(crate) fn is_native(self) -> bool {
        self.name() == "native" || self == Self::AdapterOverNative
    }

    /// Whether names are looked up by the system: nothing of ours is in the host.
    #[must_use]
    pub fn asks_the_system(self) -> bool {
        !self.is_native()
    }

    fn plugs(self) -> &'static [&'static str] {
        match self {
            Self::Native | Self::Stock => &[],
            Self::Adapter | Self::AdapterOverNative => &[ADAPTER],
            Self::MiddlewareOverNative => &[MIDDLEWARE],
            Self::AsyncMiddlewareOverNative => &[MIDDLEWARE_ASYNC],
            Self::MiddlewareOverAdapter => &[MIDDLEWARE, ADAPTER],
            Self::FirewallOverNative => &[FIREWALL],
            Self::FaultsOverNative => &[FAULTS],
        }
    }

    /// What its middleware is told.
    fn options(self) -> Option<&'static [(&'static str, &'static str)]> {
        match self {
            Self::FirewallOverNative => Some(&[]),
            // Too seldom to be met; but each datagram goes the way of those that have faults.
            Self::FaultsOverNative => Some(&[("loss", "0.00000000001%")]),
            _ => None,
        }
    }

    /// The program at `path` on this provider, joined and compiled once a process.
    pub(crate) fn component(self, path: &Path) -> Result<Component> {
        type Made = Mutex<HashMap<(PathBuf, Provider), Component>>;
        static MADE: OnceLock<Made> = OnceLock::new();
        let made = MADE.get_or_init(Default::default);
        let key = (path.to_path_buf(), self);
        if let Some(component) = made.lock().expect("nobody panics here").get(&key) {
            return Ok(component.clone());
        }
        let component = self.make(path)?;
        made.lock().expect("nobody panics here").insert(key, component.clone());
        Ok(component)
    }

    fn make(self, path: &Path) -> Result<Component> {
        let mut bytes = fs::read(path).with_context(|| format!("{}", path.display()))?;
        for plug in self.plugs() {
            let plug = fs::read(plug).with_context(|| (*plug).to_owned())?;
            bytes = compose::plug(&bytes, &plug)?;
        }
        if let Some(options) = self.options() {
            bytes = compose::plug(&bytes, &compose::options(options))?;
        }
        let component = Component::new(engine(), bytes).with_context(|| format!("{}", path.display()))?;
        // What does not fit is not plugged and says nothing: it would be an unknown import of the host, later.
        let left = component
            .component_type()
            .imports(engine())
            .map(|(name, _)| name.to_owned())
            .find(|name| name.starts_with("datagrant:dgram/") && !name.starts_with("datagrant:dgram/types@"));
        match left {
            Some(import) if !self.is_native() => {
                bail!("{import} of {} was not plugged", path.display())
            }
            _ => Ok(component),
        }
    }
}
