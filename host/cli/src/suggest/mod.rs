//! `datagrant suggest`: the grants that an audit says were used.

mod merge;
mod print;
mod read;
mod seen;

use crate::{options, told};
use anyhow::{Context, Result};
use datagrant::grants::GrantsFile;

/// Prints a grants file.
pub fn suggest(options: &options::Suggest) -> Result<()> {
    let path = options.audit.display();
    let mut seen = read::read(&options.audit).with_context(|| format!("cannot suggest from {path}"))?;
    seen.merge(options.merge, options.merge_v6);
    let file = print::print(&seen, &options.audit, options.include_denied);
    // What is printed is understood, or not printed.
    GrantsFile::parse(&file).context("the suggestion is no grants file: try --merge /24")?;
    told::print(&file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use seen::Seen;
    use std::hash::{DefaultHasher, Hasher};
    use std::path::Path;

    const LINES: &[&str] = &[
        r#"{"time":"2026-11-26T18:00:00.123Z","event":"decision","worker":1,"operation":"bind","subject":"[ff02::fb%2]:5353","verdict":"allowed","reason":"granted","rules":["allow bind [ff02::fb]:5353"],"needs":["bind [ff02::fb]:5353 shared","join [ff02::fb]@eth0"],"count":1}"#,
        r#"{"time":"2026-11-26T18:00:00.123Z","event":"decision","worker":1,"operation":"send","subject":"192.0.2.1:53","verdict":"denied","reason":"not-granted","rules":[],"needs":["send 192.0.2.1:53","send [2001:db8::1]:53"],"count":12}"#,
        r#"{"time":"2026-11-26T18:00:00.123Z","event":"left-out","worker":1,"operation":"send","verdict":"denied","reason":"not-granted","count":3}"#,
    ];

    #[test]
    fn whatever_is_read_what_is_printed_is_a_grants_file() {
        let bytes = b"\"\\,:[]{}0aZ \n\x1b\xff@*%/-";
        let mut number = 0_u64;
        let mut random = |below: usize| {
            number += 1;
            let mut hasher = DefaultHasher::new();
            hasher.write_u64(number);
            hasher.finish() as usize % below
        };
        let mut understood = 0;
        for _ in 0..20_000 {
            let mut line = LINES[random(LINES.len())].as_bytes().to_vec();
            for _ in 0..random(3) {
                let at = random(line.len());
                match random(3) {
                    0 => line[at] = bytes[random(bytes.len())],
                    1 => line.insert(at, bytes[random(bytes.len())]),
                    _ => line.truncate(at.max(1)),
                }
            }
            let mut seen = Seen::default();
            if read::take(&mut seen, &line).is_ok() {
                understood += 1;
                seen.merge(Some(24), Some(64));
                for denied in [false, true] {
                    let text = print::print(&seen, Path::new("a\nb"), denied);
                    GrantsFile::parse(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
                }
            }
        }
        assert!(understood > 1000, "{understood}");
    }
}
