//! docs/api.md: no empty cell, and what it names is there.

use crate::package::{Contract, assert_none};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use wit_parser::TypeDefKind;

const PAGE: &str = "docs/api.md";
const COLUMNS: [&str; 5] = ["Node", "its behaviour", "WIT", "Rust", "test"];

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

struct Row {
    line: usize,
    cells: Vec<String>,
}

impl Row {
    /// What stands in backticks in a column.
    fn code(&self, column: usize) -> impl Iterator<Item = &str> {
        let cell = self.cells.get(column).map_or("", String::as_str);
        cell.split('`').skip(1).step_by(2)
    }
}

/// The rows of all tables, without headings.
fn rows() -> Vec<Row> {
    let page = read(PAGE);
    let lines = (1..).zip(page.lines()).filter(|(_, line)| line.starts_with('|'));
    let cells = |line: &str| {
        let inside = line.trim_matches('|').replace("\\|", "\u{0}");
        let cells = inside.split('|').map(|cell| cell.trim().replace('\u{0}', "|"));
        cells.collect::<Vec<_>>()
    };
    let rows = lines.map(|(line, text)| Row {
        line,
        cells: cells(text),
    });
    let rows: Vec<Row> = rows
        .filter(|row| row.cells != COLUMNS && row.cells.iter().any(|cell| cell != "---"))
        .collect();
    assert!(rows.len() > 60, "{PAGE} has {} rows", rows.len());
    rows
}

#[test]
fn no_cell_is_empty() {
    let complaint = |row: Row| {
        let whole = row.cells.len() == COLUMNS.len() && row.cells.iter().all(|cell| !cell.is_empty());
        (!whole).then(|| {
            format!(
                "{PAGE}:{}: {COLUMNS:?}, each with something in it: {:?}",
                row.line, row.cells
            )
        })
    };
    assert_none(&rows().into_iter().filter_map(complaint).collect::<Vec<_>>());
}

/// What is wrong with the name of a test, `path.rs::function`.
fn no_test(name: &str) -> Option<String> {
    let Some((path, function)) = name.split_once(".rs::") else {
        return Some(format!("write `path.rs::function`, not `{name}`"));
    };
    let path = format!("{path}.rs");
    if !root().join(&path).is_file() {
        return Some(format!("there is no {path}"));
    }
    let text = read(&path);
    let declared = format!("fn {function}() ");
    let Some(before) = text.split_once(&declared).map(|(before, _)| before) else {
        return Some(format!("{path} has no function {function}"));
    };
    // A conformance program lists its checks; elsewhere tests are marked.
    let listed = text.contains("checks!(") && text.lines().any(|line| line.trim() == format!("{function},"));
    let marked = before
        .rsplit("\n\n")
        .next()
        .is_some_and(|last| last.contains("#[test]"));
    (!listed && !marked).then(|| format!("{function} of {path} is no test"))
}

#[test]
fn each_row_names_tests_that_are_there() {
    let mut complaints = Vec::new();
    for row in rows() {
        if row.code(4).next().is_none() {
            complaints.push(format!("{PAGE}:{}: name a test", row.line));
        }
        let wrong = row.code(4).filter_map(no_test);
        complaints.extend(wrong.map(|what| format!("{PAGE}:{}: {what}", row.line)));
    }
    assert_none(&complaints);
}

/// All that the contract gives a name: functions, types with their cases and fields, parameters.
fn names(contract: &Contract) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = ["list<u8>", "u16", "u32"].map(String::from).into();
    for function in contract.functions() {
        names.extend(function.function.params.iter().map(|param| param.name.clone()));
        names.insert(function.name);
    }
    for (_, interface) in contract.interfaces() {
        for (name, def) in contract.own_types(interface) {
            let parts: Vec<&str> = match &def.kind {
                TypeDefKind::Record(r) => r.fields.iter().map(|f| f.name.as_str()).collect(),
                TypeDefKind::Variant(v) => v.cases.iter().map(|c| c.name.as_str()).collect(),
                TypeDefKind::Enum(e) => e.cases.iter().map(|c| c.name.as_str()).collect(),
                TypeDefKind::Flags(f) => f.flags.iter().map(|f| f.name.as_str()).collect(),
                _ => vec![],
            };
            names.insert(name.to_owned());
            names.extend(parts.iter().map(|part| format!("{name}.{part}")));
            // Error codes and fields are known by themselves.
            if name == "error-code" || matches!(def.kind, TypeDefKind::Record(_)) {
                names.extend(parts.into_iter().map(String::from));
            }
        }
    }
    names
}

#[test]
fn each_name_of_the_contract_is_there() {
    let names = names(&Contract::read());
    // The rights of grants are no names of the contract.
    let rights = ["broadcast", "join", "resolve", "shared"];
    let mut complaints = Vec::new();
    for row in rows() {
        let unknown = row
            .code(2)
            .filter(|name| !names.contains(*name) && !rights.contains(name));
        complaints.extend(unknown.map(|name| format!("{PAGE}:{}: the contract has no {name}", row.line)));
    }
    assert_none(&complaints);
}

/// The sources of the Rust SDK, without tests.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).expect("the sources of the SDK") {
        let path = entry.expect("a folder that can be read").path();
        if path.is_dir() && !path.ends_with("tests") {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&read(path));
        }
    }
}

#[test]
fn each_method_of_the_rust_sdk_is_there() {
    let mut text = String::new();
    sources(&root().join("guest/rust/src"), &mut text);
    let mut complaints = Vec::new();
    for row in rows() {
        for name in row.code(3).filter_map(|code| code.split_once("::")) {
            let (owner, rest) = name;
            let method = rest.split(['(', '.']).next().unwrap_or(rest);
            let declared = [
                format!("pub fn {method}("),
                format!("pub fn {method}<"),
                format!("    {method},"),
            ];
            let known = declared.iter().any(|declared| text.contains(declared.as_str()));
            if !known && !matches!((owner, method), ("Family", _) | ("ErrorKind", _) | (_, "from")) {
                complaints.push(format!("{PAGE}:{}: the SDK has no {owner}::{method}", row.line));
            }
        }
    }
    assert_none(&complaints);
}
