use super::*;
use crate::options::Options;
use datagrant_middleware::options::Options as _;

fn fates(options: &[(&str, &str)], seed: u64, stream: u64) -> Vec<Fate> {
    let options = options
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let options = Options::read(&options.collect::<Vec<_>>()).unwrap();
    let mut fates = Fates::new(options.send, seed, stream);
    let mut next = || {
        let fate = fates.next();
        assert_eq!(fates.next(), fate, "until it is used");
        fates.used();
        fate
    };
    (0..1000).map(|_| next()).collect()
}

#[test]
fn a_seed_has_its_fates_and_each_stream_others() {
    let lossy = [("loss", "10%")];
    assert_eq!(fates(&lossy, 7, 0), fates(&lossy, 7, 0));
    assert_ne!(fates(&lossy, 7, 0), fates(&lossy, 8, 0));
    assert_ne!(fates(&lossy, 7, 0), fates(&lossy, 7, 1));
}

#[test]
fn what_is_lost_is_lost_whatever_else_is_switched_on() {
    let lost = |options: &[_]| {
        fates(options, 7, 0)
            .into_iter()
            .map(|fate| fate.lost)
            .collect::<Vec<_>>()
    };
    let alone = lost(&[("loss", "10%")]);
    assert_eq!(
        alone,
        lost(&[
            ("loss", "10%"),
            ("delay", "1ms..9ms"),
            ("duplicate", "50%"),
            ("reorder", "50%")
        ])
    );
    let more = lost(&[("loss", "20%")]);
    assert!(
        alone.iter().zip(&more).all(|(lost, more)| !lost || *more),
        "more loss loses those, too"
    );
}

#[test]
fn delays_lie_between_the_two_that_are_given() {
    let fates = fates(&[("delay", "10ms..50ms")], 7, 0);
    let delays: Vec<_> = fates.iter().flat_map(|fate| fate.delays).collect();
    let (least, most) = (delays.iter().min().unwrap(), delays.iter().max().unwrap());
    assert!(
        *least >= Duration::from_millis(10) && *least < Duration::from_millis(11),
        "{least:?}"
    );
    assert!(
        *most <= Duration::from_millis(50) && *most > Duration::from_millis(49),
        "{most:?}"
    );
}
