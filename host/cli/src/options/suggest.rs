//! `datagrant suggest`.

use clap::Args;
use std::path::PathBuf;

const REVIEW: &str = "\
The file is for a person to review: it allows what was used, with ports as they were, and says in
comments how often and when. What was denied is in it as comments, since nothing is allowed by
asking for it. It covers the same run again: what follows from other rights, replies and client
sockets, takes no grant. Sockets of --socket stand there as comments; denials of yours do not, and you
may want to add them.

  datagrant run app.wasm --grants wide.toml --audit audit.jsonl
  datagrant suggest audit.jsonl > narrow.toml

A file may have several runs. Lines that a crash has cut are left out, and counted; any other line
that is not of an audit is an error.";

/// Suggest the narrowest grants that would have covered the runs of an audit file.
#[derive(Debug, Args)]
#[command(after_help = REVIEW)]
pub struct Suggest {
    /// What --audit wrote.
    pub audit: PathBuf,

    /// Allow what was denied, too, where a grant can.
    #[arg(long)]
    pub include_denied: bool,

    /// Write one network of this size for two or more IPv4 addresses in it that were sent to on the same port.
    #[arg(long, value_name = "/BITS", value_parser = prefix::<32>)]
    pub merge: Option<u8>,

    /// The same for IPv6.
    #[arg(long, value_name = "/BITS", value_parser = prefix::<128>)]
    pub merge_v6: Option<u8>,
}

fn prefix<const MOST: u8>(text: &str) -> Result<u8, String> {
    let bits = text.strip_prefix('/').unwrap_or(text).parse().ok();
    let bits = bits.filter(|bits| (1..=MOST).contains(bits));
    bits.ok_or_else(|| format!("write a prefix length from /1 to /{MOST}"))
}
