//! Reads audit files. The schema is docs/audit.md.

use super::seen::{Decision, Seen};
use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// The longest line: those of an audit have some hundred bytes.
const MAX_LINE: u64 = 1 << 20;

pub fn read(path: &Path) -> Result<Seen> {
    let mut file = BufReader::new(File::open(path)?);
    let mut seen = Seen::default();
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let length = file.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        if length == 0 {
            break;
        }
        if length as u64 == MAX_LINE && line.last() != Some(&b'\n') {
            bail!("line {number} has more than {MAX_LINE} bytes: no audit wrote it");
        }
        take(&mut seen, &line).with_context(|| format!("line {number} is not of an audit"))?;
    }
    Ok(seen)
}

/// Adds a line.
pub fn take(seen: &mut Seen, line: &[u8]) -> Result<()> {
    let line = line.trim_ascii();
    if line.is_empty() {
        return Ok(());
    }
    let object: Map<String, Value> = match serde_json::from_slice(line) {
        Ok(object) => object,
        Err(error) if error.is_eof() => {
            seen.cut += 1;
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    match text(&object, "event")? {
        "started" => seen.runs += 1,
        "left-out" => seen.left_out += number(&object, "count")?,
        "decision" => {
            let decision = Decision {
                time: text(&object, "time")?,
                operation: text(&object, "operation")?,
                subject: text(&object, "subject")?,
                reason: text(&object, "reason")?,
                rules: &texts(&object, "rules")?,
                needs: &texts(&object, "needs")?,
                count: number(&object, "count")?,
            };
            match text(&object, "verdict")? {
                "allowed" => seen.allowed(&decision)?,
                "denied" => seen.denied(&decision)?,
                "refused" => seen.refused(&decision),
                "withdrawn" => seen.withdrawn(&decision),
                other => bail!("{other:?} is no verdict"),
            }
        }
        // Of a later version, or `ended`.
        _ => {}
    }
    Ok(())
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Result<&'a str> {
    let value = object.get(key).and_then(Value::as_str);
    value.ok_or_else(|| anyhow!("it has no text {key:?}"))
}

fn number(object: &Map<String, Value>, key: &str) -> Result<u64> {
    let value = object.get(key).and_then(Value::as_u64);
    value.ok_or_else(|| anyhow!("it has no number {key:?}"))
}

fn texts<'a>(object: &'a Map<String, Value>, key: &str) -> Result<Vec<&'a str>> {
    let list = object.get(key).and_then(Value::as_array);
    let texts = list.and_then(|list| list.iter().map(Value::as_str).collect());
    texts.ok_or_else(|| anyhow!("it has no list of texts {key:?}"))
}
