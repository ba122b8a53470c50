//! The list of rows.

use super::Report;
use crate::stats::Summary;
use std::fmt::Write as _;

impl Report {
    /// A JSON list, a row each. What is missing has `null`s and a reason in `missing`.
    pub fn json(&self) -> String {
        let rows = self.rows.iter().map(|row| {
            let mut text = format!(
                "{{\"work\": {}, \"bytes\": {}, \"family\": {}, \"contestant\": {}",
                string(row.cell.work.name()),
                row.cell.bytes,
                string(row.cell.family.name()),
                string(row.contestant.name())
            );
            let figures = row.outcome.as_ref().ok();
            let mut summary = |name: &str, summary: Option<&Summary>| {
                let value = |of: fn(&Summary) -> f64| summary.map_or("null".to_owned(), |s| number(of(s)));
                let _ = write!(text, ", {}: {}", string(name), value(|s| s.median));
                let quartiles = format!("[{}, {}]", value(|s| s.low), value(|s| s.high));
                let _ = write!(text, ", {}: {quartiles}", string(&format!("{name}_quartiles")));
            };
            summary("cpu_ns", figures.map(|f| &f.cpu_ns));
            summary("to_native", figures.and_then(|f| f.to_native.as_ref()));
            summary("to_node", figures.and_then(|f| f.to_node.as_ref()));
            if row.contestant.is_offload() {
                summary("to_native_offload", figures.and_then(|f| f.to_native_offload.as_ref()));
            }
            summary("wall_ns", figures.map(|f| &f.wall_ns));
            let rate = figures.map_or("null".to_owned(), |f| number(1e9 / f.wall_ns.median));
            let _ = write!(text, ", \"per_second\": {rate}");
            let _ = write!(text, ", \"noisy\": {}", figures.is_some_and(|f| f.is_noisy()));
            if let Err(reason) = &row.outcome {
                let _ = write!(text, ", \"missing\": {}", string(reason));
            }
            text + "}"
        });
        // The other figures have keys of their own: nobody shall take them for a cost of a datagram.
        let extras = self.extras.iter().map(|extra| {
            let value = |of: fn(&Summary) -> f64| extra.outcome.as_ref().map_or("null".to_owned(), |s| number(of(s)));
            let mut text = format!(
                "{{\"work\": {}, \"name\": {}, \"unit\": {}, \"value\": {}, \"value_quartiles\": [{}, {}]",
                string(&extra.kind),
                string(&extra.name),
                string(&extra.unit),
                value(|s| s.median),
                value(|s| s.low),
                value(|s| s.high)
            );
            if let Err(reason) = &extra.outcome {
                let _ = write!(text, ", \"missing\": {}", string(reason));
            }
            text + "}"
        });
        let rows: Vec<String> = rows.chain(extras).collect();
        format!("[\n{}\n]\n", rows.join(",\n"))
    }
}

fn number(value: f64) -> String {
    if value.is_finite() {
        format!("{value:.4}")
    } else {
        "null".to_owned()
    }
}

fn string(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c < ' ' => {
                let _ = write!(quoted, "\\u{:04x}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}
