//! The contract in `wit/` holds together: it resolves, each item is documented, the worlds are what is relied on, and the
//! README's tables agree with it. What fails says which item, and what to write.

#[path = "contract/api.rs"]
mod api;
#[path = "contract/documentation.rs"]
mod documentation;
#[path = "contract/package.rs"]
mod package;
#[path = "contract/worlds.rs"]
mod worlds;

use package::{Contract, assert_none, readme, text};

#[test]
fn the_package_parses_and_resolves() {
    let contract = Contract::read();
    let name = &contract.resolve.packages[contract.package].name;
    assert_eq!(name.to_string(), "datagrant:dgram@0.1.0");
}

#[test]
fn every_function_has_one_row_in_the_tables_of_the_readme() {
    let contract = Contract::read();
    let readme = readme();
    let section = readme
        .split("\n## ")
        .find(|section| section.starts_with("What each function does"));
    let section = section.expect("wit/README.md has a section `## What each function does`");
    let rows: Vec<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let functions: Vec<String> = contract.functions().into_iter().map(|f| f.name).collect();
    let mut complaints = Vec::new();
    for name in &functions {
        let count = rows.iter().filter(|row| *row == name).count();
        if count != 1 {
            complaints.push(format!(
                "README.md has {count} rows for {name}: write one that begins with | `{name}` |"
            ));
        }
    }
    for row in rows.iter().filter(|row| !functions.iter().any(|name| name == *row)) {
        complaints.push(format!(
            "README.md has a row for {row}, which is no function of the contract"
        ));
    }
    assert_none(&complaints);
}

/// The rows of the burst header table: offset, size, field.
fn header_rows(text: &str) -> Vec<&str> {
    let table = text
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "| offset | size | field |");
    table.skip(2).take_while(|line| line.starts_with('|')).collect()
}

#[test]
fn the_burst_header_table_is_the_same_in_contract_and_readme_and_has_no_gaps() {
    let contract = Contract::read();
    let readme = readme();
    let rows = header_rows(text(&contract.interface("bursts").docs));
    assert_eq!(
        header_rows(&readme),
        rows,
        "README.md (left) and bursts in sockets.wit (right)"
    );
    let mut end = 0;
    for row in &rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let number = |cell: &str| -> u32 { cell.parse().expect("offset and size are numbers") };
        let (offset, size) = (number(cells[1]), number(cells[2]));
        assert_eq!(offset, end, "a gap or an overlap before `{row}`");
        end += size;
    }
    assert_eq!(end, 64, "a header with packet info has 64 bytes");
}
