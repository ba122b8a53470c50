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

fn register(graph: &mut CompositionGraph, name: &str, bytes: &[u8]) -> Result<PackageId> {
    let package = Package::from_bytes(name, None, bytes.to_vec(), graph.types_mut())
        .map_err(|e| Error::msg(format!("{name}: {e:#}")))?;
    graph
        .register_package(package)
        .map_err(|e| Error::msg(format!("{name}: {e}")))
}
