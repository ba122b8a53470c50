//! The file: comments for a person, and a grants file that grants nothing.

use super::abilities::Abilities;
use super::shape::Shape;
use crate::component::{Kind, is_asynchronous_run};
use datagrant::grants::Right;
use std::collections::BTreeMap;
use std::fmt::{Result, Write};
use std::path::Path;

pub fn print(path: &Path, shape: &Shape, abilities: &Abilities, missing: Option<&[&str]>) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = comments(&mut text, path, shape, abilities, missing);
    let _ = file(&mut text, abilities);
    text
}

fn comments(text: &mut String, path: &Path, shape: &Shape, abilities: &Abilities, missing: Option<&[&str]>) -> Result {
    let path = path.to_string_lossy();
    let path = path.escape_debug();
    writeln!(text, "# {path}: what it imports, and a grants file to start from.\n#")?;
    for line in kinds(shape) {
        writeln!(text, "# It is {line}.")?;
    }
    if shape.imports.is_empty() {
        writeln!(text, "# It imports nothing.")?;
    } else {
        writeln!(text, "# It imports:")?;
    }
    for (package, interfaces) in packages(shape) {
        match here(&package) {
            Some(what) => writeln!(text, "#   {}, {what}:", package.escape_debug())?,
            None => writeln!(text, "#   {}:", package.escape_debug())?,
        }
        for line in lines(&interfaces) {
            writeln!(text, "#     {line}")?;
        }
    }
    match missing {
        Some([]) => {}
        Some(missing) => {
            writeln!(text, "# Not offered here, in whole or in part, so that it cannot run:")?;
            for name in missing {
                writeln!(text, "#   {}", name.escape_debug())?;
            }
        }
        None => writeln!(text, "# Whether all of it is offered here, is seen when it is run.")?,
    }
    let (able, unable): (Vec<Right>, Vec<Right>) = Right::ALL
        .into_iter()
        .partition(|right| abilities.lacks(*right).is_none());
    let able: Vec<&str> = able.iter().map(|right| right.as_str()).collect();
    writeln!(text, "#")?;
    match able[..] {
        [] => writeln!(text, "# It can use none of the rights.")?,
        _ => writeln!(text, "# It could use the rights {}.", able.join(", "))?,
    }
    for right in unable {
        writeln!(text, "#   Not {right}: {}.", abilities.lacks(right).unwrap_or_default())?;
    }
    if abilities.lacks(Right::Send).is_none() && abilities.lacks(Right::Resolve).is_some() {
        writeln!(text, "#   Not names in send: they stand for what it has looked up.")?;
    }
    writeln!(text, "#")?;
    writeln!(
        text,
        "# Nothing is granted as it stands. Take the # away from what it is to have, with your own addresses."
    )
}

/// What can be done with it.
fn kinds(shape: &Shape) -> Vec<String> {
    let kind = |export: &String| match Kind::of(export)? {
        Kind::Command if is_asynchronous_run(export) => Some("a command of WASI 0.3, for `datagrant run`".to_owned()),
        Kind::Command => Some("a command of WASI 0.2, for `datagrant run`".to_owned()),
        Kind::Service => Some("a service, for `datagrant serve`".to_owned()),
    };
    let kinds: Vec<String> = shape.exports.iter().filter_map(kind).collect();
    if !kinds.is_empty() {
        return kinds;
    }
    let exports: Vec<String> = shape
        .exports
        .iter()
        .map(|name| name.escape_debug().to_string())
        .collect();
    let exports = if exports.is_empty() {
        "nothing".to_owned()
    } else {
        exports.join(", ")
    };
    vec![format!(
        "neither a command nor a service, and cannot be run by itself: it exports {exports}"
    )]
}

/// Interfaces by their packages, with the versions, in order.
fn packages(shape: &Shape) -> BTreeMap<String, Vec<String>> {
    let mut packages = BTreeMap::<String, Vec<String>>::new();
    for import in &shape.imports {
        let (name, version) = import.name.split_once('@').unwrap_or((&import.name, ""));
        let (package, interface) = name.split_once('/').unwrap_or((name, "a name of its own"));
        let package = match version {
            "" => package.to_owned(),
            version => format!("{package}@{version}"),
        };
        packages
            .entry(package)
            .or_default()
            .push(interface.escape_debug().to_string());
    }
    packages.values_mut().for_each(|interfaces| interfaces.sort());
    packages
}

/// With commas between, in lines of some 90 characters.
fn lines(words: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in words {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < 90 => *line += &format!(", {word}"),
            Some(line) => {
                line.push(',');
                lines.push(word.clone());
            }
            None => lines.push(word.clone()),
        }
    }
    lines
}

/// What a package gives here.
fn here(package: &str) -> Option<&'static str> {
    Some(match package.split('@').next()? {
        "datagrant:dgram" => "UDP, by the grants below",
        "wasi:sockets" => "UDP, by the same grants; TCP is refused",
        "wasi:filesystem" => "files, of --dir alone",
        "wasi:cli" => "arguments, --env, stdio",
        "wasi:clocks" => "time",
        "wasi:random" => "random numbers",
        "wasi:io" => "streams and waiting",
        _ => return None,
    })
}

/// An example for each right, and what it is for.
fn example(right: Right, names: bool) -> (&'static str, &'static str) {
    match right {
        Right::Bind => (
            "Where it receives, and answers who wrote in the last 60 s",
            r#"["127.0.0.1:41234"]"#,
        ),
        Right::Send if names => (
            "Where it sends to, and hears the answers from; a name takes resolve, too",
            r#"["192.0.2.1:53", "example.com:443"]"#,
        ),
        Right::Send => ("Where it sends to, and hears the answers from", r#"["192.0.2.1:53"]"#),
        Right::Broadcast => ("Broadcast addresses, one by one", r#"["192.168.1.255:9"]"#),
        Right::Resolve => ("Names that it looks up", r#"["example.com", "*.example.com"]"#),
        _ => (
            "Multicast groups, and the interface that it hears them on",
            r#"["224.0.0.251@eth0"]"#,
        ),
    }
}

fn file(text: &mut String, abilities: &Abilities) -> Result {
    let able = |right: &Right| abilities.lacks(*right).is_none();
    let names = able(&Right::Resolve);
    writeln!(text, "\n[allow]")?;
    for right in Right::ALL.into_iter().filter(able) {
        let (what, patterns) = example(right, names);
        writeln!(text, "# {what}:\n# {right} = {patterns}")?;
    }
    writeln!(text, "\n[deny]")?;
    if able(&Right::Send) || able(&Right::Bind) {
        writeln!(
            text,
            "# Wins over all that is allowed, over replies too:\n# send = [\"@private:*\"]"
        )?;
    }
    writeln!(text, "\n[limits]\n# How many sockets at once:\n# sockets = 16")?;
    if abilities.takes_sockets() {
        writeln!(
            text,
            "\n[sockets]\n# Bound by the program, and taken by this name:\n# dns = \"0.0.0.0:53\""
        )?;
    }
    Ok(())
}
