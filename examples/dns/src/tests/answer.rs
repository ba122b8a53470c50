use super::*;
use crate::zone::Zone;
use datagrant_mutations::mutations;
use hickory_proto::rr::Name;

const FORWARD: &str = include_str!("../../example.org.zone");
const REVERSE: &str = include_str!("../../2.0.192.in-addr.arpa.zone");

fn zones() -> Zones {
    let mut zones = Zones::default();
    for file in [FORWARD, REVERSE] {
        assert!(zones.add(Zone::parse(file.to_owned()).expect("a zone")));
    }
    zones
}

fn question(name: &str, kind: RecordType) -> Message {
    let mut query = Message::new(7, MessageType::Query, OpCode::Query);
    query.metadata.recursion_desired = true;
    query.add_query(Query::query(Name::from_ascii(name).expect("a name"), kind));
    query
}

fn with_edns(mut query: Message, version: u8, bytes: u16) -> Message {
    let mut edns = Edns::new();
    edns.set_version(version).set_max_payload(bytes);
    query.set_edns(edns);
    query
}

fn ask(query: &Message) -> Message {
    let bytes = answer(&zones(), &query.to_vec().expect("bytes")).expect("an answer");
    Message::from_vec(&bytes).expect("it can be read")
}

fn ask_for(name: &str, kind: RecordType) -> Message {
    let answer = ask(&question(name, kind));
    assert_eq!(answer.metadata.id, 7);
    assert!(answer.metadata.recursion_desired && !answer.metadata.recursion_available);
    answer
}

#[track_caller]
fn finds(name: &str, kind: RecordType, expected: &[&str]) {
    let answer = ask_for(name, kind);
    assert_eq!(answer.metadata.response_code, ResponseCode::NoError);
    assert!(answer.metadata.authoritative);
    let found: Vec<String> = answer
        .answers
        .iter()
        .map(|record| format!("{} {}", record.name, record.data))
        .collect();
    assert_eq!(found, expected);
}

/// Nothing there, and for how many seconds this may be remembered.
#[track_caller]
fn finds_nothing(name: &str, kind: RecordType, code: ResponseCode) {
    let answer = ask_for(name, kind);
    assert_eq!((answer.metadata.response_code, answer.answers.len()), (code, 0));
    let [soa] = &answer.authorities[..] else {
        panic!("{:?}", answer.authorities)
    };
    assert_eq!((soa.record_type(), soa.ttl), (RecordType::SOA, 300));
}

#[test]
fn a_name_is_found_whatever_its_case() {
    finds("www.example.org.", RecordType::A, &["www.example.org. 192.0.2.80"]);
    finds("WWW.Example.ORG.", RecordType::A, &["www.example.org. 192.0.2.80"]);
    finds(
        "80.2.0.192.in-addr.arpa.",
        RecordType::PTR,
        &["80.2.0.192.in-addr.arpa. www.example.org."],
    );
}

#[test]
fn an_alias_comes_with_what_it_stands_for() {
    let alias = "web.example.org. www.example.org.";
    finds(
        "web.example.org.",
        RecordType::AAAA,
        &[alias, "www.example.org. 2001:db8::80"],
    );
    finds("web.example.org.", RecordType::CNAME, &[alias]);
}

#[test]
fn a_circle_of_aliases_ends() {
    let circle = "$ORIGIN c.test.\n$TTL 60\n@ SOA a b 1 2 3 4 5\na CNAME b\nb CNAME a\n";
    let mut zones = Zones::default();
    zones.add(Zone::parse(circle.to_owned()).expect("a zone"));
    let query = question("a.c.test.", RecordType::A).to_vec().expect("bytes");
    let bytes = answer(&zones, &query).expect("an answer");
    assert_eq!(Message::from_vec(&bytes).expect("it can be read").answers.len(), 8);
}

#[test]
fn a_wildcard_answers_for_names_that_are_not_there() {
    finds(
        "x.y.any.example.org.",
        RecordType::A,
        &["x.y.any.example.org. 192.0.2.99"],
    );
    finds_nothing("x.any.example.org.", RecordType::AAAA, ResponseCode::NoError);
}

#[test]
fn a_name_without_such_records_is_told_from_one_that_is_not_there() {
    finds_nothing("mail.example.org.", RecordType::AAAA, ResponseCode::NoError);
    // Between a name that has records and the apex.
    finds_nothing("_udp.example.org.", RecordType::A, ResponseCode::NoError);
    finds_nothing("nowhere.example.org.", RecordType::A, ResponseCode::NXDomain);
}

