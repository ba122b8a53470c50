//! Which imports this program has nothing for: the linker itself is asked, with the component's imports and no code.

use super::shape::{Import, Shape};
use crate::guest::Host;
use crate::{engine, guest};
use anyhow::Result;
use wasmparser::{Parser, Payload};
use wasmtime::component::{Component, Linker, ResourceType};

/// The names of imports that are not offered here, in whole or in part; none if that cannot be said without the rest of the
/// component.
pub fn missing<'a>(bytes: &[u8], shape: &'a Shape) -> Result<Option<Vec<&'a str>>> {
    let engine = engine::asynchronous()?;
    let Ok(component) = Component::from_binary(&engine, &imports_alone(bytes)?) else {
        return Ok(None);
    };
    let mut linker = guest::linker(&engine)?;
    let mut missing = vec![];
    while let Err(error) = linker.instantiate_pre(&component) {
        // The linker tells the first one.
        let error = format!("{:#}", anyhow::Error::from(error));
        let is_told = |import: &&Import| error.contains(&format!("`{}`", import.name));
        let told = shape.imports.iter().find(is_told);
        let Some(import) = told.filter(|import| !missing.contains(&import.name.as_str())) else {
            return Ok(None);
        };
        missing.push(&import.name);
        stand_in(&mut linker, import);
    }
    Ok(Some(missing))
}

/// Puts something in the place of what is missing, so that the next one is told.
fn stand_in(linker: &mut Linker<Host>, import: &Import) {
    let Ok(mut instance) = linker.instance(&import.name) else {
        return;
    };
    // What is there already stays.
    for function in &import.functions {
        let _ = instance.func_new(function, |_, _, _, _| Ok(()));
    }
    for resource in &import.resources {
        let _ = instance.resource(resource, ResourceType::host::<Import>(), |_, _| Ok(()));
    }
}

/// The sections of a component up to its last import, less the code in them.
fn imports_alone(bytes: &[u8]) -> Result<Vec<u8>> {
    let (mut sections, mut end, mut depth) = (vec![], 0, 0);
    for payload in Parser::new(0).parse_all(bytes) {
        let (id, range) = match (payload?, depth) {
            (Payload::CoreTypeSection(section), 0) => (3, section.range()),
            (Payload::ComponentAliasSection(section), 0) => (6, section.range()),
            (Payload::ComponentTypeSection(section), 0) => (7, section.range()),
            (Payload::ComponentImportSection(section), 0) => {
                end = sections.len() + 1;
                (10, section.range())
            }
            (Payload::ModuleSection { .. } | Payload::ComponentSection { .. }, _) => {
                depth += 1;
                continue;
            }
            (Payload::End(_), 1..) => {
                depth -= 1;
                continue;
            }
            _ => continue,
        };
        sections.push((id, &bytes[range]));
    }
    // The preamble of a component.
    let mut alone = b"\0asm\x0d\0\x01\0".to_vec();
    for (id, content) in sections.into_iter().take(end) {
        alone.push(id);
        // Its length, in LEB128.
        let mut length = content.len();
        while length >= 0x80 {
            alone.push(length as u8 | 0x80);
            length >>= 7;
        }
        alone.push(length as u8);
        alone.extend_from_slice(content);
    }
    Ok(alone)
}
