//! What the operator says: `loss=10%,delay=10ms..50ms,seed=7`.

use std::time::Duration;

/// The options, as they are used.
#[derive(Debug)]
pub struct Options {
    pub send: Faults,
    pub receive: Faults,
    pub seed: u64,
}

/// What befalls the datagrams of one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    pub loss: Chance,
    pub duplicate: Chance,
    pub reorder: Chance,
    /// The shortest and the longest.
    pub delay: (Duration, Duration),
}

impl Faults {
    /// Whether nothing befalls them.
    pub fn none(&self) -> bool {
        *self == Faults::default()
    }
}

/// How often something happens: in so many of 2^53 cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chance(u64);

impl Chance {
    const OF: u64 = 1 << 53;

    /// Whether it happens, by a number of 64 random bits.
    pub fn happens(self, random: u64) -> bool {
        random >> 11 < self.0
    }
}

/// The longest delay: longer ones are better had by a guest of one's own.
const LONGEST: Duration = Duration::from_secs(60);

const KNOWN: &str = "loss, duplicate, reorder, delay, seed and direction";

impl datagrant_middleware::options::Options for Options {
    fn read(options: &[(String, String)]) -> Result<Options, String> {
        let (mut faults, mut seed, mut direction) = (Faults::default(), 0, "both");
        for (place, (name, value)) in options.iter().enumerate() {
            if options[..place].iter().any(|(earlier, _)| earlier == name) {
                return Err(format!("the option {name} is given twice: leave one of them"));
            }
            let because = |mend: &str| format!("{name}={value} is not understood: {mend}");
            match name.as_str() {
                "loss" => faults.loss = chance(value).ok_or_else(|| because(PERCENT))?,
                "duplicate" => faults.duplicate = chance(value).ok_or_else(|| because(PERCENT))?,
                "reorder" => faults.reorder = chance(value).ok_or_else(|| because(PERCENT))?,
                "delay" => faults.delay = delay(value).ok_or_else(|| because(TIME))?,
                "seed" => {
                    seed = value
                        .parse()
                        .map_err(|_| because("write a whole number, from 0 to 2^64 - 1"))?
                }
                "direction" => match value.as_str() {
                    "send" | "receive" | "both" => direction = value,
                    _ => return Err(because("write send, receive or both")),
                },
                _ => return Err(format!("there is no option {name}: they are {KNOWN}")),
            }
        }
        let of = |other| if direction == other { Faults::default() } else { faults };
        Ok(Options {
            send: of("receive"),
            receive: of("send"),
            seed,
        })
    }
}

const PERCENT: &str = "write a percentage from 0% to 100%, such as 10% or 0.5%";
const TIME: &str = "write a time of at most 60s, such as 20ms, or the shortest and the longest, such as 10ms..50ms";

fn chance(text: &str) -> Option<Chance> {
    let percent: f64 = number(text.strip_suffix('%')?)?;
    (percent <= 100.0).then(|| Chance((percent / 100.0 * Chance::OF as f64).round() as u64))
}

fn delay(text: &str) -> Option<(Duration, Duration)> {
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    let (least, most) = (time(least)?, time(most)?);
    (least <= most && most <= LONGEST).then_some((least, most))
}

fn time(text: &str) -> Option<Duration> {
    let units = [("us", 1e-6), ("ms", 1e-3), ("s", 1.0)];
    let (digits, unit) = units
        .iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, *seconds)))?;
    Duration::try_from_secs_f64(number(digits)? * unit).ok()
}

/// As people write it: not `1e3`, `inf` or `+5`.
fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
#[path = "tests/options.rs"]
mod tests;
