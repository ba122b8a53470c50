//! The rows of Node's page, `guest/js/tests/node/README.md`: each has its tests, and each test its row.

use crate::tools::sdk;
use std::collections::BTreeSet;
use std::fs;

/// `FILE: NAME` of each test that a file of the table has.
fn tests() -> BTreeSet<String> {
    let folder = fs::read_dir(sdk("tests/node")).expect("a folder of the SDK");
    let files = folder.map(|entry| entry.expect("it can be read").path());
    let of = |file: std::path::PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("text");
        let tests = text
            .lines()
            .filter_map(|line| line.strip_prefix("test('")?.split("', ").next());
        tests.map(|test| format!("{name}: {test}")).collect::<Vec<_>>()
    };
    files
        .filter(|file| file.extension().is_some_and(|e| e == "js"))
        .flat_map(of)
        .collect()
}

#[test]
fn each_row_of_nodes_page_has_its_tests_and_each_test_its_row() {
    let page = fs::read_to_string(sdk("tests/node/README.md")).expect("a file of the SDK");
    let there = tests();
    let mut named = BTreeSet::new();
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, tests] = cells.as_slice() else {
            panic!("two cells a row: {row}");
        };
        for of_file in tests.split("<br>") {
            let (file, names) = of_file
                .split_once(": ")
                .unwrap_or_else(|| panic!("FILE: TEST; TEST in {row}"));
            // A name may have a semicolon of its own.
            let mut rest = names;
            while !rest.is_empty() {
                let is_name = |end: &usize| there.contains(&format!("{}: {}", file.trim_matches('`'), &rest[..*end]));
                let ends = rest.match_indices("; ").map(|(at, _)| at).chain([rest.len()]);
                let end = ends
                    .filter(is_name)
                    .last()
                    .unwrap_or_else(|| panic!("no test of {file} is called as {rest}"));
                named.insert(format!("{}: {}", file.trim_matches('`'), &rest[..end]));
                rest = rest[end..].trim_start_matches("; ");
            }
        }
    }
    let left_out: Vec<_> = there.difference(&named).collect();
    assert!(left_out.is_empty(), "no row names {left_out:#?}");
}
