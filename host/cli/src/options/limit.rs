//! `--limit NAME=VALUE`.

use datagrant::{Limit, Limits};

/// A limit that was set on the command line.
pub fn parse(text: &str) -> Result<(Limit, u64), String> {
    let Some((name, value)) = text.split_once('=') else {
        let limit: Limit = text.parse().map_err(|wrong| format!("{wrong}"))?;
        let value = limit.default_value().unwrap_or(limit.greatest());
        return Err(format!(
            "{text:?} has no value: write NAME=VALUE, such as {limit}={value}"
        ));
    };
    let limit: Limit = name.parse().map_err(|wrong| format!("{wrong}"))?;
    let number = value.parse().map_err(|_| limit.wrong_value(value));
    let set = number.and_then(|number| Limits::new().set(limit, number).map(|_| (limit, number)));
    set.map_err(|wrong| format!("{wrong}"))
}

/// All of them, for `--help`.
pub fn help() -> String {
    let mut text = String::from(
        "Limits, for --limit NAME=VALUE and for [limits] of a file (a flag wins over the file; for the whole service, unless\n\
         an instance or a socket is named):\n",
    );
    for limit in Limit::ALL {
        let default = limit
            .default_value()
            .map_or("none".to_owned(), |value| value.to_string());
        let names = format!("{limit} ({default})");
        text += &format!("  {names:<42} {}\n", limit.meaning());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_name_and_a_number() {
        assert_eq!(parse("sockets=16"), Ok((Limit::Sockets, 16)));
        assert_eq!(
            parse("sent-bytes-per-second=1000000"),
            Ok((Limit::SentBytesPerSecond, 1_000_000))
        );
    }

    #[test]
    fn what_is_no_limit_is_told_with_the_rule_and_the_mend() {
        for (text, problem) in [
            (
                "sockets",
                "\"sockets\" has no value: write NAME=VALUE, such as sockets=256",
            ),
            (
                "sokets=4",
                "sokets: unknown limit: did you mean sockets? It takes sockets, *",
            ),
            (
                "sokets",
                "sokets: unknown limit: did you mean sockets? It takes sockets, *",
            ),
            ("=4", ": unknown limit: write one of sockets, *"),
            ("sockets=", ": sockets is a whole number: write one from 0 to 65536"),
            (
                "sockets=many",
                "many: sockets is a whole number: write one from 0 to 65536",
            ),
            ("sockets=-1", "-1: sockets is a whole number: write one from 0 to 65536"),
            ("peers=1", "1: peers is a whole number: write one from 128 to 65536"),
            (
                "sockets=99999999999999999999999",
                "99999999999999999999999: sockets is a whole number: write one from 0 to 65536",
            ),
        ] {
            let told = parse(text).unwrap_err();
            match problem.strip_suffix('*') {
                Some(beginning) => assert!(told.starts_with(beginning), "{told}"),
                None => assert_eq!(told, problem),
            }
        }
    }

    #[test]
    fn the_help_text_names_each_limit() {
        let help = help();
        assert!(
            Limit::ALL.iter().all(|limit| help.contains(&format!("\n  {limit} ("))),
            "{help}"
        );
    }
}
