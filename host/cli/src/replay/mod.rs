//! `--replay FILE`: a run that `--record` wrote down, once more, without network.

mod read;
mod run;

pub use run::{Outcome, Watch};

use crate::on_tape::OnTape;
use crate::record::{Head, block};
use crate::status::Status;
use anyhow::{Context, Result, anyhow, bail};
use datagrant::{Step, Tape};
use read::{Item, Reader};
use std::path::{Path, PathBuf};

/// A recording that can be replayed.
pub struct Replay {
    path: PathBuf,
    head: Head,
    /// How the recorded run ended.
    end: Option<Status>,
}

impl Replay {
    /// Reads all of it once: what cannot be replayed to its end is not begun.
    pub fn open(path: &Path) -> Result<Replay> {
        let cannot = || format!("cannot replay {}", path.display());
        let (head, end) = look_through(path).with_context(cannot)?;
        Ok(Replay {
            path: path.to_owned(),
            head,
            end,
        })
    }

    /// What the guest asks by, and its seed. `watch` is told why the recording cannot be followed any further.
    pub fn on_tape(&self, watch: &Watch) -> Result<OnTape> {
        let (reader, watch) = (Reader::open(&self.path)?, watch.clone());
        Ok(OnTape {
            tape: Tape::replay(Steps(Some(reader)), move |over| watch.over(over)),
            seed: self.head.seed,
        })
    }
}

fn look_through(path: &Path) -> Result<(Head, Option<Status>)> {
    let mut reader = Reader::open(path)?;
    let (mut head, mut end) = (None, None);
    while let Some(item) = reader.next()? {
        match item {
            Item::Head(text) if head.is_none() => head = Some(Head::from_text(&text).map_err(|why| anyhow!(why))?),
            Item::Head(_) => bail!("two recordings are in it, one behind the other: split them"),
            Item::Step(_) if head.is_none() => bail!("a step comes before the head"),
            Item::Step(_) => {}
            Item::Lost(count) => {
                bail!("{count} entries are missing in it: they came faster than they could be written")
            }
            Item::End(text) => end = Some(block::read_end(&text).ok_or_else(|| anyhow!("it ends with {text:?}"))?),
        }
    }
    let head: Head = head.ok_or_else(|| anyhow!("it is a capture, but not by `datagrant run --record`"))?;
    if let Some(why) = &head.capture_only {
        bail!("{why}: it can be looked at, but not replayed");
    }
    let end = end.ok_or_else(|| anyhow!("it has no end: the program was killed, or its disk was full"))?;
    Ok((head, end))
}

/// The steps of a file.
struct Steps(Option<Reader>);

impl Iterator for Steps {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        loop {
            match self.0.as_mut()?.next() {
                Ok(Some(Item::Step(step))) => return Some(step),
                Ok(Some(Item::Head(_))) => {}
                Ok(Some(Item::Lost(_) | Item::End(_)) | None) => self.0 = None,
                Err(error) => {
                    // It was whole when it was looked through.
                    self.0 = None;
                    return Some(Step::Broken(format!("the recording has changed: {error:#}")));
                }
            }
        }
    }
}
