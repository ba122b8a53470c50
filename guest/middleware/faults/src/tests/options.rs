use super::*;
use datagrant_middleware::options::Options as _;

fn read(options: &[(&str, &str)]) -> Result<Options, String> {
    let options = options
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Options::read(&options.collect::<Vec<_>>())
}

#[test]
fn without_options_nothing_befalls_anything() {
    let options = read(&[]).unwrap();
    assert!(options.send.none() && options.receive.none());
    assert_eq!(options.seed, 0);
}

#[test]
fn a_direction_leaves_the_other_alone() {
    let options = read(&[("loss", "10%"), ("direction", "send")]).unwrap();
    assert!(!options.send.none() && options.receive.none());
    let options = read(&[("loss", "10%"), ("direction", "receive")]).unwrap();
    assert!(options.send.none() && !options.receive.none());
}

#[test]
fn times_have_units_and_an_order() {
    let delay = |text: &str| read(&[("delay", text)]).map(|options| options.send.delay);
    let ms = Duration::from_millis;
    assert_eq!(delay("20ms"), Ok((ms(20), ms(20))));
    assert_eq!(delay("0.5s..1s"), Ok((ms(500), ms(1000))));
    assert_eq!(delay("500us..60s"), Ok((Duration::from_micros(500), ms(60_000))));
    for text in [
        "",
        "20",
        "ms",
        "20 ms",
        "-1ms",
        "1e3ms",
        "61s",
        "50ms..10ms",
        "1ms..",
        "infs",
        "99999999999999999999s",
    ] {
        assert!(delay(text).is_err(), "{text}");
    }
}

#[test]
fn a_chance_is_what_it_says_at_both_ends() {
    let chance = |text: &str| read(&[("loss", text)]).map(|options| options.send.loss);
    assert!(!chance("0%").unwrap().happens(0));
    assert!(chance("100%").unwrap().happens(u64::MAX));
    let half = chance("50%").unwrap();
    assert!(half.happens(u64::MAX / 2) && !half.happens(u64::MAX / 2 + 1));
}
