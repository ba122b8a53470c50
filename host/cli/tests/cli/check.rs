//! `datagrant check`: what grants allow, and by which rule.

use crate::common::{Ended, Folder, datagrant};

/// Asks with the grants of a file.
#[track_caller]
fn ask(file: &str, question: &[&str]) -> Ended {
    let folder = Folder::new();
    let file = folder.file("grants.toml", file);
    datagrant()
        .args(["check", "--grants"])
        .arg(file)
        .args(question)
        .output()
}

#[track_caller]
fn denied(file: &str, question: &[&str], answer: &str) {
    ask(file, question).status(1).stdout(answer).stderr("");
}

#[track_caller]
fn not_understood(question: &[&str], problem: &str) {
    ask("", question).status(2).stdout("").stderr_has(problem);
}

const FILE: &str = r#"
[allow]
bind = ["0.0.0.0:53 from 10.0.0.0/8", "0.0.0.0:5353 shared", "127.0.0.1:1024-2047", "[::]:546"]
send = ["192.0.2.0/24:53", "*.example.com:443", "224.0.0.251@lo:5353", "[64:ff9b::/96]:*"]
resolve = ["*.example.com"]
broadcast = ["192.168.1.255:9"]
join = ["232.1.1.1@lo from 10.0.0.5"]
[deny]
send = ["192.0.2.7:*", "10.0.0.9:*"]
"#;

#[test]
fn what_is_allowed_tells_the_pattern_that_covers_it() {
    for (question, answer) in [
        (
            &["send", "192.0.2.1:53"][..],
            "allowed: send 192.0.2.1:53: granted (allow send 192.0.2.0/24:53)",
        ),
        (
            &["connect", "[::ffff:192.0.2.1]:53"],
            "allowed: connect 192.0.2.1:53: granted (allow send 192.0.2.0/24:53)",
        ),
        (
            &["send", "224.0.0.251@lo:5353"],
            "allowed: send 224.0.0.251@lo:5353: granted (allow send 224.0.0.251@lo:5353)",
        ),
        (
            &["send", "224.0.0.251@1:5353"],
            "allowed: send 224.0.0.251@lo:5353: granted (allow send 224.0.0.251@lo:5353)",
        ),
        (
            &["join", "232.1.1.1@lo from 10.0.0.5"],
            "allowed: join 232.1.1.1@lo from 10.0.0.5: granted (allow join 232.1.1.1@lo from 10.0.0.5)",
        ),
        (
            &["broadcast", "192.168.1.255:9"],
            "allowed: send 192.168.1.255:9: granted (allow broadcast 192.168.1.255:9)",
        ),
        (
            &["resolve", "Www.Example.com"],
            "allowed: resolve www.example.com: granted (allow resolve *.example.com)",
        ),
        (
            &["bind", "0.0.0.0:5353 shared"],
            "allowed: bind 0.0.0.0:5353: granted (allow bind 0.0.0.0:5353 shared)",
        ),
        (
            &["bind", "127.0.0.1:0"],
            "allowed: bind 127.0.0.1:0: granted (allow bind 0.0.0.0:53 from 10.0.0.0/8, allow bind 0.0.0.0:5353 shared, \
             allow bind 127.0.0.1:1024-2047)
             on a free port of 53,1024-2047,5353",
        ),
        (
            &["bind", "[::]:546"],
            "allowed: bind [::]:546: granted (allow bind [::]:546)
             for IPv6 alone",
        ),
    ] {
        ask(FILE, question).status(0);
        let expected: Vec<&str> = answer.lines().map(str::trim).collect();
        assert_eq!(ask_lines(FILE, question), expected, "{question:?}");
    }
}

#[test]
fn a_client_socket_is_told_as_one() {
    assert_eq!(
        ask_lines("[allow]\nsend = ['192.0.2.1:53']", &["bind", "0.0.0.0:0"]),
        [
            "allowed: bind 0.0.0.0:0: a client socket, which a send grant includes",
            "it hears only from whom it wrote to",
        ]
    );
}

