//! The Markdown files of the repository do not send their readers nowhere.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Every Markdown file below `folder`, without what is built, fetched or hidden.
fn markdown_files(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            if !name.starts_with('.') && !matches!(&*name, "target" | "node_modules") {
                markdown_files(&entry.path(), found)?;
            }
        } else if name.ends_with(".md") {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// The lines outside of code blocks, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !fence && !in_code
    })
}

/// The targets of `[text](target)` and `![text](target "title")` in a line.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let after = line.split("](").skip(1);
    after.filter_map(|rest| rest.split(')').next()?.split_whitespace().next())
}

/// The anchors of a file's headings, as GitHub makes them.
fn anchors(text: &str) -> Vec<String> {
    let headings = prose(text).filter(|(_, line)| line.starts_with('#'));
    let anchor = |heading: &str| {
        let kept = heading.trim_start_matches('#').trim().chars();
        let kept = kept.filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.flat_map(char::to_lowercase)
            .map(|c| if c == ' ' { '-' } else { c })
            .collect()
    };
    headings.map(|(_, heading)| anchor(heading)).collect()
}

/// What is wrong with a link, if anything is.
fn complaint(file: &Path, text: &str, target: &str) -> io::Result<Option<String>> {
    if target.contains("://") || target.starts_with("mailto:") {
        return Ok(None);
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let there = if path.is_empty() {
        file.to_path_buf()
    } else {
        file.with_file_name("").join(path)
    };
    if !there.exists() {
        return Ok(Some(format!("{path} does not exist")));
    }
    if anchor.is_empty() || there.extension().is_none_or(|extension| extension != "md") {
        return Ok(None);
    }
    let known = if path.is_empty() {
        anchors(text)
    } else {
        anchors(&fs::read_to_string(&there)?)
    };
    Ok((!known.iter().any(|a| a == anchor)).then(|| format!("no heading there has the anchor #{anchor}")))
}

#[test]
fn links_in_markdown_files_lead_somewhere() -> io::Result<()> {
    let root = root().canonicalize()?;
    let mut files = Vec::new();
    markdown_files(&root, &mut files)?;
    assert!(
        files.iter().any(|file| file.ends_with("wit/README.md")),
        "found no Markdown below {}",
        root.display()
    );
    let mut complaints = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let name = file.strip_prefix(&root).unwrap_or(&file).display();
        for (number, line) in prose(&text) {
            for target in targets(line) {
                if let Some(what) = complaint(&file, &text, target)? {
                    complaints.push(format!("{name}:{number}: the link to {target} leads nowhere: {what}"));
                }
            }
        }
    }
    assert!(
        complaints.is_empty(),
        "{} links to mend:\n{}",
        complaints.len(),
        complaints.join("\n")
    );
    Ok(())
}

/// The links of a line that name a test: the text is the name in code.
fn named_tests(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split("[`").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once("`](")?;
        Some((name, rest.split_once(')')?.0))
    })
}

/// Whether a file has a test of this name: a function, or what a macro makes one of.
fn has_test(text: &str, name: &str) -> bool {
    let mentions = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("async ").unwrap_or(line);
        line.strip_prefix("fn ")
            .unwrap_or(line)
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(['(', ':']))
    };
    text.lines().any(mentions)
}

#[test]
fn the_tests_that_the_page_of_the_rules_names_are_there() -> io::Result<()> {
    let page = root().canonicalize()?.join("docs/rules.md");
    let text = fs::read_to_string(&page)?;
    let (mut count, mut gone) = (0, Vec::new());
    for (number, line) in prose(&text).filter(|(_, line)| line.starts_with('|')) {
        for (name, file) in named_tests(line) {
            count += 1;
            if !has_test(&fs::read_to_string(page.with_file_name("").join(file))?, name) {
                gone.push(format!("docs/rules.md:{number}: {file} has no test {name}"));
            }
        }
    }
    assert!(gone.is_empty(), "{} to mend:\n{}", gone.len(), gone.join("\n"));
    assert!(count > 150, "{count} tests: is the page read as it is written?");
    Ok(())
}

/// Each clause of each rule has a test.
#[test]
fn no_clause_of_the_rules_is_without_a_test() -> io::Result<()> {
    let text = fs::read_to_string(root().join("docs/rules.md"))?;
    let clauses = text
        .lines()
        .filter(|line| line.starts_with("| ") && *line != "| clause | tests |");
    let without: Vec<&str> = clauses.filter(|line| named_tests(line).next().is_none()).collect();
    assert!(without.is_empty(), "{without:#?}");
    for rule in 1..=16 {
        let count = text.matches(&format!("\n## {rule}. ")).count();
        assert_eq!(count, 1, "sections of rule {rule}");
    }
    Ok(())
}
