//! Reads grants files.

use std::net::SocketAddr;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::{PatternError, Right};
use super::{FileError, GrantsFile};
use crate::limits::{Limit, LimitError};
use crate::suggest;

pub(super) const SECTIONS: [&str; 4] = ["allow", "deny", "limits", "sockets"];

/// A key, a value, and where both are.
type Entry<'t> = (&'t str, Range<usize>, &'t Spanned<DeValue<'t>>);

pub(super) fn parse(text: &str) -> Result<GrantsFile, FileError> {
    if text.len() > GrantsFile::MAX_BYTES {
        let rule = format!("a grants file has at most {} bytes", GrantsFile::MAX_BYTES);
        return Err(FileError::new(
            text,
            0,
            text,
            rule,
            "write networks instead of single addresses",
        ));
    }
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = text.get(at..).unwrap_or_default();
        FileError::new(text, at, line, error.message().replace('\n', ", "), "write TOML")
    })?;
    let reader = Reader { text };
    let mut file = GrantsFile::default();
    for (key, at, value) in reader.entries(table.get_ref()) {
        let section = || reader.table(key, value);
        match key {
            "allow" | "deny" => reader.list(&mut file, key == "allow", section()?)?,
            "limits" => reader.limits(&mut file, section()?)?,
            "sockets" => reader.sockets(&mut file, section()?)?,
            _ => return Err(reader.unknown(key, at, &SECTIONS)),
        }
    }
    Ok(file)
}

struct Reader<'t> {
    text: &'t str,
}

impl<'t> Reader<'t> {
    /// In the order of the file, so that the first mistake is told.
    fn entries(&self, table: &'t DeTable<'t>) -> Vec<Entry<'t>> {
        let entries = table
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), key.span(), value));
        let mut entries: Vec<Entry<'t>> = entries.collect();
        entries.sort_by_key(|(_, at, _)| at.start);
        entries
    }

    fn error(&self, at: &Range<usize>, rule: impl Into<String>, mend: impl Into<String>) -> FileError {
        let read = self.text.get(at.clone()).unwrap_or_default();
        FileError::new(self.text, at.start, read, rule.into(), mend.into())
    }

    fn unknown(&self, key: &str, at: Range<usize>, known: &[&str]) -> FileError {
        FileError::new(self.text, at.start, key, "unknown key", suggest::one_of(key, known))
    }

    fn table(&self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Result<&'t DeTable<'t>, FileError> {
        let other = || self.error(&value.span(), format!("{key} is a section"), format!("write [{key}]"));
        value.get_ref().as_table().ok_or_else(other)
    }

    fn list(&self, file: &mut GrantsFile, allow: bool, table: &'t DeTable<'t>) -> Result<(), FileError> {
        for (key, at, value) in self.entries(table) {
            let known = Right::ALL.map(Right::as_str);
            let right: Right = key.parse().map_err(|_| self.unknown(key, at, &known))?;
            let Some(patterns) = value.get_ref().as_array() else {
                let read = &self.text[value.span()];
                let mend = match value.get_ref() {
                    DeValue::String(_) => format!("write {key} = [{read}]"),
                    _ => format!("write {key} = [\"...\"]"),
                };
                return Err(self.error(&value.span(), format!("{key} is a list of strings"), mend));
            };
            for pattern in patterns.iter() {
                let at = pattern.span();
                let text = pattern.get_ref().as_str();
                let text = text.ok_or_else(|| self.error(&at, "a pattern is a string", "write it in quotes"))?;
                let added = match allow {
                    true => file.grants.allow(right, text),
                    false => file.grants.deny(right, text),
                };
                added.map_err(|error| self.pattern(&at, &error))?;
            }
        }
        Ok(())
    }

    /// At the very character, where the string has no escapes.
    fn pattern(&self, at: &Range<usize>, error: &PatternError) -> FileError {
        let raw = &self.text[at.clone()];
        let plain = raw.get(1..raw.len().saturating_sub(1)) == Some(error.text());
        let offset = match plain {
            true => {
                let before = error.text().chars().take(error.column() - 1);
                1 + before.map(char::len_utf8).sum::<usize>()
            }
            false => 0,
        };
        let (rule, mend) = (error.rule().to_owned(), error.mend().to_owned());
        FileError::new(self.text, at.start + offset, error.text(), rule, mend)
    }

    fn limits(&self, file: &mut GrantsFile, table: &'t DeTable<'t>) -> Result<(), FileError> {
        for (key, at, value) in self.entries(table) {
            let error = |at: &Range<usize>, error: LimitError| self.error(at, error.rule(), error.mend());
            let limit: Limit = key.parse().map_err(|wrong| error(&at, wrong))?;
            let number = value.get_ref().as_integer();
            let number = number.and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
            let set = number.ok_or_else(|| limit.wrong_value(key));
            let set = set.and_then(|number| file.limits.set(limit, number).map(drop));
            set.map_err(|wrong| error(&value.span(), wrong))?;
        }
        Ok(())
    }

    fn sockets(&self, file: &mut GrantsFile, table: &'t DeTable<'t>) -> Result<(), FileError> {
        for (name, at, value) in self.entries(table) {
            if name.is_empty() || name.contains(|c: char| c == '=' || c.is_control()) {
                let rule = "a name has at least one character, none of them \"=\" or a control character";
                return Err(self.error(&at, rule, "write another name"));
            }
            let text = value.get_ref().as_str();
            let text = text.ok_or_else(|| {
                let mend = format!("write {} = \"0.0.0.0:53\"", &self.text[at.clone()]);
                self.error(&value.span(), "a socket is an address in quotes", mend)
            })?;
            let address = address(text).map_err(|(rule, mend)| self.error(&value.span(), rule, mend))?;
            file.sockets.push((name.to_owned(), address));
        }
        file.sockets.sort();
        Ok(())
    }
}

/// An address of this host, to bind.
fn address(text: &str) -> Result<SocketAddr, (String, String)> {
    let Ok(address) = text.parse::<SocketAddr>() else {
        let mend = "write an IP address of this host and a port, IPv6 in brackets, such as \"0.0.0.0:53\"";
        return Err(("no address with a port".to_owned(), mend.to_owned()));
    };
    let SocketAddr::V6(v6) = address else {
        return Ok(address);
    };
    if v6.ip().to_ipv4_mapped().is_some() {
        let plain = SocketAddr::new(v6.ip().to_canonical(), v6.port());
        return Err(("an IPv4 address".to_owned(), format!("write \"{plain}\"")));
    }
    if v6.ip().is_unicast_link_local() && v6.scope_id() == 0 {
        let mend = format!(
            "write \"[{}%2]:{}\" for the interface with the index 2",
            v6.ip(),
            v6.port()
        );
        return Err(("link-local, and no interface".to_owned(), mend));
    }
    Ok(address)
}
