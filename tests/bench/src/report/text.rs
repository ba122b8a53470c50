//! The same tables for the terminal and for the page: Markdown that reads well as it is.

use super::Report;
use crate::cell::{Cell, Contestant};
use crate::extra::Extra;
use crate::stats::Summary;
use std::fmt::Write as _;

impl Report {
    /// All tables.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for cell in self.cells() {
            let Cell { work, family, bytes } = cell;
            let _ = write!(
                text,
                "\n{} of {bytes} bytes, {}\n\n{}",
                work.name(),
                family.name(),
                self.table(cell)
            );
        }
        if let Some(share) = self.others {
            let _ = write!(
                text,
                "\nOther programs used {:.0}% of the processors meanwhile.\n",
                share * 100.0
            );
        }
        text + "\n" + &self.extras_table() + "\n" + &self.goals()
    }

    pub(super) fn table(&self, cell: Cell) -> String {
        let head = [
            "contestant",
            "CPU ns",
            "quartiles",
            "to native",
            "quartiles",
            "to Node",
            "per s",
            "",
        ];
        let mut rows = vec![head.map(str::to_owned)];
        let mut notes = Vec::new();
        for &contestant in Contestant::ALL {
            let Some(row) = self.row(cell, contestant) else {
                continue;
            };
            let figures = match &row.outcome {
                Ok(figures) => figures,
                Err(reason) => {
                    notes.push(format!("`{}` is missing: {reason}.", contestant.name()));
                    continue;
                }
            };
            let ratio = |ratio: &Option<Summary>| ratio.as_ref().map_or(String::new(), |r| format!("{:.2}", r.median));
            let noisy = if figures.is_noisy() { "noisy" } else { "" };
            rows.push([
                format!("`{}`", contestant.name()),
                format!("{:.0}", figures.cpu_ns.median),
                format!("{:.0} to {:.0}", figures.cpu_ns.low, figures.cpu_ns.high),
                ratio(&figures.to_native),
                figures
                    .to_native
                    .as_ref()
                    .map_or(String::new(), |r| format!("{:.2} to {:.2}", r.low, r.high)),
                ratio(&figures.to_node),
                rate(figures.wall_ns.median),
                noisy.to_owned(),
            ]);
        }
        let mut table = markdown(&rows);
        for note in notes {
            let _ = write!(table, "\n{note}\n");
        }
        table
    }

    pub(super) fn extras_table(&self) -> String {
        let mut rows = vec![["what", "", "median", "quartiles"].map(str::to_owned)];
        for extra in &self.extras {
            let (median, quartiles) = match &extra.outcome {
                Ok(s) => (
                    extra.value(s.median),
                    format!("{} to {}", extra.value(s.low), extra.value(s.high)),
                ),
                Err(reason) => (format!("missing: {reason}"), String::new()),
            };
            rows.push([extra.kind.clone(), extra.name.clone(), median, quartiles]);
        }
        if rows.len() == 1 {
            String::new()
        } else {
            markdown(&rows)
        }
    }
}

impl Extra {
    fn value(&self, value: f64) -> String {
        match self.unit.as_str() {
            "bytes" => format!("{:.1} KiB", value / 1024.0),
            "times" => format!("{value:.2}"),
            unit => format!("{value:.1} {unit}"),
        }
    }
}

/// Datagrams a second, readable.
fn rate(wall_ns: f64) -> String {
    let rate = 1e9 / wall_ns;
    if rate >= 1e6 {
        format!("{:.2} M", rate / 1e6)
    } else {
        format!("{:.0} k", rate / 1e3)
    }
}

/// A table whose columns stand under each other; the first row is its head.
pub(super) fn markdown<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for (i, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(text, "| {cell:width$} ");
        }
        text += "|\n";
        if i == 0 {
            for width in widths {
                let _ = write!(text, "|-{}-", "-".repeat(width));
            }
            text += "|\n";
        }
    }
    text
}
