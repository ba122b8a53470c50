//! `datagrant suggest`: a run, what it used, and the same run again with that and no more.

use crate::common::{Ended, Folder, Started, datagrant, run, unused};
use datagrant_tests::SCRIPTED;
use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::Duration;

#[track_caller]
fn suggest(audit: &Path, args: &[&str]) -> Ended {
    datagrant().arg("suggest").arg(audit).args(args).output()
}

/// Its lines, without what says how often and when.
fn plain(file: &str) -> Vec<String> {
    let lines = file.lines().map(|line| match line.split_once(", # ") {
        Some((pattern, _)) => pattern,
        None => line.trim_end_matches(','),
    });
    lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.trim().to_owned())
        .collect()
}

/// A guest that binds, answers who writes, sends, joins a group and looks a name up.
struct Talk {
    at: SocketAddr,
    other: SocketAddr,
    peer: UdpSocket,
}

impl Talk {
    fn new() -> Talk {
        let peer = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
        peer.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        Talk {
            at: unused("127.0.0.1"),
            other: unused("[::1]"),
            peer,
        }
    }

    fn story(&self) -> String {
        let (at, other) = (self.at, self.other);
        let to = self.peer.local_addr().expect("it is bound");
        format!(
            "create ipv4
             bind {at}
             receive 10000
             reply pong
             b: create ipv6 reuse-address
             b: bind {other}
             c: create ipv4
             c: send {to} one
             c: send {to} two
             d: create ipv6
             d: send [64:ff9b::127.0.0.1]:9 x
             e: create ipv4
             e: join 224.0.0.251@lo
             lookup localhost ipv4"
        )
    }

    /// Talks to it until it ends.
    #[track_caller]
    fn with(&self, mut guest: Started) -> Ended {
        guest.wait_for_line("bind ");
        self.peer.send_to(b"ping", self.at).expect("it is bound");
        let mut buffer = [0; 9];
        for expected in ["pong", "one", "two"] {
            let length = self.peer.recv(&mut buffer).expect("an answer");
            assert_eq!(&buffer[..length], expected.as_bytes());
        }
        guest.ends().status(0)
    }
}

#[test]
fn what_is_suggested_covers_the_same_run_and_no_more() {
    let (talk, folder) = (Talk::new(), Folder::new());
    let audit = folder.path().join("audit.jsonl");
    let wide = folder.file(
        "wide.toml",
        "[allow]\nbind = ['127.0.0.0/8:1024-65535 from 127.0.0.0/8', '@loopback:* shared']\n\
         send = ['@loopback:*', '[64:ff9b::/96]:*']\njoin = ['224.0.0.0/8']\nresolve = ['*']",
    );
    let ran = |grants: &Path, audit: &Path| {
        let program = run(SCRIPTED).arg("--grants").arg(grants).arg("--audit").arg(audit);
        talk.with(program.story(talk.story()).start())
    };
    let first = ran(&wide, &audit).stderr("");

    let suggestion = suggest(&audit, &[]).status(0).stderr("").stdout;
    let (at, other, to) = (talk.at, talk.other, talk.peer.local_addr().expect("it is bound"));
    assert_eq!(
        plain(&suggestion),
        [
            "[allow]",
            "bind = [",
            // A pattern without `from` hears everyone.
            &format!("\"{at}\""),
            &format!("\"{at} from 127.0.0.0/8\""),
            &format!("\"{other} shared\""),
            "]",
            "send = [",
            &format!("\"{to}\""),
            "\"127.0.0.1:9\"",
            "\"[64:ff9b::7f00:1]:9\"",
            "]",
            "resolve = [",
            "\"localhost\"",
            "]",
            "join = [",
            "\"224.0.0.251@lo\"",
            "]",
        ]
    );
    assert!(suggestion.contains(&format!("\"{to}\", # 2 times, 2")), "{suggestion}");
    assert!(
        suggestion.contains("\n# 1 reply, which bind includes.\n"),
        "{suggestion}"
    );
    assert!(
        suggestion.contains("\n# 2 client sockets, which send includes.\n"),
        "{suggestion}"
    );

    let narrow = folder.file("narrow.toml", &suggestion);
    let again = folder.path().join("again.jsonl");
    let second = ran(&narrow, &again).stderr("");
    assert_eq!(second.stdout, first.stdout);
    let more = suggest(&again, &[]).status(0).stdout;
    assert_eq!(plain(&more), plain(&suggestion), "what covers it needs nothing less");
    for question in [
        ["bind", "127.0.0.2:1024"],
        ["send", "127.0.0.1:10"],
        ["join", "224.0.0.252@lo"],
    ] {
        datagrant()
            .args(["check", "--grants"])
            .arg(&narrow)
            .args(question)
            .output()
            .status(1);
    }
}

