//! The corpora of the fuzz targets, replayed: what fuzzing has found worth keeping holds on every machine, without its tools.

#[path = "../../fuzz/bodies/mod.rs"]
mod bodies;

use std::fs;
use std::path::Path;

#[track_caller]
fn replay(target: &str) {
    let (_, body) = bodies::ALL.iter().find(|(name, _)| *name == target).expect("a target");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let mut count = 0;
    for entry in fs::read_dir(&folder).expect("a corpus") {
        let path = entry.expect("a folder").path();
        let data = fs::read(&path).expect("a file");
        // A panic does not tell which.
        let told = std::panic::catch_unwind(|| body(&data));
        assert!(told.is_ok(), "{}", path.display());
        count += 1;
    }
    assert!(count > 10, "{}: {count} files", folder.display());
}

#[test]
fn the_corpus_of_the_grammar_holds() {
    replay("grammar");
}

#[test]
fn the_corpus_of_grants_files_holds() {
    replay("file");
}

#[test]
fn the_corpus_of_burst_headers_holds() {
    replay("headers");
}

#[test]
fn the_corpus_of_operations_holds() {
    replay("operations");
}

/// Each target has its corpus, and nothing in `fuzz/` is left that no test replays.
#[test]
fn there_is_a_corpus_for_each_target_and_no_other() {
    let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let mut found: Vec<String> = fs::read_dir(&targets)
        .expect("the corpora")
        .map(|entry| entry.expect("a folder").file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    let mut known = bodies::ALL.map(|(name, _)| name);
    known.sort_unstable();
    assert_eq!(found, known);
}
