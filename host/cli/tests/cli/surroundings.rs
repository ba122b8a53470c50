//! What a guest has beside its sockets: stdio and arguments, and files and variables only where they are given.

use crate::common::{Folder, run};
use datagrant_tests::SCRIPTED;
use std::fs;
use std::process::Stdio;

#[test]
fn stdin_stdout_stderr_and_arguments_pass() {
    let mut guest = run(SCRIPTED)
        .stdin(Stdio::piped())
        .story("input\n complain alas, 'quoted' \"text\"\n input")
        .start();
    guest.says("one\ntwo\nthree\n");
    guest
        .ends()
        .status(0)
        .stdout(
            "input -> \"one\\n\"
             complain alas, 'quoted' \"text\" -> ok
             input -> \"two\\n\"",
        )
        .stderr("alas, 'quoted' \"text\"");
}

#[test]
fn a_guest_has_no_environment() {
    run(SCRIPTED)
        .env("SECRET", "42")
        .story("env")
        .output()
        .status(0)
        .stdout("env -> nothing");
}

#[test]
fn a_guest_has_the_variables_that_are_given() {
    run(SCRIPTED)
        .env("HERE", "a value of here")
        .env("SECRET", "42")
        .args(["--env", "HERE", "--env", "NAME=a=b", "--env", "EMPTY="])
        .story("env")
        .output()
        .status(0)
        .stdout("env -> HERE=a value of here, NAME=a=b, EMPTY=");
}

#[test]
fn a_guest_has_no_files() {
    let folder = Folder::new();
    let file = folder.file("secret", "42");
    let ended = run(SCRIPTED)
        .current_dir(folder.path())
        .story(format!(
            "list .
             list /
             read secret
             read {}
             read /etc/passwd
             write here x",
            file.display()
        ))
        .output()
        .status(0)
        .stderr("");
    for line in ended.stdout.lines() {
        assert!(line.contains(" -> failed: "), "{ended:#?}");
    }
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1);
}

#[test]
fn a_guest_has_the_folders_that_are_given() {
    let outside = Folder::new();
    let inside = outside.path().join("inside");
    fs::create_dir(&inside).expect("a folder");
    outside.file("secret", "42");
    outside.file("inside/note", "hello");
    std::os::unix::fs::symlink("../secret", inside.join("link")).expect("a link");
    run(SCRIPTED)
        .arg("--dir")
        .arg(format!("{}::/data", inside.display()))
        .story(
            "list /data
             read /data/note
             write /data/new made here
             read /data/../secret
             read /data/link",
        )
        .output()
        .status(0)
        .stderr("")
        .stdout(
            "list /data -> link, note
             read /data/note -> \"hello\"
             write /data/new made here -> ok
             read /data/../secret -> failed: *
             read /data/link -> failed: *",
        );
    assert_eq!(
        fs::read_to_string(inside.join("new")).expect("it is there"),
        "made here"
    );
}

#[test]
fn a_folder_without_another_name_has_its_own() {
    let folder = Folder::new();
    folder.file("note", "hello");
    run(SCRIPTED)
        .current_dir(folder.path())
        .args(["--dir", "."])
        .story("list .\n read note")
        .output()
        .status(0)
        .stdout("list . -> note\n read note -> \"hello\"");
}