#[test]
fn what_is_not_of_its_zones_is_refused() {
    for (name, kind) in [
        ("example.com.", RecordType::A),
        ("org.", RecordType::NS),
        (".", RecordType::NS),
        ("example.org.", RecordType::AXFR),
    ] {
        assert_eq!(
            ask_for(name, kind).metadata.response_code,
            ResponseCode::Refused,
            "{name}"
        );
    }
}

#[test]
fn a_question_for_everything_has_a_small_answer() {
    finds("large.example.org.", RecordType::ANY, &["large.example.org. RFC8482 "]);
}

#[test]
fn an_answer_that_is_too_long_is_cut_and_says_so() {
    let query = question("large.example.org.", RecordType::TXT);
    for query in [
        query.clone(),
        with_edns(query.clone(), 0, 100),
        with_edns(query.clone(), 0, 512),
    ] {
        let answer = ask(&query);
        assert!(answer.metadata.truncation && answer.answers.is_empty());
    }
    let answer = ask(&with_edns(query, 0, 65_535));
    assert!(!answer.metadata.truncation);
    assert_eq!((answer.answers.len(), answer.max_payload()), (6, MOST_BYTES));
}

#[test]
fn a_version_of_edns_that_is_not_known_is_refused() {
    let answer = ask(&with_edns(question("www.example.org.", RecordType::A), 1, 1232));
    // 16, which RFC 6891 calls BADVERS.
    assert_eq!(u16::from(answer.metadata.response_code), 16);
    assert_eq!((answer.version(), answer.answers.len()), (0, 0));
}

#[test]
fn answers_are_not_answered() {
    let mut query = question("www.example.org.", RecordType::A);
    query.metadata.message_type = MessageType::Response;
    assert_eq!(answer(&zones(), &query.to_vec().expect("bytes")), None);
    assert_eq!(answer(&zones(), &[0; 11]), None);
}

#[test]
fn what_is_no_good_query_gets_a_header_alone() {
    let code = |bytes: &[u8]| answer(&zones(), bytes).map(|answer| (answer.len(), answer[3] & 15));
    let good = question("www.example.org.", RecordType::A).to_vec().expect("bytes");
    let changed = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    assert_eq!(code(&good[..good.len() - 1]), Some((12, 1)), "cut");
    assert_eq!(code(&changed(5, 2)), Some((12, 1)), "two questions");
    assert_eq!(code(&changed(4, 255)), Some((12, 1)), "65,281 questions");
    assert_eq!(
        code(&changed(12, 0xc0)),
        Some((12, 1)),
        "a name that points into the header"
    );
    assert_eq!(code(&changed(2, 0x28)), Some((12, 4)), "UPDATE");
}

#[test]
fn no_datagram_makes_it_panic_or_say_more_than_it_may() {
    let query = question("web.example.org.", RecordType::A);
    let samples = [
        query.to_vec().expect("bytes"),
        with_edns(query, 0, 4096).to_vec().expect("bytes"),
        question("large.example.org.", RecordType::TXT).to_vec().expect("bytes"),
    ];
    let samples: Vec<&[u8]> = samples.iter().map(Vec::as_slice).collect();
    let zones = zones();
    let mut answered = 0;
    for datagram in mutations(&samples, 50_000) {
        let Some(bytes) = answer(&zones, &datagram) else {
            continue;
        };
        answered += 1;
        assert!(
            bytes.len() <= MOST_BYTES.into() && bytes[..2] == datagram[..2],
            "{datagram:?}"
        );
        assert!(bytes[2] & 0x80 != 0, "an answer says that it is one: {datagram:?}");
    }
    assert!(answered > 10_000, "{answered}");
}

#[test]
fn a_file_that_is_no_zone_is_refused_with_the_reason() {
    for (file, reason) in [
        ("", "$ORIGIN was not specified"),
        ("$ORIGIN a.test.\n$TTL 1\n@ A 192.0.2.1\n", "it has no SOA record"),
        (
            "$ORIGIN a.test.\n$TTL 1\n@ SOA a b 1 2 3 4 5\nb.test. A 192.0.2.1\n",
            "b.test. is not in the zone a.test.",
        ),
        (
            "$ORIGIN a.test.\n$TTL 1\n@ SOA a b 1 2 3 4 5\nsub NS ns\n",
            "sub.a.test. is delegated: delegations are not served",
        ),
        (
            "$ORIGIN a.test.\n$TTL 1\n@ SOA a b 1 2 3 4 5\nwww A 999.0.2.1\n",
            "invalid",
        ),
    ] {
        let error = Zone::parse(file.to_owned()).expect_err(file);
        assert!(format!("{error:#}").contains(reason), "{file}: {error:#}");
    }
}