/// The audit of a guest that was denied what no grant, and what some grants would allow.
fn denied(folder: &Folder) -> PathBuf {
    let audit = folder.path().join("audit.jsonl");
    run(SCRIPTED)
        .args(["--allow-send", "127.0.0.1:9", "--deny-send", "127.0.0.7:*", "--audit"])
        .arg(&audit)
        .story(
            "create ipv4\n send 127.0.0.1:9 x\n send 127.0.0.1:10 x\n send 127.0.0.7:9 x\n send 0.0.0.0:9 x
             b: create ipv4\n b: bind 127.0.0.1:1024\n b: bind 127.0.0.1:1024",
        )
        .output()
        .status(0);
    audit
}

#[test]
fn nothing_is_allowed_by_asking_for_it() {
    let folder = Folder::new();
    let audit = denied(&folder);
    let suggestion = suggest(&audit, &[]).status(0).stdout;
    assert_eq!(
        plain(&suggestion),
        [
            "[allow]",
            "bind = [",
            "# \"127.0.0.1:1024\"",
            "]",
            "send = [",
            "\"127.0.0.1:9\"",
            "# \"127.0.0.1:10\"",
            "]",
        ]
    );
    for told in [
        "    # \"127.0.0.1:1024\", # denied 2 times, 2",
        "\n# No grant allows: send 0.0.0.0:9: unspecified-destination; denied once, 2",
        "\n# No grant allows: send 127.0.0.7:9: denied (deny send 127.0.0.7:*); denied once, 2",
    ] {
        assert!(suggestion.contains(told), "no {told:?} in {suggestion}");
    }
    let with_them = suggest(&audit, &["--include-denied"]).status(0).stdout;
    assert_eq!(
        plain(&with_them),
        [
            "[allow]",
            "bind = [",
            "\"127.0.0.1:1024\"",
            "]",
            "send = [",
            "\"127.0.0.1:9\"",
            "\"127.0.0.1:10\"",
            "]",
        ]
    );
}

#[test]
fn addresses_become_networks_where_that_is_asked_for() {
    let folder = Folder::new();
    let audit = folder.path().join("audit.jsonl");
    run(SCRIPTED)
        .args(["--allow-send", "@loopback:*", "--audit"])
        .arg(&audit)
        .story(
            "create ipv4\n send 127.0.1.1:9 x\n send 127.0.1.2:9 x\n send 127.0.1.3:10 x\n send 127.0.2.1:9 x
             send 127.0.1.2:9 x",
        )
        .output()
        .status(0);
    let sends = |args: &[&str]| plain(&suggest(&audit, args).status(0).stdout)[2..].join(" ");
    assert_eq!(
        sends(&[]),
        "\"127.0.1.1:9\" \"127.0.1.2:9\" \"127.0.1.3:10\" \"127.0.2.1:9\" ]"
    );
    assert_eq!(
        sends(&["--merge", "/24"]),
        "\"127.0.1.0/24:9\" \"127.0.1.3:10\" \"127.0.2.1:9\" ]"
    );
    assert_eq!(sends(&["--merge", "16"]), "\"127.0.0.0/16:9\" \"127.0.1.3:10\" ]");
    let text = suggest(&audit, &["--merge", "/16"]).stdout;
    assert!(text.contains("\"127.0.0.0/16:9\", # 4 times, 2"), "{text}");
    for (flag, bits) in [
        ("--merge", "/33"),
        ("--merge", "/0"),
        ("--merge-v6", "129"),
        ("--merge", "many"),
    ] {
        suggest(&audit, &[flag, bits])
            .status(2)
            .stderr_has("write a prefix length from /1");
    }
}

