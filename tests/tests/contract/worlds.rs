//! The worlds are what providers, middlewares and guests rely on.

use crate::package::Contract;
use std::collections::BTreeSet;
use wit_parser::{TypeDefKind, WorldItem};

const ALL: [&str; 7] = ["sockets", "bursts", "name-lookup", "zones", "granted", "wait", "poll"];

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(String::from).collect()
}

#[test]
fn providers_and_middlewares_export_the_whole_contract() {
    let contract = Contract::read();
    let with_ready = set(ALL.into_iter().chain(["ready"]));
    for (world, exports) in [
        ("provider", set(ALL)),
        ("middleware", set(ALL)),
        ("async-provider", with_ready.clone()),
        ("async-middleware", with_ready),
    ] {
        assert_eq!(
            contract.names(&contract.world(world).exports),
            exports,
            "exports of world {world}"
        );
    }
}

#[test]
fn providers_import_values_and_pollables_alone() {
    let contract = Contract::read();
    for world in ["provider", "async-provider"] {
        let imports = contract.names(&contract.world(world).imports);
        assert_eq!(
            imports,
            set(["types", "wasi:io/poll@0.2.0"]),
            "imports of world {world}"
        );
    }
}

#[test]
fn middlewares_import_what_they_export() {
    let contract = Contract::read();
    for world in ["middleware", "async-middleware"] {
        let world_ = contract.world(world);
        let (imports, exports) = (contract.names(&world_.imports), contract.names(&world_.exports));
        let missing: Vec<&String> = exports.difference(&imports).collect();
        assert!(missing.is_empty(), "world {world} exports {missing:?}: import it too");
    }
}

#[test]
fn every_world_imports_the_types_and_none_exports_them() {
    let contract = Contract::read();
    for (name, world) in contract.worlds() {
        assert!(
            !contract.names(&world.exports).contains("types"),
            "world {name} exports types: import it only"
        );
        assert!(
            contract.names(&world.imports).contains("types"),
            "world {name} does not import types"
        );
    }
}

/// An async function anywhere breaks both JavaScript toolchains, a pollable breaks QuickJS.
#[test]
fn what_a_plain_guest_imports_holds_no_async_function_and_no_pollable() {
    let contract = Contract::read();
    for world in ["imports", "service"] {
        for item in contract.world(world).imports.values() {
            let WorldItem::Interface { id, .. } = item else {
                continue;
            };
            let interface = &contract.resolve.interfaces[*id];
            let name = contract.interface_name(*id);
            for function in interface.functions.values() {
                assert!(
                    !function.kind.is_async(),
                    "world {world}: {name}.{} is async: move it",
                    function.name
                );
            }
            assert!(
                !interface.types.contains_key("pollable"),
                "world {world}: {name} holds pollables: move what needs them to the interface poll"
            );
        }
    }
}

#[test]
fn values_live_in_types_and_types_holds_no_resource() {
    let contract = Contract::read();
    let types = contract.interface("types");
    assert!(
        types.functions.is_empty(),
        "types holds functions: it is for values only"
    );
    for (name, def) in contract.own_types(types) {
        assert!(
            !matches!(def.kind, TypeDefKind::Resource),
            "types.{name} is a resource: move it"
        );
    }
}
