//! What editors asked for and what they were told: all that the promises are checked against.

use super::objects::{Deed, Object};

/// What an editor was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is done, for good.
    Acknowledged,
    /// It will be done; whether somebody else was faster cannot be told yet.
    Logged,
    /// It is not done, and will not be: somebody else was faster.
    Conflict {
        /// Stamp of the object as it is now; 0 if it is not there.
        current: u64,
    },
    /// It is not done, and will not be, for another reason.
    Refused,
    /// Nobody can tell: an error, a crash in the middle, or not answered yet.
    Unknown,
}

/// An edit of something that its editor owns.
#[derive(Clone, Debug)]
pub(crate) struct OwnEdit {
    /// Position of the object among the editor's.
    pub(crate) object: usize,
    pub(crate) deed: Deed,
    pub(crate) answer: Answer,
    /// Unix milliseconds; the end of time as long as there is no answer.
    pub(crate) answered_at: u64,
}

/// An edit of something that all share, based on what its editor saw of it.
#[derive(Clone, Debug)]
pub(crate) struct SharedEdit {
    /// Position of the object among the shared ones.
    pub(crate) object: usize,
    /// The stamp that the editor saw.
    pub(crate) base: u64,
    /// What it left behind, unlike any other.
    pub(crate) token: String,
    pub(crate) answer: Answer,
}

/// Everything that one editor did, in order.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) objects: Vec<Object>,
    pub(crate) own: Vec<OwnEdit>,
    pub(crate) shared: Vec<SharedEdit>,
}
