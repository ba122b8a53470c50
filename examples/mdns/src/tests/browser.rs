use super::*;
use crate::PORT;
use crate::responder::{Answer, Responder};
use crate::service::Service;
use datagrant_mutations::mutations;
use std::time::Instant;

fn service() -> Service {
    Service {
        instance: "My printer".to_owned(),
        kind: "_ipp._tcp".to_owned(),
        address: [10, 0, 0, 1].into(),
        port: 631,
        texts: vec!["rp=queue".to_owned(), "bad\u{1b}[2J".to_owned()],
    }
}

fn responder() -> Responder {
    Responder::new(&service()).expect("a service")
}

fn browser() -> Browser {
    Browser::new("_ipp._tcp").expect("a type")
}

#[test]
fn what_a_responder_answers_is_found_once() {
    let (mut browser, mut responder) = (browser(), responder());
    let query = browser.query().expect("a query");
    let Some(Answer::Group { bytes, .. }) = responder.answer(&query, PORT, Instant::now()) else {
        panic!("no answer")
    };
    browser.hear(&bytes);
    let expected = Found {
        instance: "My printer".to_owned(),
        host: "datagrant-10-0-0-1.local.".to_owned(),
        address: [10, 0, 0, 1].into(),
        port: 631,
        texts: vec!["rp=queue".to_owned(), "bad?[2J".to_owned()],
    };
    assert_eq!(browser.found(), [expected]);
    browser.hear(&bytes);
    assert_eq!(browser.found(), []);
    // The next query says that it is known: it is not told again.
    let query = browser.query().expect("a query");
    let later = Instant::now() + std::time::Duration::from_secs(5);
    assert_eq!(responder.answer(&query, PORT, later), None);
}

#[test]
fn what_is_missing_is_asked_for() {
    let (mut browser, mut responder) = (browser(), responder());
    let mut pointer = read(&responder.announce(Instant::now())).expect("it can be read");
    pointer.answers.truncate(1);
    browser.hear(&pointer.to_vec().expect("bytes"));
    assert_eq!(browser.found(), []);
    let later = Instant::now() + std::time::Duration::from_secs(5);
    let query = browser.query().expect("a query");
    let Some(Answer::Group { bytes, .. }) = responder.answer(&query, PORT, later) else {
        panic!("no answer")
    };
    browser.hear(&bytes);
    let query = browser.query().expect("a query");
    let Some(Answer::Group { bytes, .. }) = responder.answer(&query, PORT, later) else {
        panic!("no answer for its host")
    };
    browser.hear(&bytes);
    assert_eq!(browser.found().len(), 1);
}

#[test]
fn services_of_other_types_and_goodbyes_are_not_found() {
    let mut browser = browser();
    let other = Service {
        kind: "_http._tcp".to_owned(),
        ..service()
    };
    browser.hear(&Responder::new(&other).expect("a service").announce(Instant::now()));
    let mut goodbye = read(&responder().announce(Instant::now())).expect("it can be read");
    goodbye.answers.iter_mut().for_each(|record| record.ttl = 0);
    browser.hear(&goodbye.to_vec().expect("bytes"));
    assert_eq!(browser.found(), []);
    assert!(browser.services.is_empty());
}

#[test]
fn who_invents_services_is_held_and_the_query_stays_short() {
    let mut browser = browser();
    for n in 0..2 * MOST {
        let instance = format!("{n} {}", "x".repeat(50));
        let invented = Service {
            instance,
            address: [10, 0, (n >> 8) as u8, n as u8].into(),
            ..service()
        };
        browser.hear(&Responder::new(&invented).expect("a service").announce(Instant::now()));
    }
    assert_eq!((browser.services.len(), browser.hosts.len()), (MOST, MOST));
    assert!(browser.query().expect("a query").len() < 1400);
}

#[test]
fn no_datagram_makes_it_panic() {
    let mut browser = browser();
    let announced = responder().announce(Instant::now());
    let mut found = 0;
    for datagram in mutations(&[&announced], 50_000) {
        browser.hear(&datagram);
        found += browser.found().len();
        browser.query().expect("a query");
    }
    assert!(found > 10, "{found}");
}
