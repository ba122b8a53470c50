//! Compiled code is native code: its folder is private to the user, or not used (rule 12).

use crate::common::{Folder, Program, run};
use datagrant_tests::SCRIPTED;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

fn with_cache_in(folder: &Path) -> Program {
    run(SCRIPTED).env("XDG_CACHE_HOME", folder).story("complain it ran")
}

/// How many files are below a folder.
fn files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[track_caller]
fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").mode() & 0o777
}

#[test]
fn the_cache_is_made_private_and_used_again() {
    let home = Folder::new();
    let caches = home.path().join("not/there/yet");
    with_cache_in(&caches).output().status(0).stderr("it ran");
    let cache = caches.join("datagrant");
    assert_eq!(mode(&cache), 0o700);
    assert_eq!(mode(&caches), 0o700, "parents that it makes are private too");
    let count = files(&cache);
    assert!(count > 0, "nothing was kept");
    with_cache_in(&caches).output().status(0).stderr("it ran");
    assert!(files(&cache) <= count + 1, "compiled again"); // beside the code, how often it was used
}

#[test]
fn without_xdg_cache_home_it_is_in_the_home_folder() {
    let home = Folder::new();
    for caches in [None, Some(""), Some("relative/is/ignored")] {
        let program = match caches {
            None => run(SCRIPTED).env_remove("XDG_CACHE_HOME"),
            Some(path) => run(SCRIPTED).env("XDG_CACHE_HOME", path),
        };
        program
            .env("HOME", home.path())
            .current_dir(home.path())
            .output()
            .status(0)
            .stderr("");
        assert!(files(&home.path().join(".cache/datagrant")) > 0);
        assert_eq!(fs::read_dir(home.path()).expect("it is there").count(), 1);
    }
}

#[test]
fn without_a_home_nothing_is_kept_and_it_runs() {
    run(SCRIPTED).env_remove("XDG_CACHE_HOME").output().status(0).stderr("");
}

#[test]
fn a_folder_that_is_open_to_others_is_not_used_and_that_is_said() {
    for open in [0o777, 0o770, 0o701, 0o740] {
        let caches = Folder::new();
        let cache = caches.path().join("datagrant");
        fs::create_dir(&cache).expect("a folder");
        fs::set_permissions(&cache, Permissions::from_mode(open)).expect("ours");
        with_cache_in(caches.path()).output().status(0).stderr(format!(
            "datagrant: compiled code is not cached: {0} is open to other users: chmod 700 {0}
             it ran",
            cache.display()
        ));
        assert_eq!(files(&cache), 0);
        assert_eq!(mode(&cache), open, "it is the user's to close it");
    }
}

#[test]
fn a_folder_of_another_user_is_not_used_and_that_is_said() {
    let caches = Folder::new();
    let cache = caches.path().join("datagrant");
    fs::create_dir(&cache).expect("a folder");
    fs::set_permissions(&cache, Permissions::from_mode(0o700)).expect("ours");
    if std::os::unix::fs::chown(&cache, Some(65_534), None).is_err() {
        // Not by a macro, whose output a test that passes does not show.
        writeln!(io::stderr(), "not run: only root can give a folder away").expect("stderr");
        return;
    }
    with_cache_in(caches.path()).output().status(0).stderr(format!(
        "datagrant: compiled code is not cached: {} belongs to another user
         it ran",
        cache.display()
    ));
    assert_eq!(files(&cache), 0);
}

#[test]
fn a_file_in_its_place_is_said() {
    let caches = Folder::new();
    caches.file("datagrant", "in the way");
    let ended = with_cache_in(caches.path()).output().status(0);
    ended
        .stderr_has("datagrant: compiled code is not cached: cannot make ")
        .stderr_has("it ran");
}
