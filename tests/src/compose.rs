//! Joining components, as `wac plug` does.

use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, PackageId};
use wasmtime::{Error, Result};

/// `program` with what `plug` exports in place of what it imports: `wac plug program.wasm --plug plug.wasm`.
///
/// # Errors
/// If one of them is no component, or nothing fits. An import that does not fit stays an import.
pub fn plug(program: &[u8], plug: &[u8]) -> Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let plug = register(&mut graph, "test:plug", plug)?;
    let program = register(&mut graph, "test:program", program)?;
    wac_graph::plug(&mut graph, vec![plug], program).map_err(|e| Error::msg(format!("plug: {e}")))?;
    graph
        .encode(EncodeOptions::default())
        .map_err(|e| Error::msg(format!("encode: {e}")))
}

/// A component that tells a middleware these options, written by hand.
///
/// # Panics
/// Never: it is a component.
#[must_use]
pub fn options(options: &[(&str, &str)]) -> Vec<u8> {
    let number = |number: usize| {
        let bytes = (number as u32).to_le_bytes();
        bytes.map(|byte| format!("\\{byte:02x}")).concat()
    };
    let texts: Vec<&str> = options.iter().flat_map(|(name, value)| [*name, *value]).collect();
    // At 8 the list, at 16 its pairs, then the texts.
    let mut data = number(16) + &number(options.len());
    let mut at = 16 + 8 * texts.len();
    for text in &texts {
        data += &(number(at) + &number(text.len()));
        at += text.len();
    }
    data += &texts.concat();
    let component = format!(
        r#"(component
             (core module $knowing
               (memory (export "memory") 1)
               (data (i32.const 8) "{data}")
               (func (export "get") (result i32) (i32.const 8)))
             (core instance $knows (instantiate $knowing))
             (func $get (result (list (tuple string string)))
               (canon lift (core func $knows "get") (memory $knows "memory")))
             (instance $options (export "get" (func $get)))
             (export "datagrant:middleware/options@0.1.0" (instance $options)))"#
    );
    wat::parse_str(component).expect("a component")
}

fn register(graph: &mut CompositionGraph, name: &str, bytes: &[u8]) -> Result<PackageId> {
    let package = Package::from_bytes(name, None, bytes.to_vec(), graph.types_mut())
        .map_err(|e| Error::msg(format!("{name}: {e:#}")))?;
    graph
        .register_package(package)
        .map_err(|e| Error::msg(format!("{name}: {e}")))
}
