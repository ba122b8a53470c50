//! Worlds, and how a module is told its own.

use anyhow::{Context, Result};
use std::path::Path;
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, SourceMap, WorldId};

/// The worlds that modules of the contract are of. Only what a module imports ends in the component.
const WORLDS: &str = "
    package datagrant:modules;
    /// A command whose `_start` the adapter calls.
    world program { include datagrant:dgram/poll-imports@0.1.0; }
    /// A command that exports `run` itself.
    world command { include program; export wasi:cli/run@0.2.0; }
    world service { include program; export datagrant:dgram/handler@0.1.0; }
";

/// The contract, with what it depends on before it.
const CONTRACT: [&[(&str, &str)]; 3] = [
    &[("io/poll.wit", include_str!("../../../../wit/deps/io/poll.wit"))],
    &[("cli/run.wit", include_str!("../../../../wit/deps/cli/run.wit"))],
    &[
        ("async.wit", include_str!("../../../../wit/async.wit")),
        ("poll.wit", include_str!("../../../../wit/poll.wit")),
        ("sockets.wit", include_str!("../../../../wit/sockets.wit")),
        ("types.wit", include_str!("../../../../wit/types.wit")),
        ("wait.wit", include_str!("../../../../wit/wait.wit")),
        ("worlds.wit", include_str!("../../../../wit/worlds.wit")),
    ],
];

/// A world, with all that it refers to.
pub struct World {
    resolve: Resolve,
    id: WorldId,
}

impl World {
    /// Writes it into a module, where whoever makes a component of that looks for it.
    pub fn embed(&self, module: &mut Vec<u8>) -> Result<()> {
        embed_component_metadata(module, &self.resolve, self.id, StringEncoding::UTF8)
    }
}

/// A world that modules of the contract are of.
pub fn of_the_contract(name: &str) -> Result<World> {
    beside_the_contract(&[WORLDS], name)
}

/// A world of packages that may refer to the contract, and to those before them: one of the last.
pub fn beside_the_contract(packages: &[&str], name: &str) -> Result<World> {
    let mut resolve = contract()?;
    let pushed = packages.iter().map(|text| resolve.push_source("beside.wit", text));
    let packages = pushed.collect::<Result<Vec<_>>>()?;
    let id = resolve.select_world(&packages[packages.len() - 1..], Some(name))?;
    Ok(World { resolve, id })
}

/// A world of somebody's own: a folder of WIT, with what it depends on in `deps`, as ever.
pub fn own(folder: &Path, name: &str) -> Result<World> {
    let mut resolve = Resolve::default();
    let cannot_read = || format!("cannot read the WIT in {}", folder.display());
    let (package, _) = resolve.push_path(folder).with_context(cannot_read)?;
    let id = resolve
        .select_world(&[package], Some(name))
        .with_context(|| format!("{} has no such world", folder.display()))?;
    Ok(World { resolve, id })
}

fn contract() -> Result<Resolve> {
    let mut resolve = Resolve::default();
    for package in CONTRACT {
        let mut map = SourceMap::default();
        for (path, text) in package {
            map.push_str(path, *text);
        }
        let group = map.parse().map_err(|(_, error)| error)?;
        resolve.push_group(group)?;
    }
    Ok(resolve)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_world_is_one() {
        for name in ["program", "command", "service"] {
            of_the_contract(name).unwrap();
        }
    }
}
