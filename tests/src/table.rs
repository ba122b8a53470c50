//! A table of what ran, printed when all has ended: std's test harness tells no such thing.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

/// What came of one test.
#[derive(Clone, Debug)]
pub struct Cell {
    text: &'static str,
    notes: Vec<String>,
}

impl Cell {
    /// As it should be.
    #[must_use]
    pub fn ok() -> Self {
        Self::noted("ok", [])
    }

    /// Other than it should be.
    #[must_use]
    pub fn failed() -> Self {
        Self::noted("FAIL", [])
    }

    /// Something that has reasons.
    pub fn noted(text: &'static str, notes: impl IntoIterator<Item = String>) -> Self {
        let notes = notes.into_iter().collect();
        Self { text, notes }
    }
}

/// Rows, and columns in groups.
#[derive(Debug)]
pub struct Table {
    title: &'static str,
    rows: Vec<&'static str>,
    groups: Vec<(&'static str, Vec<&'static str>)>,
    cells: Mutex<BTreeMap<Place, Cell>>,
}

/// Row, group, column.
type Place = (&'static str, &'static str, &'static str);

impl Table {
    /// An empty one, with a column of each name in each group.
    pub fn new(
        title: &'static str,
        rows: impl IntoIterator<Item = &'static str>,
        groups: impl IntoIterator<Item = &'static str>,
        columns: &[&'static str],
    ) -> Self {
        Self {
            title,
            rows: rows.into_iter().collect(),
            groups: groups.into_iter().map(|group| (group, columns.to_vec())).collect(),
            cells: Mutex::default(),
        }
    }

    /// Fills a cell.
    pub fn put(&self, place: Place, cell: Cell) {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        cells.insert(place, cell);
    }

    /// Prints the rows and groups in which something ran, and the reasons.
    pub fn print(&self) {
        let cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        if cells.is_empty() {
            return;
        }
        let mut rows = self.rows.clone();
        rows.retain(|row| cells.keys().any(|(of, ..)| of == row));
        let mut groups = self.groups.clone();
        groups.retain(|(group, _)| cells.keys().any(|(_, of, _)| of == group));

        let is_grouped = groups.iter().any(|(group, _)| !group.is_empty());
        let mut notes: Vec<&str> = vec![];
        let mut lines = vec![vec![String::new()], vec![String::new()]];
        for (group, columns) in &groups {
            lines[0].push(format!("| {group}"));
            lines[0].extend(columns.iter().skip(1).map(|_| String::new()));
            lines[1].extend(marked(columns.iter().map(|column| (*column).to_owned())));
        }
        for row in rows {
            let mut line = vec![row.to_owned()];
            for (group, columns) in &groups {
                let texts = columns.iter().map(|column| match cells.get(&(row, group, column)) {
                    Some(cell) => cell.text.to_owned() + &numbers(&mut notes, &cell.notes),
                    None => String::new(),
                });
                line.extend(marked(texts));
            }
            lines.push(line);
        }
        let lines = if is_grouped { &lines[..] } else { &lines[1..] };
        let mut text = format!("{}\n\n{}\n", self.title, aligned(lines, is_grouped));
        for (place, note) in notes.iter().enumerate() {
            text += &format!("({}) {note}\n", place + 1);
        }
        // Who has gone reads nothing.
        let _ = writeln!(io::stdout(), "{text}");
    }
}

/// The first of a group has a bar before it.
fn marked(texts: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    texts
        .enumerate()
        .map(|(place, text)| format!("{}{text}", if place == 0 { "| " } else { "" }))
}

/// Where the reasons stand, as `(1)(2)`.
fn numbers<'a>(all: &mut Vec<&'a str>, notes: &'a [String]) -> String {
    let number = |note: &'a String| {
        let place = all.iter().position(|other| other == note).unwrap_or_else(|| {
            all.push(note);
            all.len() - 1
        });
        format!("({})", place + 1)
    };
    notes.iter().map(number).collect()
}

/// Each column as wide as it needs to be; the headings of groups, in a first line, reach over several.
fn aligned(lines: &[Vec<String>], is_grouped: bool) -> String {
    let first = usize::from(is_grouped);
    let width_of = |column: usize| lines[first..].iter().map(|line| line[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..lines[0].len()).map(width_of).collect();
    let mut text = String::new();
    for line in lines {
        let mut out = String::new();
        let mut wanted = 0;
        for (cell, width) in line.iter().zip(&widths) {
            // A heading that is longer than its column goes on above the next one.
            let place = out.len().max(wanted);
            if !cell.is_empty() {
                out += &" ".repeat(place - out.len());
                out += cell;
            }
            wanted += width + 2;
        }
        text += out.trim_end();
        text.push('\n');
    }
    text
}
