//! What the operator reads.

use crate::grants::Denial;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// The most lines of one run: a guest that tries again and again must not drown the operator's other lines.
const MAX_LINES: usize = 100;

/// Tells of a refusal, once.
pub fn refused(denial: &Denial) {
    static TOLD: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let fixes: Vec<String> = denial
        .fixes()
        .iter()
        .map(|(right, pattern)| format!("allow-{right}={pattern}"))
        .collect();
    let mend = match fixes.as_slice() {
        [] => String::new(),
        fixes => format!("; to allow it: {}", fixes.join(",")),
    };
    let line = format!("{denial}{mend}");
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let lines = told.get_or_insert_default();
    if lines.len() < MAX_LINES && !lines.contains(&line) {
        eprintln!("firewall: refused: {line}");
        lines.insert(line);
        if lines.len() == MAX_LINES {
            eprintln!("firewall: what else is refused is not told");
        }
    }
}
