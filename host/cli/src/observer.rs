//! Who hears of decisions.

use crate::audit::Tap;
use crate::report::Reporter;
use datagrant::grants::Permitted;
use datagrant::{Observer, Refusal};
use std::sync::Arc;

/// The operator, of refusals; and the audit file, of everything.
pub struct Ears {
    pub reporter: Reporter,
    pub tap: Option<Arc<Tap>>,
}

impl Observer for Ears {
    fn refused(&self, refusal: &Refusal) {
        self.reporter.refused(refusal);
        if let Some(tap) = &self.tap {
            tap.refused(refusal);
        }
    }

    fn hears_permitted(&self) -> bool {
        self.tap.is_some()
    }

    fn permitted(&self, permitted: &Permitted<'_>) {
        if let Some(tap) = &self.tap {
            tap.permitted(permitted);
        }
    }
}
