//! Each item is documented, and each function in the order that DESIGN.md asks for.

use crate::package::{Contract, NamedFunction, assert_none, text};
use wit_parser::{Docs, TypeDefKind};

#[test]
fn every_interface_world_and_type_is_documented_with_its_fields_and_cases() {
    let contract = Contract::read();
    let mut complaints = Vec::new();
    let mut check = |what: String, docs: &Docs| {
        if text(docs).is_empty() {
            complaints.push(format!("{what} has no documentation: write `///` above it"));
        }
    };
    check(
        "the package (worlds.wit)".into(),
        &contract.resolve.packages[contract.package].docs,
    );
    for (name, world) in contract.worlds() {
        check(format!("world {name}"), &world.docs);
    }
    for (interface, i) in contract.interfaces() {
        check(format!("interface {interface}"), &i.docs);
        for (name, def) in contract.own_types(i) {
            let name = format!("{interface}.{name}");
            check(name.clone(), &def.docs);
            let mut part = |kind: &str, part: &str, docs: &Docs| check(format!("{kind} {part} of {name}"), docs);
            match &def.kind {
                TypeDefKind::Record(r) => r.fields.iter().for_each(|f| part("field", &f.name, &f.docs)),
                TypeDefKind::Variant(v) => v.cases.iter().for_each(|c| part("case", &c.name, &c.docs)),
                TypeDefKind::Enum(e) => e.cases.iter().for_each(|c| part("case", &c.name, &c.docs)),
                TypeDefKind::Flags(f) => f.flags.iter().for_each(|f| part("flag", &f.name, &f.docs)),
                _ => {}
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_interface_says_since_which_version_it_is_there() {
    let contract = Contract::read();
    let unknown = contract.interfaces().filter(|(_, i)| i.stability.is_unknown());
    let complaints: Vec<String> = unknown
        .map(|(name, _)| format!("interface {name}: write @since above it"))
        .collect();
    assert_none(&complaints);
}

#[test]
fn the_documentation_of_every_function_has_its_parts_in_order() {
    const PARTS: [&str; 3] = ["Departures", "Typical errors", "References"];
    let contract = Contract::read();
    let mut complaints = Vec::new();
    for NamedFunction { name, function } in contract.functions() {
        let mut complain = |what: String| complaints.push(format!("{name}: {what}"));
        let docs = text(&function.docs);
        let summary: Vec<&str> = docs.lines().take_while(|line| !line.is_empty()).collect();
        if summary.len() != 1 || summary[0].starts_with('#') || !summary[0].ends_with('.') {
            complain("begin with a summary of one line that ends in a full stop, and an empty line".into());
        }
        let headings: Vec<&str> = docs.lines().filter_map(|line| line.strip_prefix("# ")).collect();
        let expected: Vec<&str> = PARTS.into_iter().filter(|part| headings.contains(part)).collect();
        if headings != expected {
            complain(format!(
                "headings are {headings:?}; write each once, of and in the order of {PARTS:?}"
            ));
        }
        if !headings.contains(&"References") {
            complain("write `# References` (POSIX, man page, Node, RFC)".into());
        }
        if contract.can_fail(function) && !headings.contains(&"Typical errors") {
            complain("it answers an error-code: write `# Typical errors`, each with its errno".into());
        }
        for heading in headings {
            if bullets(docs, heading).is_empty() {
                complain(format!("`# {heading}` has no line that begins with `- `"));
            }
        }
        for line in bullets(docs, "References")
            .iter()
            .filter(|line| !line.starts_with("<https://"))
        {
            complain(format!("reference `{line}`: write `- <https://...>`"));
        }
    }
    assert_none(&complaints);
}

/// The list under a heading, each item in one line.
fn bullets(docs: &str, heading: &str) -> Vec<String> {
    let section = docs
        .lines()
        .skip_while(|line| line.strip_prefix("# ") != Some(heading))
        .skip(1);
    let mut list: Vec<String> = Vec::new();
    for line in section.take_while(|line| !line.starts_with("# ")) {
        match (line.strip_prefix("- "), list.last_mut()) {
            (Some(item), _) => list.push(item.to_string()),
            (None, Some(item)) => {
                item.push(' ');
                item.push_str(line.trim());
            }
            (None, None) => {}
        }
    }
    list
}

#[test]
fn every_typical_error_is_a_code_of_the_contract_with_its_errno() {
    let contract = Contract::read();
    let codes: Vec<&str> = contract.error_codes().into_iter().map(|(name, _)| name).collect();
    let mut complaints = Vec::new();
    for NamedFunction { name, function } in contract.functions() {
        for error in bullets(text(&function.docs), "Typical errors") {
            let (told, _) = error.split_once(": ").unwrap_or((&error, ""));
            let known = told.split(", ").all(|code| codes.contains(&code.trim_matches('`')));
            if !known || !told.starts_with('`') {
                complaints.push(format!(
                    "{name}: `- {error}`: begin with codes of error-code and a colon"
                ));
            }
            if !names_an_errno(&error) {
                complaints.push(format!("{name}: `- {error}`: name the errno, as in (EINVAL)"));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_error_code_names_its_errno() {
    let contract = Contract::read();
    let codes = contract.error_codes();
    let nameless = codes
        .into_iter()
        .filter(|(_, docs)| !names_an_errno(text(docs)) && !text(docs).contains("errno"));
    let complaints: Vec<String> = nameless
        .map(|(name, _)| format!("error-code {name}: name its errno, as in (EINVAL)"))
        .collect();
    assert_none(&complaints);
}

/// Whether it names an errno: EACCES, EAI_NONAME.
fn names_an_errno(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words
        .into_iter()
        .any(|w| w.len() > 3 && w.starts_with('E') && w.chars().all(|c| !c.is_ascii_lowercase()))
}