#[test]
fn a_line_that_is_cut_is_counted_and_one_that_is_not_of_an_audit_is_an_error() {
    let folder = Folder::new();
    let audit = denied(&folder);
    let text = fs::read_to_string(&audit).expect("text");
    let cut = folder.file("cut.jsonl", format!("{text}{{\"time\":\"2026-11-26T1"));
    let whole = plain(&suggest(&audit, &[]).stdout);
    let suggestion = suggest(&cut, &[]).status(0).stdout;
    assert_eq!(plain(&suggestion), whole);
    assert!(
        suggestion.contains("# 1 line of the audit ended too early"),
        "{suggestion}"
    );

    let decision = |key: &str, value: &str| {
        let keys = [
            "event",
            "time",
            "verdict",
            "operation",
            "subject",
            "reason",
            "rules",
            "needs",
            "count",
        ];
        let values = [
            "\"decision\"",
            "\"t\"",
            "\"allowed\"",
            "\"send\"",
            "\"s\"",
            "\"granted\"",
            "[]",
            "[]",
            "1",
        ];
        let pair = |(own, usual): (&str, &str)| format!("\"{own}\":{}", if own == key { value } else { usual });
        let pairs: Vec<String> = keys.into_iter().zip(values).map(pair).collect();
        format!("{{{}}}", pairs.join(","))
    };
    for (line, problem) in [
        (
            "send = 5".to_owned(),
            "line 3 is not of an audit: expected value at line 1 column 1",
        ),
        ("[]".to_owned(), "line 3 is not of an audit: invalid type: sequence"),
        ("{}".to_owned(), "line 3 is not of an audit: it has no text \"event\""),
        (
            decision("verdict", "\"maybe\""),
            "line 3 is not of an audit: \"maybe\" is no verdict",
        ),
        (
            decision("count", "-1"),
            "line 3 is not of an audit: it has no number \"count\"",
        ),
        (
            decision("needs", "[\"send 10.0.0.1/8:53\"]"),
            "line 3 is not of an audit: \"send 10.0.0.1/8:53\" is no grant",
        ),
        (decision("needs", "[\"fly 10.0.0.1:53\"]"), "\"fly\" is no right"),
        (decision("needs", "\"send\""), "it has no list of texts \"needs\""),
    ] {
        let file = folder.file("bad.jsonl", format!("{}\n\n{line}\n", decision("count", "1")));
        suggest(&file, &[]).status(1).stdout("").stderr_has(problem);
    }
    // What is in a line cannot become another line of the file.
    let file = folder.file("odd.jsonl", decision("time", "\"\\n[deny]\\u0007\""));
    let odd = suggest(&file, &[]).status(0).stdout;
    assert_eq!(plain(&odd), ["[allow]"], "{odd}");
}

#[test]
fn a_file_without_end_or_without_anything_ends() {
    suggest(Path::new("/dev/zero"), &[])
        .status(1)
        .stdout("")
        .stderr_has("line 1 has more than 1048576 bytes");
    let nothing = suggest(Path::new("/dev/null"), &[]).status(0).stdout;
    assert_eq!(plain(&nothing), ["[allow]"]);
    assert!(nothing.contains("# 0 runs: no decisions."), "{nothing}");
    suggest(Path::new("/not/there"), &[])
        .status(1)
        .stdout("")
        .stderr("datagrant: cannot suggest from /not/there: No such file or directory (os error 2)");
}

#[test]
fn a_name_in_a_suggestion_is_the_one_that_was_looked_up() {
    let folder = Folder::new();
    let line = "{\"time\":\"2026-11-26T10:00:00.000Z\",\"event\":\"decision\",\"worker\":1,\"operation\":\"send\",\
                \"subject\":\"93.184.216.34:443\",\"verdict\":\"allowed\",\"reason\":\"granted-by-name\",\
                \"rules\":[\"allow send *.example.com:443\"],\"needs\":[\"send www.example.com:443\"],\"count\":3}";
    let file = folder.file("audit.jsonl", line);
    let suggestion = suggest(&file, &[]).status(0).stdout;
    assert_eq!(
        plain(&suggestion),
        ["[allow]", "send = [", "\"www.example.com:443\"", "]"]
    );
}

#[test]
fn sockets_that_were_handed_in_are_no_grants_and_are_told() {
    let (at, folder) = (unused("127.0.0.1"), Folder::new());
    let audit = folder.path().join("audit.jsonl");
    run(SCRIPTED)
        .args(["--socket", &format!("dns={at}"), "--audit"])
        .arg(&audit)
        .story("take dns")
        .output()
        .status(0);
    let suggestion = suggest(&audit, &[]).status(0).stdout;
    assert_eq!(plain(&suggestion), ["[allow]"]);
    let told = format!("\n# Handed in, as by --socket or [sockets]: {at}; taken once, 2");
    assert!(suggestion.contains(&told), "{suggestion}");
}
