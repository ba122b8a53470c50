//! Prints grants files.

use std::fmt;

use super::super::{Pattern, Right};
use super::GrantsFile;

impl fmt::Display for GrantsFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grants = &self.grants;
        let lists = |list: &dyn Fn(Right) -> Vec<Pattern>| {
            Right::ALL
                .map(|right| (right, list(right)))
                .into_iter()
                .filter(|(_, patterns)| !patterns.is_empty())
                .collect()
        };
        let allow: Vec<(Right, Vec<Pattern>)> = lists(&|right| grants.allowed(right).cloned().collect());
        let deny: Vec<(Right, Vec<Pattern>)> = lists(&|right| grants.denied(right).cloned().collect());
        for (section, lists) in [("allow", allow), ("deny", deny)] {
            if !lists.is_empty() {
                writeln!(f, "[{section}]")?;
            }
            for (right, patterns) in lists {
                writeln!(f, "{right} = [")?;
                for pattern in patterns {
                    writeln!(f, "    {},", Quoted(&pattern.to_string()))?;
                }
                writeln!(f, "]")?;
            }
        }
        for (place, (limit, value)) in self.limits.set_ones().enumerate() {
            if place == 0 {
                writeln!(f, "[limits]")?;
            }
            writeln!(f, "{limit} = {value}")?;
        }
        if !self.sockets.is_empty() {
            writeln!(f, "[sockets]")?;
        }
        for (name, address) in &self.sockets {
            writeln!(f, "{} = \"{address}\"", Quoted(name))?;
        }
        Ok(())
    }
}

/// A basic string of TOML.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
                c => write!(f, "{c}")?,
            }
        }
        f.write_str("\"")
    }
}
