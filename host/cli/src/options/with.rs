//! `--with FILE[,NAME=VALUE]...`.

use anyhow::anyhow;
use std::path::PathBuf;
use std::str::FromStr;

pub const BY_EXAMPLE: &str = "\
Middlewares by example (the first is next to the host; options are that middleware's own):
  --with faults.wasm,loss=10%,seed=7  lose one datagram of ten, the same ones each time
  --with faults.wasm,delay=10ms..50ms,duplicate=5%,reorder=2%,direction=receive
                                      what the network does to what it receives
  --with 'firewall.wasm,deny-send=10.0.0.7:53,80-90,allow-bind=127.0.0.1:0'
                                      less than was granted, in the grammar of grants
A comma with NAME= behind it begins an option; another one is part of a value. What the
component imports of wasi:sockets is denied under --with, which is told. A service is run as a
command, by the pump. `datagrant compose` writes the composition to a file.
";

/// A middleware, and what it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct With {
    pub path: PathBuf,
    pub options: Vec<(String, String)>,
}

/// Options alone, for `datagrant compose --options`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said(pub Vec<(String, String)>);

impl With {
    /// What else may be wrong with a file that cannot be read.
    pub fn hint(&self, error: anyhow::Error) -> anyhow::Error {
        let text = self.path.to_string_lossy();
        match text.rsplit_once(',') {
            Some((_, last)) => anyhow!("{error:#}; if {last:?} is meant as an option, write NAME=VALUE"),
            None => error,
        }
    }
}

impl FromStr for With {
    type Err = String;

    fn from_str(text: &str) -> Result<With, String> {
        let mut parts = split(text).into_iter();
        let path = parts.next().unwrap_or_default();
        if path.is_empty() || name(path).is_some() {
            return Err("there is no file: write FILE[,NAME=VALUE]..., such as faults.wasm,loss=10%".to_owned());
        }
        Ok(With {
            path: path.into(),
            options: parts.map(pair).collect(),
        })
    }
}

impl FromStr for Said {
    type Err = String;

    fn from_str(text: &str) -> Result<Said, String> {
        let parts = split(text);
        if parts.iter().any(|part| name(part).is_none()) {
            return Err("write NAME=VALUE, with commas between, such as loss=10%,seed=7".to_owned());
        }
        Ok(Said(parts.into_iter().map(pair).collect()))
    }
}

/// At each comma behind which a `NAME=` stands. Another one is part of what it is in: patterns have lists of ports.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut begin) = (vec![], 0);
    for (at, _) in text.match_indices(',') {
        if name(&text[at + 1..]).is_some() {
            parts.push(&text[begin..at]);
            begin = at + 1;
        }
    }
    parts.push(&text[begin..]);
    parts
}

/// The name that a text begins with, if an option's name and `=` are its beginning: lower case letters, digits, hyphens.
fn name(text: &str) -> Option<&str> {
    let (name, _) = text.split_once('=')?;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (name.starts_with(|first: char| first.is_ascii_lowercase()) && name.bytes().all(plain)).then_some(name)
}

fn pair(part: &str) -> (String, String) {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    (name.to_owned(), value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(text: &str, path: &str, options: &[(&str, &str)]) {
        let options = options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let (path, options) = (path.into(), options.collect());
        assert_eq!(text.parse(), Ok(With { path, options }));
    }

    #[test]
    fn a_file_stands_first_and_options_behind_it() {
        is("f.wasm", "f.wasm", &[]);
        is("f.wasm,loss=10%,seed=7", "f.wasm", &[("loss", "10%"), ("seed", "7")]);
        is("f.wasm,a=1,a=2,b=", "f.wasm", &[("a", "1"), ("a", "2"), ("b", "")]);
    }

    #[test]
    fn a_comma_without_a_name_behind_it_is_part_of_the_value_or_of_the_file() {
        let ports = ("deny-send", "10.0.0.7:53,80-90");
        is(
            "f.wasm,deny-send=10.0.0.7:53,80-90,loss=1%",
            "f.wasm",
            &[ports, ("loss", "1%")],
        );
        is("a,b.wasm", "a,b.wasm", &[]);
        is("./dir=1/f.wasm,x=a=b", "./dir=1/f.wasm", &[("x", "a=b")]);
    }

    #[test]
    fn every_middleware_of_the_help_text_is_one() {
        let lines = BY_EXAMPLE
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--with "));
        let mut count = 0;
        for line in lines {
            let word = line.split("  ").next().unwrap().trim_matches('\'');
            let With { path, options } = word.parse().unwrap();
            assert!(path.extension().is_some_and(|extension| extension == "wasm"), "{line}");
            assert!(!options.is_empty(), "{line}");
            count += 1;
        }
        assert_eq!(count, 3);
    }

    #[test]
    fn what_has_no_file_is_none() {
        // What begins as an option does is none: a file of such a name is written with its folder, as ./a=b.wasm.
        for text in ["", "loss=10%", ",loss=10%", "a=b.wasm"] {
            assert!(text.parse::<With>().is_err(), "{text}");
        }
        assert!("f.wasm".parse::<Said>().is_err());
    }
}
