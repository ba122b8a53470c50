//! `cargo xtask fuzz`.

use crate::setup;
use crate::shell::{command, root, run as step, say};
use anyhow::Result;
use std::fs;
use std::process::Command;

/// What is fuzzed, and for how long.
#[derive(clap::Args)]
pub struct Options {
    /// What to fuzz; none: all, one after the other.
    #[arg(value_parser = TARGETS)]
    target: Option<String>,
    /// How long each, in seconds.
    #[arg(default_value_t = 60)]
    seconds: u64,
    /// Replace the corpus in fuzz/corpus by the smallest one that covers the same, with what fuzzing has found.
    #[arg(long)]
    minimize: bool,
}

const TARGETS: [&str; 4] = ["grammar", "file", "headers", "operations"];

pub fn run(options: &Options) -> Result<()> {
    setup::fuzzing()?;
    let chosen = |target: &&&str| options.target.as_deref().is_none_or(|chosen| chosen == **target);
    for target in TARGETS.iter().filter(chosen) {
        // What is new goes to a folder of its own; what is kept of it, somebody chooses.
        let found = format!("target/fuzz/corpus/{target}");
        let kept = format!("fuzz/corpus/{target}");
        fs::create_dir_all(root().join(&found))?;
        say(&format!(
            "Fuzzing {target} for {} s (builds with sanitizers the first time)",
            options.seconds
        ));
        step(fuzz().args([*target, &found, &kept]).args([
            "--".to_owned(),
            format!("-max_total_time={}", options.seconds),
            "-print_final_stats=1".to_owned(),
        ]))?;
        if options.minimize {
            say(&format!("Minimizing the corpus of {target}"));
            let least = format!("target/fuzz/least/{target}");
            fs::create_dir_all(root().join(&least))?;
            step(
                fuzz()
                    .args([*target, &least, &found, &kept])
                    .args(["--", "-set_cover_merge=1", "-use_counters=0"]),
            )?;
            fs::remove_dir_all(root().join(&kept))?;
            fs::rename(root().join(&least), root().join(&kept))?;
        }
    }
    Ok(())
}

/// `cargo fuzz run`, with nightly: the sanitizers need it.
fn fuzz() -> Command {
    let mut fuzz = command("rustup");
    fuzz.args(["run", "nightly", "cargo", "fuzz", "run"]);
    fuzz.args(["--fuzz-dir", "fuzz", "--target-dir", "target/fuzz"]);
    // That of the toolchain that runs this.
    fuzz.env_remove("CARGO");
    fuzz
}
