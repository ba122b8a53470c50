//! The results: on the terminal, as JSON, as a page and a picture.

mod goals;
mod json;
mod page;
mod picture;
mod text;

use crate::cell::{Cell, Contestant};
use crate::extra::Extra;
use crate::machine::Machine;
use crate::measure::{Figures, Row};
use std::time::Duration;

/// All that was measured, and where.
pub struct Report {
    pub machine: Machine,
    pub rows: Vec<Row>,
    pub extras: Vec<Extra>,
    pub rounds: usize,
    pub milliseconds: u128,
    pub took: Duration,
    /// What other programs used of all processors meanwhile, as a share.
    pub others: Option<f64>,
    pub command: &'static str,
}

impl Report {
    /// The cells that were measured, in order.
    fn cells(&self) -> Vec<Cell> {
        let mut cells: Vec<Cell> = self.rows.iter().map(|row| row.cell).collect();
        cells.dedup();
        cells
    }

    fn row(&self, cell: Cell, contestant: Contestant) -> Option<&Row> {
        self.rows
            .iter()
            .find(|row| row.cell == cell && row.contestant == contestant)
    }
}

impl Row {
    fn figures(&self) -> Option<&Figures> {
        self.outcome.as_ref().ok()
    }
}

impl Figures {
    /// Whether the figure that counts says little: the ratio, in which the machine's noise is cancelled, or else the cost.
    fn is_noisy(&self) -> bool {
        self.to_native.as_ref().unwrap_or(&self.cpu_ns).is_noisy()
    }
}
