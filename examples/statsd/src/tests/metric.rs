use super::*;
use datagrant_mutations::mutations;

#[track_caller]
fn reads<'a>(line: &'a str, name: &'a str, value: Value<'a>) {
    assert_eq!(parse(line.as_bytes()), Some(Metric { name, value }));
}

#[test]
fn each_type_is_read() {
    reads("hits:3|c", "hits", Value::Count(3.0));
    reads("hits:-1.5|c", "hits", Value::Count(-1.5));
    reads("a.b-c_d:7|g", "a.b-c_d", Value::Gauge(7.0));
    reads("level:+7|g", "level", Value::GaugeBy(7.0));
    reads("level:-7|g", "level", Value::GaugeBy(-7.0));
    reads("who:me & you|s", "who", Value::Member("me & you"));
    let time = Value::Time {
        milliseconds: 320.5,
        stands_for: 1.0,
    };
    reads("load:320.5|ms", "load", time);
}

#[test]
fn a_sample_stands_for_those_that_were_not_sent() {
    reads("hits:1|c|@0.1", "hits", Value::Count(10.0));
    let time = Value::Time {
        milliseconds: 8.0,
        stands_for: 4.0,
    };
    reads("load:8|ms|@0.25", "load", time);
    reads("level:7|g|@0.5", "level", Value::Gauge(7.0));
}

#[test]
fn what_is_no_metric_is_none() {
    for line in [
        "",
        ":",
        "hits",
        "hits:",
        "hits:1",
        "hits:1|",
        "hits:|c",
        ":1|c",
        "hits:1|x",
        "hits:one|c",
        "hits:1|c|",
        "hits:1|c|0.1",
        "hits:1|c|@",
        "hits:1|c|@0",
        "hits:1|c|@2",
        "hits:1|c|@-1",
        "hits:1|c|@0.1|x",
        "hits:inf|c",
        "hits:nan|g",
        "hits:1e999|c",
        "two words:1|c",
        "a/b:1|c",
        "who:|s",
        "load:-1|ms",
        "hits:1|c|#tag",
    ] {
        assert_eq!(parse(line.as_bytes()), None, "{line:?}");
    }
    assert_eq!(parse(b"who:\xff|s"), None);
}

#[test]
fn no_line_makes_it_panic_and_every_number_is_finite() {
    let samples: [&[u8]; 4] = [b"hits:1|c|@0.1", b"load:320|ms|@0.5", b"level:-10|g", b"who:me|s"];
    let mut read = 0;
    for line in mutations(&samples, 50_000) {
        let Some(metric) = parse(&line) else { continue };
        read += 1;
        let finite = match metric.value {
            Value::Count(number) | Value::Gauge(number) | Value::GaugeBy(number) => number.is_finite(),
            Value::Time {
                milliseconds,
                stands_for,
            } => milliseconds.is_finite() && stands_for.is_finite(),
            Value::Member(_) => true,
        };
        assert!(finite, "{line:?}");
    }
    assert!(read > 1000, "{read}");
}