#[test]
fn what_is_denied_tells_the_rule_or_the_flag_that_would_allow_it() {
    for (question, answer) in [
        (
            &["send", "192.0.2.7:53"][..],
            "denied: send 192.0.2.7:53: denied (deny send 192.0.2.7:*); no flag allows it",
        ),
        (
            &["connect", "192.0.2.1:54"],
            "denied: connect 192.0.2.1:54: not granted; to allow it: --allow-send 192.0.2.1:54",
        ),
        (
            &["send", "0.0.0.0:53"],
            "denied: send 0.0.0.0:53: the unspecified address is no destination; no flag allows it",
        ),
        (
            &["send", "192.0.2.1:0"],
            "denied: send 192.0.2.1:0: port 0 is no destination; no flag allows it",
        ),
        (
            &["send", "[64:ff9b::10.0.0.9]:53"],
            "denied: send [64:ff9b::a00:9]:53: denied for the embedded 10.0.0.9 (deny send 10.0.0.9:*); no flag allows it",
        ),
        (
            &["bind", "0.0.0.0:53 shared"],
            "denied: bind 0.0.0.0:53: granted, but not shared; to allow it: --allow-bind '0.0.0.0:53 shared'",
        ),
        (
            &["bind", "255.255.255.255:53"],
            "denied: bind 255.255.255.255:53: a broadcast address cannot be bound; no flag allows it",
        ),
        (
            &["broadcast", "192.0.2.255:53"],
            "denied: broadcast 192.0.2.255:53: granted as unicast, which the kernel refuses; \
             to allow it: --allow-broadcast 192.0.2.255:53",
        ),
        (
            &["broadcast", "255.255.255.255:67"],
            "denied: send 255.255.255.255:67: a broadcast needs a broadcast grant; \
             to allow it: --allow-broadcast 255.255.255.255:67",
        ),
        (
            &["send", "192.168.1.255:9"],
            "denied: send 192.168.1.255:9: the guest did not switch broadcast on; no flag allows it",
        ),
        (
            &["join", "232.1.1.1@lo"],
            "denied: join 232.1.1.1@lo: granted from other sources; to allow it: --allow-join 232.1.1.1@lo",
        ),
        (
            &["resolve", "example.com"],
            "denied: resolve example.com: not granted; to allow it: --allow-resolve example.com",
        ),
    ] {
        denied(FILE, question, answer);
    }
}

#[test]
fn a_reply_follows_from_the_bind_and_what_it_hears() {
    let bound = "allowed: bind 0.0.0.0:53: granted (allow bind 0.0.0.0:53 from 10.0.0.0/8)";
    let from = ["--from", "0.0.0.0:53"];
    let ask = |address| ["reply", address, from[0], from[1]];
    assert_eq!(
        ask_lines(FILE, &ask("10.0.0.7:4000")),
        [
            bound,
            "allowed: send 10.0.0.7:4000: a reply, which a bind grant includes",
            "for 60 s after its last datagram, to an address that is none of this host's",
        ]
    );
    denied(
        FILE,
        &ask("10.0.0.9:4000"),
        &format!("{bound}\n denied: send 10.0.0.9:4000: denied (deny send 10.0.0.9:*); no flag allows it"),
    );
    let ended = ask_lines(FILE, &ask("192.168.0.1:4000"));
    assert_eq!(
        ended[1..],
        [
            "denied: send 192.168.0.1:4000: not granted; to allow it: --allow-send 192.168.0.1:4000",
            "a socket bound to 0.0.0.0:53 does not hear 192.168.0.1",
        ]
    );
    denied(
        FILE,
        &["reply", "10.0.0.7:4000", "--from", "10.0.0.1:54"],
        "denied: bind 10.0.0.1:54: not granted; to allow it: --allow-bind 10.0.0.1:54",
    );
}

