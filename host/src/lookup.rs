//! Looking names up.

/// A lookup; none can be made yet, so that a guest never holds one.
pub enum Lookup {}

impl Lookup {
    pub(crate) fn id(&self) -> u32 {
        match *self {}
    }

    pub(crate) fn is_answered(&self) -> bool {
        match *self {}
    }

    /// Until its answer is there.
    pub(crate) async fn answered(&self) {
        match *self {}
    }
}
