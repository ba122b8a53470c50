//! `datagrant componentize`: what `wasm-tools component embed` and `component new --adapt` do, with the contract at hand.

pub mod world;

use crate::{component, options, told};
use anyhow::{Context, Result, anyhow};
use std::fs;
use std::path::Path;
use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

/// What `wit-bindgen` leaves in a module, to say its world.
const METADATA: &str = "component-type";

/// Makes the component, and writes it.
pub fn componentize(options: &options::Componentize) -> Result<()> {
    let path = &options.module;
    let module = component::read_module(path)?;
    let shape = Shape::read(&module).map_err(|e| invalid(path, &e.into()))?;
    let world = match (&options.wit, &options.world) {
        (Some(folder), Some(name)) => Some(world::own(folder, name)?),
        _ if shape.says_its_world => None,
        _ => Some(shape.world(path)?),
    };
    let component = encode(module, world.as_ref(), shape.adapter()).map_err(|e| invalid(path, &e))?;
    let output = options.output.display();
    fs::write(&options.output, &component).with_context(|| format!("cannot write {output}"))?;
    told::print(&format!("{output}: {} bytes\n", component.len()))
}

fn encode(mut module: Vec<u8>, world: Option<&world::World>, adapter: &[u8]) -> Result<Vec<u8>> {
    if let Some(world) = world {
        world.embed(&mut module)?;
    }
    ComponentEncoder::default()
        .module(&module)?
        .validate(true)
        .adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, adapter)?
        .encode()
}

fn invalid(path: &Path, error: &anyhow::Error) -> anyhow::Error {
    anyhow!(
        "{} cannot be made a component: {}",
        path.display(),
        component::one_line(error)
    )
}

/// What there is to know of a module.
#[derive(Default)]
struct Shape {
    exports: Vec<String>,
    says_its_world: bool,
}

impl Shape {
    fn read(module: &[u8]) -> wasmparser::Result<Shape> {
        let mut shape = Shape::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ExportSection(section) => {
                    for export in section {
                        shape.exports.push(export?.name.to_owned());
                    }
                }
                Payload::CustomSection(section) => shape.says_its_world |= section.name().starts_with(METADATA),
                _ => {}
            }
        }
        Ok(shape)
    }

    fn exports(&self, name: &str) -> bool {
        self.exports.iter().any(|export| export == name)
    }

    /// The world of the contract that it is of.
    fn world(&self, path: &Path) -> Result<world::World> {
        if self.exports("datagrant:dgram/handler@0.1.0#step") {
            world::of_the_contract("service")
        } else if self.exports("wasi:cli/run@0.2.0#run") {
            world::of_the_contract("command")
        } else if self.exports("_start") {
            world::of_the_contract("program")
        } else {
            let exports = match self.exports.is_empty() {
                true => "nothing".to_owned(),
                false => self.exports.join(", "),
            };
            Err(anyhow!(
                "{} is neither a command nor a service: it exports {exports}, and no _start, wasi:cli/run@0.2.0#run or \
                 datagrant:dgram/handler@0.1.0#step; for a contract of your own say --wit and --world",
                path.display()
            ))
        }
    }

    /// WASI preview 1 on WASI 0.2: the one that calls `_start`, or the one that does not.
    fn adapter(&self) -> &'static [u8] {
        match self.exports("_start") {
            true => WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER,
            false => WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
        }
    }
}
