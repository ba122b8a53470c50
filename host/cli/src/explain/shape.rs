//! What a component imports and exports. It is parsed, and not compiled.

use anyhow::{Result, anyhow};
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType};
use wasmparser::types::TypesRef;
use wasmparser::{Parser, Payload, ValidPayload, Validator, WasmFeatures};

#[derive(Debug, Default)]
pub struct Shape {
    pub imports: Vec<Import>,
    /// The names.
    pub exports: Vec<String>,
}

/// An interface that is imported, or whatever else.
#[derive(Debug)]
pub struct Import {
    /// With its version: `datagrant:dgram/sockets@0.1.0`.
    pub name: String,
    /// The functions of it that are imported, methods too: `[method]socket.bind`.
    pub functions: Vec<String>,
    /// Its resources: `socket`.
    pub resources: Vec<String>,
}

impl Shape {
    pub fn read(bytes: &[u8]) -> Result<Shape> {
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        let (mut imports, mut exports) = (vec![], vec![]);
        let mut depth = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            let last = depth == 0 && matches!(payload, Payload::End(_));
            match (&payload, depth) {
                (Payload::ComponentImportSection(section), 0) => {
                    for import in section.clone() {
                        imports.push(import?.name.name.to_owned());
                    }
                }
                (Payload::ComponentExportSection(section), 0) => {
                    for export in section.clone() {
                        exports.push(export?.name.name.to_owned());
                    }
                }
                (Payload::ModuleSection { .. } | Payload::ComponentSection { .. }, _) => depth += 1,
                (Payload::End(_), 1..) => depth -= 1,
                _ => {}
            }
            // Types of imports refer to each other. The bodies of functions are nobody's business here.
            if let (ValidPayload::End(types), true) = (validator.payload(&payload)?, last) {
                let import = |name: String| import(types.as_ref(), name);
                return Ok(Shape {
                    imports: imports.into_iter().map(import).collect(),
                    exports,
                });
            }
        }
        Err(anyhow!("it ends too early"))
    }
}

fn import(types: TypesRef<'_>, name: String) -> Import {
    let (mut functions, mut resources) = (vec![], vec![]);
    if let Some(ComponentEntityType::Instance(id)) = types.component_item_for_import(&name).map(|item| item.ty) {
        for (name, item) in &types[id].exports {
            match item.ty {
                ComponentEntityType::Func(_) => functions.push(name.clone()),
                ComponentEntityType::Type {
                    created: ComponentAnyTypeId::Resource(_),
                    ..
                } => resources.push(name.clone()),
                _ => {}
            }
        }
    }
    Import {
        name,
        functions,
        resources,
    }
}