#[track_caller]
fn ask_lines(file: &str, question: &[&str]) -> Vec<String> {
    let ended = ask(file, question).stderr("");
    ended.stdout.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_name_takes_a_lookup_too_and_gives_global_addresses() {
    assert_eq!(
        ask_lines(FILE, &["send", "www.example.com:443"]),
        [
            "allowed: resolve www.example.com: granted (allow resolve *.example.com)",
            "allowed: send www.example.com:443: granted by its name (allow send *.example.com:443)",
            "once it is looked up, to addresses that are global, not of this host, and not denied",
        ]
    );
    denied(
        FILE,
        &["connect", "www.example.com:80"],
        "allowed: resolve www.example.com: granted (allow resolve *.example.com)
         denied: connect www.example.com:80: not granted; to allow it: --allow-send www.example.com:80",
    );
    denied(
        "[allow]\nsend = ['example.com:443']",
        &["send", "example.com:443"],
        "denied: resolve example.com: not granted; to allow it: --allow-resolve example.com
         allowed: send example.com:443: granted by its name (allow send example.com:443)",
    );
    denied(
        "[allow]\nsend = ['example.com:443']\nresolve = ['*']\n[deny]\nsend = ['0.0.0.0/0:*', '[::/0]:*']",
        &["send", "example.com:443"],
        "allowed: resolve example.com: granted (allow resolve *)
         denied: send example.com:443: denied (deny send *",
    );
    // Half of the addresses is enough.
    ask(
        "[allow]\nsend = ['example.com:443']\nresolve = ['*']\n[deny]\nsend = ['[::/0]:*']",
        &["send", "example.com:443"],
    )
    .status(0);
}

#[test]
fn file_and_flags_count_together() {
    let file = "[allow]\nsend = ['192.0.2.0/24:53']";
    ask(file, &["--deny-send", "192.0.2.1:*", "send", "192.0.2.1:53"])
        .status(1)
        .stdout("denied: send 192.0.2.1:53: denied (deny send 192.0.2.1:*); no flag allows it");
    datagrant()
        .args(["check", "--allow-send", "192.0.2.1:53", "send", "192.0.2.1:53"])
        .output()
        .status(0)
        .stdout("allowed: send 192.0.2.1:53: granted (allow send 192.0.2.1:53)");
    datagrant()
        .args(["check", "bind", "127.0.0.1:53"])
        .output()
        .status(1)
        .stdout("denied: bind 127.0.0.1:53: not granted; to allow it: --allow-bind 127.0.0.1:53");
}

#[test]
fn what_is_no_question_is_told_with_its_mend() {
    for (question, problem) in [
        (&["sned", "192.0.2.1:53"][..], "invalid value 'sned'"),
        (&["send", "192.0.2.1"], "no port (column 10): write 192.0.2.1:PORT"),
        (&["send", "127.1:53"], "write four decimal numbers"),
        (&["send", "10.0.0.0/8:53"], "several addresses: ask about one of them"),
        (&["send", "192.0.2.1:53-54"], "several ports: ask about one of them"),
        (&["send", "*.example.com:53"], "several names: ask about one of them"),
        (&["resolve", "*"], "several names: ask about one of them"),
        (&["send", "@loopback:53"], "several addresses: ask about one of them"),
        (
            &["send", "[fe80::1]:53"],
            "write its interface, such as [fe80::1%eth0]:53",
        ),
        (&["send", "[fe80::1%nosuch0]:53"], "this host has no interface nosuch0"),
        (
            &["bind", "0.0.0.0:53 from 10.0.0.1"],
            "ask about a reply to a source, with --from",
        ),
        (&["join", "224.0.0.251:5353"], "a join has no ports: write 224.0.0.251"),
        (&["join", "10.0.0.1"], "is no multicast group"),
        (
            &["join", "232.1.1.1 from 10.0.0.0/8"],
            "several sources: ask about one of them",
        ),
        (&["reply", "10.0.0.1:53"], "--from <ADDRESS:PORT>"),
        (&["send", "10.0.0.1:53", "--from", "10.0.0.1:53"], "--from is for reply"),
        (&["resolve", "192.0.2.1"], "write a name"),
        (
            &["reply", "example.com:53", "--from", "0.0.0.0:53"],
            "a reply goes to an address: ask about one that the name has",
        ),
        (&["send"], "<ADDRESS>"),
        (&["send", ""], "the pattern is empty"),
    ] {
        not_understood(question, problem);
    }
}

#[test]
fn help_teaches_by_questions() {
    let help = datagrant().args(["check", "--help"]).output().status(0).stderr("");
    for text in [
        "Exit status: 0 allowed, 1 denied, 2 not understood",
        "reply 10.0.0.7:4000 --from 0.0.0.0:53",
    ] {
        assert!(help.stdout.contains(text), "no {text:?} in {}", help.stdout);
    }
}
