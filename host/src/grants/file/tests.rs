//! Grants files: what is read, what is told of mistakes, and that what is printed reads back.

use super::parse::SECTIONS;
use super::*;
use crate::grants::Right;
use crate::grants::tests::Random;
use crate::limits::Limit;

const EXAMPLE: &str = r#"
[allow]
bind = ["0.0.0.0:53 from 10.0.0.0/8", "0.0.0.0:5353 shared"]
send = ["192.0.2.0/24:53", '*.example.com:53']
resolve = ["*.example.com"]
broadcast = ["192.168.1.255:9"]
join = ["224.0.0.251@eth0", "232.1.1.1@eth0 from 10.0.0.5"]
[deny]
send = ["192.0.2.7:*"]
[limits]
sockets = 16
lookups = 0x10
[sockets]
dns = "0.0.0.0:53"
"with space" = "[::1]:0"
"#;

#[track_caller]
fn read(text: &str) -> GrantsFile {
    GrantsFile::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn an_empty_file_denies_everything() {
    for text in [
        "",
        "\n# nothing\n",
        "[allow]\n[deny]\n[limits]\n[sockets]\n",
        "[allow]\nsend = []",
        "\u{feff}",
    ] {
        let file = read(text);
        assert!(file.grants.is_empty());
        assert_eq!((file.limits, file.sockets.len()), (Limits::default(), 0));
        assert_eq!(file.to_string(), "");
    }
}

#[test]
fn every_section_is_read() {
    let file = read(EXAMPLE);
    let counts = Right::ALL.map(|right| (file.grants.allowed(right).len(), file.grants.denied(right).len()));
    assert_eq!(counts, [(2, 0), (2, 1), (1, 0), (1, 0), (2, 0)]);
    let limits: Vec<(Limit, u64)> = file.limits.set_ones().collect();
    assert_eq!(limits, [(Limit::Sockets, 16), (Limit::Lookups, 16)]);
    let sockets = [("dns", "0.0.0.0:53"), ("with space", "[::1]:0")];
    assert_eq!(
        file.sockets,
        sockets.map(|(name, at)| (name.to_owned(), at.parse().unwrap()))
    );
}

#[test]
fn a_mistake_is_told_with_its_place_the_rule_and_the_mend() {
    for (text, error) in [
        (
            "[alow]",
            "line 1, column 2: \"alow\": unknown key: did you mean allow? It takes allow, deny, limits, sockets",
        ),
        (
            "# é\n\n[allow]\n  sned = []",
            "line 4, column 3: \"sned\": unknown key: did you mean send? It takes bind, send, broadcast, resolve, join",
        ),
        (
            "[limits]\nmemory = 1",
            "line 2, column 1: \"memory\": unknown limit: write one of sockets, socket-buffer-bytes, memberships, lookups, \
             burst-bytes, peers, received-datagrams-per-second, received-bytes-per-second, sent-datagrams-per-second, \
             sent-bytes-per-second, replies-per-datagram, reply-bytes-per-byte, guest-memory-bytes, guest-cpu-milliseconds",
        ),
        (
            "[allow]\nsend = \"192.0.2.1:53\"",
            "line 2, column 8: \"\\\"192.0.2.1:53\\\"\": send is a list of strings: write send = [\"192.0.2.1:53\"]",
        ),
        (
            "[allow]\nsend = 5",
            "line 2, column 8: \"5\": send is a list of strings: write send = [\"...\"]",
        ),
        (
            "[deny]\nsend = [53]",
            "line 2, column 9: \"53\": a pattern is a string: write it in quotes",
        ),
        (
            "allow = []",
            "line 1, column 9: \"[]\": allow is a section: write [allow]",
        ),
        (
            "[allow]\nsend = [\n  \"192.0.2.1:53\",\n  \"10.0.0.1/8:53\",\n]",
            "line 4, column 4: \"10.0.0.1/8:53\": host bits are set after /8: write 10.0.0.0/8",
        ),
        (
            "[allow]\nbind = ['0.0.0.0:53 from 10.0.0.1/8']",
            "line 2, column 26: \"0.0.0.0:53 from 10.0.0.1/8\": host bits are set after /8: write 10.0.0.0/8",
        ),
        (
            "[deny]\nbind = [\"0.0.0.0:53 shared\"]",
            "line 2, column 21: \"0.0.0.0:53 shared\": a denied pattern has no suffix: remove shared",
        ),
        (
            "[limits]\nsockets = -1",
            "line 2, column 11: \"-1\": sockets is a whole number: write one from 0 to 65536",
        ),
        (
            "[limits]\nlookups = \"4\"",
            "line 2, column 11: \"\\\"4\\\"\": lookups is a whole number: write one from 0 to 65536",
        ),
        (
            "[limits]\npeers = 1",
            "line 2, column 9: \"1\": peers is a whole number: write one from 128 to 65536",
        ),
        (
            "[limits]\nsent-datagrams-per-second = 1.5",
            "line 2, column 29: \"1.5\": sent-datagrams-per-second is a whole number: write one from 1 to 4000000000",
        ),
        (
            "[sockets]\ndns = 53",
            "line 2, column 7: \"53\": a socket is an address in quotes: write dns = \"0.0.0.0:53\"",
        ),
        (
            "[sockets]\ndns = \"[::ffff:127.0.0.1]:53\"",
            "line 2, column 7: \"\\\"[::ffff:127.0.0.1]:53\\\"\": an IPv4 address: write \"127.0.0.1:53\"",
        ),
        (
            "[sockets]\n\"a=b\" = \"0.0.0.0:53\"",
            "line 2, column 1: \"\\\"a=b\\\"\": a name has at least one character, none of them \"=\" or a control character: \
             write another name",
        ),
    ] {
        assert_eq!(GrantsFile::parse(text).unwrap_err().to_string(), error, "{text}");
    }
}

#[test]
fn what_is_no_toml_is_told_with_its_place() {
    for (text, line) in [
        ("[allow\n", 1),
        ("[allow]\nsend = [\"a\"\n", 2),
        ("[allow]\nsend = []\nsend = []\n", 3),
        ("[allow]\n[deny]\n[allow]\n", 3),
        ("\0", 1),
    ] {
        let error = GrantsFile::parse(text).unwrap_err();
        assert!(error.line() >= line && error.line() <= line + 2, "{text:?}: {error}");
        assert_eq!(error.mend(), "write TOML", "{text:?}: {error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}

#[test]
fn a_huge_text_and_a_deep_one_are_errors() {
    let huge = format!("[allow]\nsend = [{}]", "\"192.0.2.1:53\",".repeat(100_000));
    assert!(huge.len() > GrantsFile::MAX_BYTES);
    assert!(GrantsFile::parse(&huge).unwrap_err().rule().contains("1048576 bytes"));
    let deep = format!("allow = {}", "[".repeat(500_000));
    assert!(GrantsFile::parse(&deep).is_err());
    let deep = "a.".repeat(400_000) + "b = 1";
    assert!(GrantsFile::parse(&deep).is_err());
}

#[test]
fn what_is_printed_reads_back_as_the_same_file() {
    let bind = [
        "0.0.0.0:53 from 10.0.0.0/8",
        "[::]:0,53 shared",
        "127.0.0.0/8:1024-2047",
        "@loopback:*",
        "[::1]:1,3,5",
    ];
    let send = [
        "*:443",
        "*.Example.com:53",
        "[fe80::1%eth0]:9",
        "224.0.0.251@eth0:5353",
        "10.0.0.0/8:*",
        "a.example:1",
    ];
    let resolve = ["*", "*.example.com", "XN--Bcher-kva.example"];
    let broadcast = ["192.168.1.255:9", "255.255.255.255:67"];
    let join = [
        "224.0.0.251@eth0",
        "[ff02::fb%2]",
        "232.1.1.0/24",
        "232.1.1.1@2 from 10.0.0.0/8",
    ];
    let lists: [&[&str]; 5] = [&bind, &send, &broadcast, &resolve, &join];
    let names = ["dns", "with space", "quote\"d", "back\\slash", "ünïcode", "."];
    let mut random = Random(7);
    for _ in 0..1_000 {
        let mut file = GrantsFile::default();
        for (right, patterns) in Right::ALL.into_iter().zip(lists) {
            for _ in 0..random.next(4) {
                let pattern = random.one_of(patterns);
                file.grants.allow(right, pattern).unwrap();
                // Not those with a suffix.
                let _ = file.grants.deny(right, random.one_of(patterns));
            }
        }
        for limit in Limit::ALL {
            if random.next(2) == 1 {
                let value = limit.least() + random.next(limit.greatest() - limit.least() + 1);
                file.limits.set(limit, value).unwrap();
            }
        }
        for name in names {
            if random.next(3) > 0 {
                continue;
            }
            let address = random
                .one_of(&["0.0.0.0:53", "[::]:0", "[fe80::1%2]:9"])
                .parse()
                .unwrap();
            file.sockets.push((name.to_owned(), address));
        }
        file.sockets.sort();
        let printed = file.to_string();
        let again = read(&printed);
        assert_eq!(again.to_string(), printed);
        assert_eq!((again.limits, &again.sockets), (file.limits, &file.sockets));
        for right in Right::ALL {
            assert!(again.grants.allowed(right).eq(file.grants.allowed(right)), "{printed}");
            assert!(again.grants.denied(right).eq(file.grants.denied(right)), "{printed}");
        }
    }
}

#[test]
fn no_damage_makes_it_panic() {
    let mut random = Random(11);
    let bytes = b"[]\"'=,#.\\\n\0 {}@%:*/a0\xc3\xa9";
    let mut understood = 0;
    for _ in 0..20_000 {
        let mut text = EXAMPLE.as_bytes().to_vec();
        for _ in 0..=random.next(3) {
            let at = random.next(text.len() as u64) as usize;
            match random.next(3) {
                0 => text[at] = random.one_of(bytes),
                1 => text.insert(at, random.one_of(bytes)),
                _ => _ = text.drain(at..(at + 8).min(text.len())),
            }
        }
        let text = String::from_utf8_lossy(&text);
        match GrantsFile::parse(&text) {
            Ok(file) => {
                understood += 1;
                read(&file.to_string());
            }
            Err(error) => assert!(error.line() <= text.matches('\n').count() + 1, "{error}\n{text}"),
        }
    }
    assert!(understood > 100, "{understood}");
}

/// `docs/grants.schema.json`, by which editors complete and check: the same keys as are read.
#[test]
fn the_schema_has_the_keys_that_are_read() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../../../docs/grants.schema.json")).unwrap();
    let keys = |object: &serde_json::Value| {
        assert_eq!(object["type"], "object");
        let properties = object["properties"].as_object().expect("properties");
        assert_eq!(object["additionalProperties"], false);
        let mut keys: Vec<String> = properties.keys().cloned().collect();
        keys.sort();
        keys
    };
    let sorted = |known: &[&str]| {
        let mut known: Vec<String> = known.iter().map(|key| (*key).to_owned()).collect();
        known.sort();
        known
    };
    assert_eq!(keys(&schema), sorted(&SECTIONS));
    let rights = sorted(&Right::ALL.map(Right::as_str));
    let sections = &schema["properties"];
    assert_eq!(keys(&sections["allow"]), rights);
    assert_eq!(keys(&sections["deny"]), rights);
    assert_eq!(keys(&sections["limits"]), sorted(&Limit::ALL.map(Limit::as_str)));
    for limit in Limit::ALL {
        let schema = &sections["limits"]["properties"][limit.as_str()];
        assert_eq!(
            (&schema["minimum"], &schema["maximum"]),
            (&limit.least().into(), &limit.greatest().into())
        );
        assert_eq!(schema["default"].as_u64(), limit.default_value(), "{limit}");
        let description = schema["description"].as_str().unwrap();
        let meaning = description.to_lowercase();
        assert_eq!(
            meaning.strip_suffix('.'),
            Some(&*limit.meaning().to_lowercase()),
            "{limit}"
        );
    }
    assert_eq!(sections["sockets"]["additionalProperties"]["type"], "string");
}
