//! A line of the StatsD protocol (<https://github.com/statsd/statsd/blob/master/docs/metric_types.md>):
//! `NAME:VALUE|TYPE`, and `|@RATE` behind it where only a sample was sent.

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric<'a> {
    pub name: &'a str,
    pub value: Value<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// `c`: so many more, times what one sent stands for.
    Count(f64),
    /// `ms`: so many milliseconds. It stands for that many that were not sent, itself included.
    Time { milliseconds: f64, stands_for: f64 },
    /// `g`: is so many now.
    Gauge(f64),
    /// `g` with a sign: is so many more or less now.
    GaugeBy(f64),
    /// `s`: was seen.
    Member(&'a str),
}

/// Reads a line, without its end; none if it is not of this form.
pub fn parse(line: &[u8]) -> Option<Metric<'_>> {
    let line = str::from_utf8(line).ok()?;
    let (name, rest) = line.split_once(':')?;
    let mut parts = rest.split('|');
    let (text, kind, rate) = (parts.next()?, parts.next()?, parts.next());
    if !is_name(name) || parts.next().is_some() {
        return None;
    }
    let stands_for = match rate {
        None => 1.0,
        // For gauges and sets it says nothing, but clients send it there too.
        Some(rate) => 1.0 / sample_rate(rate.strip_prefix('@')?)?,
    };
    let value = match kind {
        "c" => Value::Count(number(text)? * stands_for),
        "ms" => Value::Time {
            milliseconds: number(text).filter(|&milliseconds| milliseconds >= 0.0)?,
            stands_for,
        },
        "g" if text.starts_with(['+', '-']) => Value::GaugeBy(number(text)?),
        "g" => Value::Gauge(number(text)?),
        "s" if !text.is_empty() => Value::Member(text),
        _ => return None,
    };
    Some(Metric { name, value })
}

/// What stands on a line of its own in the output, and in a path of Graphite.
fn is_name(name: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !name.is_empty() && name.bytes().all(good)
}

fn sample_rate(text: &str) -> Option<f64> {
    number(text).filter(|rate| (1e-9..=1.0).contains(rate))
}

/// Rust reads `inf` and `nan` too, and one of them would spoil every sum.
fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
#[path = "tests/metric.rs"]
mod tests;
