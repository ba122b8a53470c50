//! Joining two components, as `wac plug` does.

use anyhow::{Result, anyhow};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, PackageId};

/// `socket` with what `plug` exports in place of what it imports: `wac plug socket.wasm --plug plug.wasm`.
pub fn plug(socket: &[u8], plug: &[u8]) -> Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let plug = register(&mut graph, "datagrant:plug", plug)?;
    let socket = register(&mut graph, "datagrant:socket", socket)?;
    wac_graph::plug(&mut graph, vec![plug], socket).map_err(anyhow::Error::from)?;
    Ok(graph.encode(EncodeOptions::default())?)
}

fn register(graph: &mut CompositionGraph, name: &str, bytes: &[u8]) -> Result<PackageId> {
    let package =
        Package::from_bytes(name, None, bytes.to_vec(), graph.types_mut()).map_err(|error| anyhow!("{error:#}"))?;
    Ok(graph.register_package(package)?)
}
