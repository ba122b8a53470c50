//! Reading audit files.

use serde_json::Value;
use std::fs;
use std::path::Path;

/// The lines of an audit file.
#[track_caller]
pub fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line:?}: {e}"));
    text.lines().map(read).collect()
}

/// Each decision of an audit file, once, in the order of the first lines: worker, operation, subject, verdict, reason,
/// rules and needs; and how often it was taken.
#[track_caller]
pub fn decisions(path: &Path) -> Vec<(String, u64)> {
    let mut decisions: Vec<(String, u64)> = vec![];
    for line in lines(path).iter().filter(|line| line["event"] == "decision") {
        let text = |key: &str| {
            line[key]
                .as_str()
                .unwrap_or_else(|| panic!("no {key}: {line}"))
                .to_owned()
        };
        let list = |key: &str| {
            let list = line[key]
                .as_array()
                .unwrap_or_else(|| panic!("no {key}: {line}"))
                .iter();
            list.filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        };
        let decision = format!(
            "{} {} {}: {} {} [{}] [{}]",
            line["worker"],
            text("operation"),
            text("subject"),
            text("verdict"),
            text("reason"),
            list("rules"),
            list("needs")
        );
        let count = line["count"].as_u64().unwrap_or_else(|| panic!("no count: {line}"));
        match decisions.iter_mut().find(|(other, _)| *other == decision) {
            Some((_, sum)) => *sum += count,
            None => decisions.push((decision, count)),
        }
    }
    decisions
}
