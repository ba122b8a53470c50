//! Flags that are not understood, and help.

use crate::common::{Folder, datagrant, run};
use datagrant_tests::SCRIPTED;

/// Status 2, nothing runs, and the first line names the flag and shows the mend.
#[track_caller]
fn is_not_understood(args: &[&str], mend: &str) {
    let ended = run(SCRIPTED).args(args).args(["--", "complain it ran"]).output();
    let ended = ended.status(2).stdout("");
    let line = ended.stderr.lines().next().unwrap_or_default();
    assert!(line.contains(args[0]), "no {:?} in {line:?}", args[0]);
    assert!(line.contains(mend), "no {mend:?} in {line:?}");
}

#[test]
fn a_pattern_that_is_none_is_told_with_its_mend() {
    for (flag, pattern, mend) in [
        ("--allow-bind", "127.0.0.1", "write 127.0.0.1:PORT"),
        ("--allow-bind", "::1:80", "write [ADDRESS]:PORTS"),
        ("--allow-bind", "*:80", "write 0.0.0.0 or [::]"),
        ("--allow-bind", "10.0.0.1/8:53", "write 10.0.0.0/8"),
        ("--allow-bind", "127.0.0.1:5009-5000", "write 5000-5009"),
        ("--allow-bind", "127.0.0.1:99999", "write a port from 1 to 65535"),
        (
            "--allow-bind",
            "0.0.0.0:53 share",
            "write from SOURCE, shared, or nothing",
        ),
        ("--allow-send", "127.1:80", "write four decimal numbers"),
        ("--allow-send", "0x7f000001:80", "write four decimal numbers"),
        ("--allow-send", "127.0.0.01:80", "without leading zeros"),
        ("--allow-send", "127.0.0.1:0", "write a port from 1 to 65535"),
        ("--allow-send", ":80", "write an address"),
        ("--allow-send", "", "write HOST:PORTS"),
        ("--allow-bind", "example.com:53", "write an IP address"),
        ("--allow-send", "localhost:53", "write 127.0.0.1 or [::1]"),
        ("--allow-send", "example.com.:53", "a trailing dot"),
        ("--allow-resolve", "example.com:53", "write example.com"),
        ("--allow-resolve", "127.1", "write a name"),
        ("--deny-resolve", "*.*.com", "write *.example.com"),
        ("--dns-server", "dns.example.com", "write an IP address"),
        ("--dns-server", "0.0.0.0", "write 127.0.0.1 or [::1]"),
        ("--allow-broadcast", "10.0.0.0/8:9", "write one broadcast address"),
        ("--deny-send", "127.0.0.1", "127.0.0.1:*"),
        ("--deny-bind", "0.0.0.0:53 shared", "remove shared"),
    ] {
        is_not_understood(&[flag, pattern], mend);
    }
}

#[test]
fn an_unknown_flag_and_a_missing_component_are_told() {
    is_not_understood(&["--allow-everything"], "--allow-everything");
    is_not_understood(&["--env", "=x"], "NAME=VALUE");
    is_not_understood(&["--env", "DATAGRANT_TESTS_NOT_SET"], "DATAGRANT_TESTS_NOT_SET=VALUE");
    for args in [&["run"][..], &[], &["walk"], &["run", SCRIPTED, "without", "dashes"]] {
        let ended = datagrant().args(args).output().status(2).stdout("");
        assert!(!ended.stderr.is_empty());
    }
}

#[test]
fn a_folder_that_is_not_there_is_told_before_the_guest_runs() {
    let folder = Folder::new();
    let missing = folder.path().join("missing");
    let ended = run(SCRIPTED)
        .arg("--dir")
        .arg(&missing)
        .args(["--", "complain it ran"])
        .output()
        .status(1)
        .stdout("");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
    ended
        .stderr_has("cannot open the folder")
        .stderr_has(&missing.display().to_string());
}

#[test]
fn help_shows_grants_by_example() {
    let help = datagrant().args(["run", "--help"]).output().status(0).stderr("");
    for text in [
        "Grants by example (nothing is granted by default",
        "--allow-bind 127.0.0.1:41234 ",
        "--allow-send 192.0.2.1:53 ",
        "--allow-broadcast 192.168.1.255:9 ",
        "--deny-send '10.0.0.7:*'",
        "134 after a trap",
        "130 after Ctrl-C",
        "143 after SIGTERM",
    ] {
        assert!(help.stdout.contains(text), "no {text:?} in {}", help.stdout);
    }
    let help = datagrant().arg("--help").output().status(0).stderr("");
    assert!(help.stdout.contains("run"), "{}", help.stdout);
}
