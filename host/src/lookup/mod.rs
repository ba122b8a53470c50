//! Looking names up. It knows the resolver library, and nothing of wasmtime.
//!
//! - [`Lookups`]: the lookups of an instance
//! - [`Lookup`]: one of them, or its answer
//!
//! The hosts file is asked by exact name first, then a name server, with an absolute query: no search domains, whatever
//! the system's configuration says (grants, rule 7). What comes of it is pinned before the guest learns it.

mod answer;
mod hosts;
mod order;
mod resolver;
mod system;
#[cfg(test)]
mod tests;

use crate::grants::{Name, Resolve};
use crate::limits::Limit;
use crate::socket::{Authority, ErrorCode, Family, Held, Live};
use crate::tape::Tape;
use answer::Found;
use hickory_resolver::proto::rr;
use resolver::Resolver;
use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::SetOnce;
use tokio::task::AbortHandle;

/// The longest time that a lookup takes, whatever name servers do; mostly the configured timeouts end it earlier.
const PATIENCE: Duration = Duration::from_secs(60);

/// A name that has other letters too, as name servers know it: "Unicode domain names are automatically converted to ASCII using
/// IDNA encoding" (wasi:sockets). What is ASCII stays as it is, whether it is a name or not.
pub(crate) fn to_ascii(name: &str) -> Result<Cow<'_, str>, ErrorCode> {
    if name.is_ascii() {
        return Ok(Cow::Borrowed(name));
    }
    let name = rr::Name::from_utf8(name).map_err(|_| ErrorCode::InvalidArgument)?;
    Ok(Cow::Owned(name.to_ascii()))
}

/// The lookups of an instance.
pub(crate) struct Lookups {
    resolver: Arc<Resolver>,
}

/// A place among the lookups that there may be, held by the guest's handle and by the work, whichever lasts longer.
type Place = Arc<Held>;

type Answer = Result<Vec<Found>, ErrorCode>;

/// A lookup under way, or its answer. Shared by the table that the guest's handles lead to and by waits in progress.
pub struct Lookup {
    id: u32,
    name: Name,
    authority: Arc<Authority>,
    answer: Arc<SetOnce<Answer>>,
    /// None: a recording has the answer.
    work: Option<AbortHandle>,
    _place: Place,
}

impl Lookups {
    /// `servers`: the name servers to ask; none: those of the system.
    pub(crate) fn new(servers: Vec<SocketAddr>) -> Lookups {
        Lookups {
            resolver: Arc::new(Resolver::new(servers)),
        }
    }

    /// Begins to look `name` up. It runs in the tokio runtime of the caller.
    ///
    /// # Panics
    /// Outside a tokio runtime, as all of tokio.
    pub(crate) fn start(
        &self,
        id: u32,
        name: &str,
        family: Option<Family>,
        authority: &Arc<Authority>,
    ) -> Result<Arc<Lookup>, ErrorCode> {
        let name: Name = name.parse().map_err(|_| ErrorCode::InvalidArgument)?;
        authority.decide(&Resolve { name: &name })?;
        let place = Arc::new(Self::place(id, &name, family, authority)?);
        let answer = Arc::new(SetOnce::new());
        let lookup = |work, place, answer| {
            Arc::new(Lookup {
                id,
                name: name.clone(),
                authority: authority.clone(),
                answer,
                work,
                _place: place,
            })
        };
        if authority.network.tape().is_some_and(Tape::is_replay) {
            return Ok(lookup(None, place, answer));
        }
        let telling = Telling(answer.clone());
        let (resolver, pinning, held, asked) = (self.resolver.clone(), authority.clone(), place.clone(), name.clone());
        let work = tokio::spawn(async move {
            let found = tokio::time::timeout(PATIENCE, resolver.resolve(&asked, family, held)).await;
            let found = found.unwrap_or(Err(ErrorCode::TemporaryResolverFailure));
            telling.tell(found.and_then(|found| {
                pinning.pin(&asked, &found, Instant::now())?;
                Ok(found)
            }));
        });
        let lookup = lookup(Some(work.abort_handle()), place, answer);
        authority.living.add(&lookup);
        Ok(lookup)
    }

    /// A place among those that there may be. Whether there is one depends on when those before have ended, so that a recording
    /// tells it.
    fn place(id: u32, name: &Name, family: Option<Family>, authority: &Authority) -> Result<Held, ErrorCode> {
        let Some(tape) = authority.network.tape() else {
            return authority.quota.hold(Limit::Lookups, 1);
        };
        let question = || format!("lookup {id} {name} {}", words(family));
        if tape.is_replay() {
            tape.ask::<Result<(), ErrorCode>>(question, || Ok(()))?;
            return Ok(authority.quota.hold_anyway(Limit::Lookups, 1));
        }
        let place = authority.quota.hold(Limit::Lookups, 1);
        tape.ask(question, || place.as_ref().map(drop).map_err(|code| *code))?;
        place
    }
}

impl Lookup {
    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// `would-block` until it is there. Judged once more: the grants may be others than when it began.
    pub(crate) fn answer(&self) -> Result<Vec<IpAddr>, ErrorCode> {
        let told = || self.answer.get().cloned().unwrap_or(Err(ErrorCode::WouldBlock));
        let answer = match self.authority.network.tape() {
            None => told()?,
            Some(tape) => self.on_tape(tape, told)?,
        };
        self.authority.still(&Resolve { name: &self.name })?;
        Ok(answer.into_iter().map(|(ip, _)| ip).collect())
    }

    /// In replay the name is pinned when its guest learns what it is.
    fn on_tape(&self, tape: &Tape, told: impl FnOnce() -> Answer) -> Answer {
        let found = tape.ask(|| format!("answer {}", self.id), told)?;
        let now = tape.now();
        if tape.is_replay() && self.answer.set(Ok(found.clone())).is_ok() {
            self.authority.pin(&self.name, &found, now)?;
        }
        Ok(found)
    }

    pub(crate) fn is_answered(&self) -> bool {
        self.answer.initialized()
    }

    /// Until its answer is there.
    pub(crate) async fn answered(&self) {
        self.answer.wait().await;
    }

    /// Ends the work, soon; whoever still waits for the answer is woken.
    pub(crate) fn cancel(&self) {
        self.end(ErrorCode::InvalidState);
    }

    fn end(&self, code: ErrorCode) {
        // First: a task that is aborted answers that it failed.
        let _ = self.answer.set(Err(code)); // it may have been answered
        if let Some(work) = &self.work {
            work.abort();
        }
    }
}

/// As it is written down.
fn words(family: Option<Family>) -> &'static str {
    match family {
        None => "any",
        Some(Family::Ipv4) => "ipv4",
        Some(Family::Ipv6) => "ipv6",
    }
}

/// One that is under way ends when its name may not be looked up any more; an answer is judged when it is asked for.
impl Live for Lookup {
    fn judge_again(&self) {
        if !self.is_answered() && !self.authority.leaves(&Resolve { name: &self.name }) {
            self.end(ErrorCode::AccessDenied);
        }
    }
}

/// With its store, too, without the guest's doing.
impl Drop for Lookup {
    fn drop(&mut self) {
        self.authority.living.remove(self);
        self.cancel();
    }
}

/// Where the work puts its answer. A task that ends without one has failed.
struct Telling(Arc<SetOnce<Answer>>);

impl Telling {
    fn tell(self, answer: Answer) {
        let _ = self.0.set(answer); // it may have been cancelled
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        if !self.0.initialized() {
            let _ = self.0.set(Err(ErrorCode::PermanentResolverFailure));
        }
    }
}
