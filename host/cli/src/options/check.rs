//! `datagrant check`.

use super::Granted;
use clap::{Args, ValueEnum};

const QUESTIONS: &str = r#"Questions by example, with grants by --grants FILE, by flags, or by both:
  check --grants g.toml send 192.0.2.1:53           a datagram; connect likewise
  check --grants g.toml send example.com:443        to what a name is looked up to be
  check --grants g.toml send 224.0.0.251@eth0:5353  to a group, by an interface
  check --grants g.toml send '[fe80::1%2]:9'        IPv6 stands in brackets
  check --grants g.toml bind '0.0.0.0:5353 shared'  a bind, with reuse of the port
  check --grants g.toml reply 10.0.0.7:4000 --from 0.0.0.0:53
                                                    an answer to who wrote to the socket there
  check --grants g.toml join '232.1.1.1@eth0 from 10.0.0.5'
  check --grants g.toml broadcast 192.168.1.255:9   with the guest's broadcast switch on
  check --grants g.toml resolve example.com         a lookup

It asks what a running guest's operations are asked, opens no socket and looks no name up. It prints
`allowed` or `denied`, and by which pattern or for which reason; of what is denied, the flag that
would allow it. An interface is known by its name and its index, if this host has it.

Exit status: 0 allowed, 1 denied, 2 not understood."#;

/// Ask whether grants allow an operation, and by which rule. Nothing is run.
#[derive(Debug, Args)]
#[command(after_help = QUESTIONS)]
pub struct Check {
    #[command(flatten)]
    pub granted: Granted,

    /// Where the socket is bound that is to reply.
    #[arg(long, value_name = "ADDRESS:PORT", required_if_eq("operation", "reply"))]
    pub from: Option<String>,

    /// What is to be done.
    #[arg(value_enum)]
    pub operation: Operation,

    /// The address and port, the group, or the name, as in grants: one of them, and not a network.
    pub address: String,
}

/// What can be asked about.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum Operation {
    Bind,
    Connect,
    Send,
    Reply,
    Resolve,
    Join,
    Broadcast,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::{Command, Options};
    use clap::Parser;

    #[test]
    fn every_question_of_the_help_text_is_one() {
        let questions = QUESTIONS
            .lines()
            .filter_map(|line| line.trim().strip_prefix("check --grants g.toml "));
        let mut count = 0;
        for question in questions {
            // What a shell makes of it, less the explanation.
            let words = question.split("  ").next().unwrap().split('\'');
            let words = words.enumerate().flat_map(|(place, part)| match place % 2 {
                0 => part.split_whitespace().collect(),
                _ => vec![part],
            });
            let options = Options::try_parse_from(["datagrant", "check"].into_iter().chain(words));
            match options.unwrap_or_else(|e| panic!("{question}: {e}")).command {
                Command::Check(check) => {
                    crate::check::is_understood(&check).unwrap_or_else(|e| panic!("{question}: {e}"))
                }
                other => panic!("{other:?}"),
            }
            count += 1;
        }
        assert_eq!(count, 9);
    }
}
