//! The package in `wit/`, resolved, and what the tests ask of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use wit_parser::{
    Docs, Function, Interface, InterfaceId, PackageId, Resolve, Type, TypeDef, TypeDefKind, TypeId, World, WorldItem,
    WorldKey,
};

pub(crate) fn wit() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../wit"))
}

pub(crate) fn readme() -> String {
    fs::read_to_string(wit().join("README.md")).expect("wit/README.md can be read")
}

/// The package, resolved with its vendored dependencies.
pub(crate) struct Contract {
    pub(crate) resolve: Resolve,
    pub(crate) package: PackageId,
}

/// A function, with the name that the README's tables use: `socket.bind`, `zones.index`.
pub(crate) struct NamedFunction<'a> {
    pub(crate) name: String,
    pub(crate) function: &'a Function,
}

impl Contract {
    pub(crate) fn read() -> Contract {
        let mut resolve = Resolve::default();
        let (package, _) = resolve
            .push_dir(wit())
            .unwrap_or_else(|e| panic!("wit/ does not resolve: {e:?}"));
        Contract { resolve, package }
    }

    pub(crate) fn interfaces(&self) -> impl Iterator<Item = (&str, &Interface)> {
        let interfaces = &self.resolve.packages[self.package].interfaces;
        interfaces
            .iter()
            .map(|(name, &id)| (name.as_str(), &self.resolve.interfaces[id]))
    }

    pub(crate) fn interface(&self, name: &str) -> &Interface {
        self.interfaces()
            .find(|(n, _)| *n == name)
            .map(|(_, i)| i)
            .unwrap_or_else(|| panic!("wit/ has no interface {name}"))
    }

    pub(crate) fn world(&self, name: &str) -> &World {
        let worlds = &self.resolve.packages[self.package].worlds;
        worlds
            .get(name)
            .map(|&id| &self.resolve.worlds[id])
            .unwrap_or_else(|| panic!("wit/ has no world {name}"))
    }

    pub(crate) fn worlds(&self) -> impl Iterator<Item = (&str, &World)> {
        let worlds = &self.resolve.packages[self.package].worlds;
        worlds
            .iter()
            .map(|(name, &id)| (name.as_str(), &self.resolve.worlds[id]))
    }

    pub(crate) fn functions(&self) -> Vec<NamedFunction<'_>> {
        let mut list = Vec::new();
        for (interface, i) in self.interfaces() {
            for function in i.functions.values() {
                let resource = function
                    .kind
                    .resource()
                    .and_then(|id| self.resolve.types[id].name.as_deref());
                let name = format!("{}.{}", resource.unwrap_or(interface), function.item_name());
                list.push(NamedFunction { name, function });
            }
        }
        list
    }

    /// The types that an interface defines, without those that it takes from another one by `use`.
    pub(crate) fn own_types<'a>(&'a self, interface: &'a Interface) -> impl Iterator<Item = (&'a str, &'a TypeDef)> {
        let all = interface
            .types
            .iter()
            .map(|(name, &id)| (name.as_str(), &self.resolve.types[id]));
        all.filter(|(_, def)| match def.kind {
            TypeDefKind::Type(Type::Id(aliased)) => self.resolve.types[aliased].owner == def.owner,
            _ => true,
        })
    }

    /// What `result<_, error-code>` looks like here; `send-report` holds an error code too.
    pub(crate) fn can_fail(&self, function: &Function) -> bool {
        let Some(Type::Id(id)) = function.result else {
            return false;
        };
        let def = &self.resolve.types[id];
        match &def.kind {
            TypeDefKind::Result(result) => {
                matches!(result.err, Some(Type::Id(e)) if self.is_named(e, "error-code"))
            }
            _ => self.is_named(id, "send-report"),
        }
    }

    pub(crate) fn is_named(&self, id: TypeId, name: &str) -> bool {
        self.resolve.types[id].name.as_deref() == Some(name)
    }

    pub(crate) fn error_codes(&self) -> Vec<(&str, &Docs)> {
        let id = self.interface("types").types["error-code"];
        let TypeDefKind::Enum(codes) = &self.resolve.types[id].kind else {
            panic!("types.error-code is no enum")
        };
        codes
            .cases
            .iter()
            .map(|case| (case.name.as_str(), &case.docs))
            .collect()
    }

    /// The names of what a world imports or exports; interfaces of other packages with their package.
    pub(crate) fn names<'a>(&self, items: impl IntoIterator<Item = (&'a WorldKey, &'a WorldItem)>) -> BTreeSet<String> {
        let name = |(key, item): (&WorldKey, &WorldItem)| match (key, item) {
            (_, WorldItem::Interface { id, .. }) => self.interface_name(*id),
            (WorldKey::Name(name), _) => name.clone(),
            (WorldKey::Interface(id), _) => self.interface_name(*id),
        };
        items.into_iter().map(name).collect()
    }

    pub(crate) fn interface_name(&self, id: InterfaceId) -> String {
        let interface = &self.resolve.interfaces[id];
        let own = interface.package == Some(self.package);
        let name = if own {
            interface.name.clone()
        } else {
            self.resolve.id_of(id)
        };
        name.unwrap_or_default()
    }
}

pub(crate) fn text(docs: &Docs) -> &str {
    docs.contents.as_deref().unwrap_or_default().trim()
}

/// Fails with all complaints at once, so that one run shows all there is to write.
#[track_caller]
pub(crate) fn assert_none(complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "{} to mend:\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}
