//! The list of rows.

use super::Report;
use crate::measure::{Figures, Row};
use crate::stats::Summary;
use serde_json::{Value, json};

impl Report {
    /// A JSON list, a row for each contestant of each work that was measured. What is missing, and why, is told on stderr
    /// and on the page, as are the figures that are no cost of a datagram.
    pub fn json(&self) -> String {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .filter_map(|row| Some(json_row(row, row.figures()?)))
            .collect();
        format!("{:#}\n", Value::from(rows))
    }
}

fn json_row(row: &Row, figures: &Figures) -> Value {
    let median = |summary: &Option<Summary>| summary.as_ref().map(|s| s.median);
    let quartiles = |summary: &Summary| [summary.low, summary.high];
    json!({
        "work": row.cell.work.name(),
        "bytes": row.cell.bytes,
        "family": row.cell.family.name(),
        "contestant": row.contestant.name(),
        "cpu_ns": figures.cpu_ns.median,
        "cpu_ns_quartiles": quartiles(&figures.cpu_ns),
        "to_native": median(&figures.to_native),
        "to_native_quartiles": figures.to_native.as_ref().map(quartiles),
        "to_native_offload": median(&figures.to_native_offload),
        "to_node": median(&figures.to_node),
        "to_node_quartiles": figures.to_node.as_ref().map(quartiles),
        "to_wasmtime_wasi": median(&figures.to_wasmtime_wasi),
        "wall_ns": figures.wall_ns.median,
        "per_second": 1e9 / figures.wall_ns.median,
        "noisy": figures.is_noisy(),
    })
}
