//! Limits: how much a guest may use of what others use too. Pure: names and numbers; what is used of them is counted
//! elsewhere.

mod error;
mod table;
#[cfg(test)]
mod tests;

pub use error::LimitError;
pub use table::Limit;

use table::COUNT;

/// How much a guest may use: for each [`Limit`] what was set, or its default.
///
/// ```
/// use datagrant::{Limit, Limits};
///
/// let mut limits = Limits::new();
/// limits.set(Limit::Sockets, 16)?.set(Limit::SentBytesPerSecond, 1_000_000)?;
/// assert_eq!(limits.get(Limit::Sockets), Some(16));
/// assert_eq!(limits.get(Limit::Lookups), Some(32)); // the default
/// assert_eq!(limits.get(Limit::ReceivedBytesPerSecond), None); // there is none
///
/// let error = limits.set(Limit::Sockets, 1_000_000).unwrap_err();
/// assert_eq!(error.to_string(), "1000000: sockets is a whole number: write one from 0 to 65536");
/// # Ok::<(), datagrant::LimitError>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Limits {
    /// In the order of [`Limit::ALL`].
    set: [Option<u64>; COUNT],
}

impl Limits {
    /// The defaults.
    pub fn new() -> Limits {
        Limits::default()
    }

    /// Sets a limit.
    ///
    /// # Errors
    /// When the value is less than [`Limit::least`] or more than [`Limit::greatest`].
    pub fn set(&mut self, limit: Limit, value: u64) -> Result<&mut Limits, LimitError> {
        if value < limit.least() || value > limit.greatest() {
            return Err(limit.wrong_value(&value.to_string()));
        }
        self.set[limit as usize] = Some(value);
        Ok(self)
    }

    /// What holds: what was set, or the default; none: no limit.
    pub fn get(&self, limit: Limit) -> Option<u64> {
        self.set[limit as usize].or(limit.default_value())
    }

    /// What was set, in the order of [`Limit::ALL`].
    pub fn set_ones(&self) -> impl Iterator<Item = (Limit, u64)> {
        Limit::ALL
            .into_iter()
            .zip(self.set)
            .filter_map(|(limit, value)| Some((limit, value?)))
    }

    /// Takes over what was set in `other`: it wins.
    pub fn extend(&mut self, other: &Limits) {
        for (here, there) in self.set.iter_mut().zip(other.set) {
            *here = there.or(*here);
        }
    }
}
