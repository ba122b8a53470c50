use super::*;
use datagrant_mutations::mutations;
use hickory_proto::rr::rdata::A;
use hickory_proto::rr::{Name, RData};

fn service() -> Service {
    Service {
        instance: "My printer. Really".to_owned(),
        kind: "_ipp._tcp".to_owned(),
        address: [10, 0, 0, 1].into(),
        port: 631,
        texts: vec!["rp=queue".to_owned()],
    }
}

fn responder() -> Responder {
    Responder::new(&service()).expect("a service")
}

fn query(name: &str, kind: RecordType) -> Message {
    let mut query = message(MessageType::Query);
    query.add_query(question(&Name::from_ascii(name).expect("a name"), kind));
    query
}

/// Types of the answers and of what comes with them.
fn types(answer: &[u8]) -> (Vec<String>, Vec<String>) {
    let answer = read(answer).expect("it can be read");
    let types = |records: Vec<Record>| records.iter().map(|record| record.record_type().to_string()).collect();
    (types(answer.answers), types(answer.additionals))
}

fn to_group(answer: Option<Answer>) -> (Vec<u8>, bool) {
    match answer {
        Some(Answer::Group { bytes, late }) => (bytes, late),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_browser_that_asks_for_the_type_is_told_all_of_it() {
    let mut responder = responder();
    let asked = bytes(&query("_IPP._tcp.local.", RecordType::PTR));
    let (answer, late) = to_group(responder.answer(&asked, PORT, Instant::now()));
    assert!(late, "others may have such a service");
    let (answers, additionals) = types(&answer);
    assert_eq!(
        (answers.join(" "), additionals.join(" ")),
        ("PTR".to_owned(), "SRV TXT A".to_owned())
    );
    assert_eq!(read(&answer).expect("it can be read").metadata.id, 0);
}

#[test]
fn what_is_its_own_is_told_at_once_and_takes_the_place_of_what_was_known() {
    let mut responder = responder();
    let asked = bytes(&query("datagrant-10-0-0-1.local.", RecordType::A));
    let (answer, late) = to_group(responder.answer(&asked, PORT, Instant::now()));
    let answer = read(&answer).expect("it can be read");
    assert!(!late);
    assert_eq!(answer.answers[0].data, RData::A(A([10, 0, 0, 1].into())));
    assert_eq!(u16::from(answer.answers[0].dns_class), 0x8001);
}

#[test]
fn nothing_is_told_twice_in_a_second() {
    let (mut responder, now) = (responder(), Instant::now());
    let asked = bytes(&query("_ipp._tcp.local.", RecordType::PTR));
    assert!(responder.answer(&asked, PORT, now).is_some());
    assert_eq!(responder.answer(&asked, PORT, now + AGAIN / 2), None);
    assert!(responder.answer(&asked, PORT, now + AGAIN).is_some());
}

#[test]
fn who_is_about_to_take_the_name_is_told_soon_that_it_is_taken() {
    let (mut responder, now) = (responder(), Instant::now());
    responder.announce(now);
    let probe = responder.probe();
    assert_eq!(responder.answer(&probe, PORT, now + AGAIN / 5), None);
    let (answer, late) = to_group(responder.answer(&probe, PORT, now + AGAIN / 4));
    assert_eq!((types(&answer).0.join(" "), late), ("SRV TXT A".to_owned(), false));
}

#[test]
fn who_knows_it_already_is_not_told() {
    let mut responder = responder();
    let known = responder.records[0].0.clone();
    let mut asked = query("_ipp._tcp.local.", RecordType::PTR);
    asked.add_answer(known.clone());
    assert_eq!(responder.answer(&bytes(&asked), PORT, Instant::now()), None);
    // Not for long any more: then it is.
    asked.answers[0].ttl = known.ttl / 2 - 1;
    assert!(responder.answer(&bytes(&asked), PORT, Instant::now()).is_some());
}

#[test]
fn who_knows_nothing_of_multicast_is_answered_as_by_a_dns_server() {
    let mut responder = responder();
    let mut asked = query("datagrant-10-0-0-1.local.", RecordType::A);
    asked.metadata.id = 77;
    let Some(Answer::Asker(answer)) = responder.answer(&bytes(&asked), 4000, Instant::now()) else {
        panic!("an answer to who asked")
    };
    let answer = read(&answer).expect("it can be read");
    assert_eq!((answer.metadata.id, answer.queries.len()), (77, 1));
    assert_eq!((answer.answers[0].ttl, answer.answers[0].dns_class), (10, DNSClass::IN));
}

#[test]
fn what_is_not_asked_for_is_not_answered() {
    let mut responder = responder();
    for (name, kind) in [
        ("_http._tcp.local.", RecordType::PTR),
        ("_ipp._tcp.local.", RecordType::A),
        ("local.", RecordType::ANY),
    ] {
        assert_eq!(
            responder.answer(&bytes(&query(name, kind)), PORT, Instant::now()),
            None,
            "{name}"
        );
    }
    let announced = responder.announce(Instant::now());
    assert_eq!(responder.answer(&announced, PORT, Instant::now()), None, "an answer");
}

#[test]
fn a_probe_asks_for_its_own_names_and_says_what_is_meant_to_be_there() {
    let probe = read(&responder().probe()).expect("it can be read");
    let asked: Vec<String> = probe.queries.iter().map(|query| query.name().to_string()).collect();
    assert_eq!(
        asked,
        [
            "My\\040printer\\.\\040Really._ipp._tcp.local.",
            "datagrant-10-0-0-1.local."
        ]
    );
    assert_eq!(probe.authorities.len(), 3);
}

#[test]
fn only_other_data_of_its_own_names_is_a_conflict() {
    let mut responder = responder();
    let own = responder.announce(Instant::now());
    assert!(!responder.is_contested_by(&own), "what it says itself comes back");

    let other = Service { port: 632, ..service() };
    let other = Responder::new(&other).expect("a service").announce(Instant::now());
    assert!(responder.is_contested_by(&other));

    let mut elsewhere = service();
    (elsewhere.instance, elsewhere.address) = ("Another".to_owned(), [10, 0, 0, 2].into());
    let elsewhere = Responder::new(&elsewhere).expect("a service").announce(Instant::now());
    assert!(!responder.is_contested_by(&elsewhere));
}

#[test]
fn what_cannot_be_advertised_is_refused() {
    let refused = |service: Service| format!("{:#}", Responder::new(&service).err().expect("an error"));
    for kind in [
        "ipp",
        "_ipp",
        "_ipp._sctp",
        "_._tcp",
        "_a_b._tcp",
        "_sixteen-bytes-is._tcp",
    ] {
        let kind = kind.to_owned();
        assert!(refused(Service { kind, ..service() }).starts_with("not a type of services"));
    }
    let instance = "x".repeat(64);
    assert!(refused(Service { instance, ..service() }).starts_with("not a name of 1 to 63 bytes"));
    let texts = vec!["x".repeat(256)];
    assert!(refused(Service { texts, ..service() }).starts_with("longer than 255 bytes"));
    let texts = vec!["x".repeat(255); 6];
    assert_eq!(
        refused(Service { texts, ..service() }),
        "the texts are longer than a datagram should be"
    );
}

#[test]
fn no_datagram_makes_it_panic() {
    let mut responder = responder();
    let now = Instant::now();
    let samples = [
        responder.announce(now),
        responder.probe(),
        bytes(&query("_ipp._tcp.local.", RecordType::PTR)),
        bytes(&query("datagrant-10-0-0-1.local.", RecordType::ANY)),
    ];
    let samples: Vec<&[u8]> = samples.iter().map(Vec::as_slice).collect();
    let (mut answered, mut contested) = (0, 0);
    for (n, datagram) in (1..).zip(mutations(&samples, 50_000)) {
        contested += usize::from(responder.is_contested_by(&datagram));
        let answer = responder.answer(&datagram, PORT, now + AGAIN * n);
        answered += usize::from(answer.is_some());
    }
    assert!(answered > 1000 && contested > 10, "{answered} {contested}");
}
