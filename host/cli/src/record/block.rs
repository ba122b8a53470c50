//! The blocks of a capture that are for `--replay`, of types that the format leaves to local use: Wireshark passes them over.

use crate::status::Status;
use std::fmt::Write;

/// What is recorded, and the seed: the first of them.
pub const HEAD: u32 = 0xDA7A_0001;
/// Questions and answers: lines of the number of datagrams, the question, and the answer, between tabs.
pub const STEPS: u32 = 0xDA7A_0002;
/// Something is missing here: so many entries were lost.
pub const LOST: u32 = 0xDA7A_0003;
/// How it ended: the last of them.
pub const END: u32 = 0xDA7A_0004;

/// The version of all that.
const VERSION: &str = "1";

/// What stands at the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What the guest's random numbers come from.
    pub seed: [u8; 32],
    /// Why it cannot be replayed, if it cannot.
    pub capture_only: Option<String>,
    pub component: String,
}

impl Head {
    pub fn to_text(&self) -> String {
        let mut text = format!("datagrant-recording {VERSION}\nseed ");
        for byte in self.seed {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        if let Some(why) = &self.capture_only {
            let _ = write!(text, "\ncapture-only {why}");
        }
        let _ = writeln!(text, "\ncomponent {:?}", self.component);
        text
    }

    /// The error says what is wrong with it.
    pub fn from_text(text: &str) -> Result<Head, String> {
        let value = |key: &str| {
            let mut lines = text.lines();
            lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(' '))
        };
        match value("datagrant-recording") {
            Some(VERSION) => {}
            Some(other) => {
                return Err(format!(
                    "its format is version {other}, and this program reads {VERSION}"
                ));
            }
            None => return Err("it says no version of its format".to_owned()),
        }
        let seed = value("seed")
            .and_then(seed)
            .ok_or("it has no seed of 64 hexadecimal digits")?;
        Ok(Head {
            seed,
            capture_only: value("capture-only").map(str::to_owned),
            component: value("component").unwrap_or_default().to_owned(),
        })
    }
}

fn seed(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut seed = [0; 32];
    for (byte, at) in seed.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(seed)
}

/// How a run ended, as [`END`] says it; none: it could not be run to an end.
pub fn end(status: Option<Status>) -> String {
    match status {
        Some(Status::Exited(code)) => format!("exited {code}\n"),
        Some(Status::Trapped) => "trapped\n".to_owned(),
        Some(Status::Signalled(signal)) => format!("signalled {signal}\n"),
        None => "failed\n".to_owned(),
    }
}

pub fn read_end(text: &str) -> Option<Option<Status>> {
    let text = text.trim_end();
    let number = |word: &str| text.strip_prefix(word)?.parse().ok();
    match text {
        "trapped" => Some(Some(Status::Trapped)),
        "failed" => Some(None),
        _ => Some(Some(match number("exited ") {
            Some(code) => Status::Exited(code),
            None => Status::Signalled(number("signalled ")?),
        })),
    }
}
