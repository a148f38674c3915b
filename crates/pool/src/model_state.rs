//! What is known of a model, whatever the key: the pause that its overload asks for, and whether it exists at all.
//!
//! Forgetting it costs a few calls and nothing else.

use crate::backoff::ModelBackoff;
use crate::cooling::HORIZON;
use crate::key_id::KeyId;
use crate::time::UnixMillis;

/// So many different keys must have heard that there is no such model before no further one is asked. Fewer may be of
/// projects that do not have it.
const MISSING_AFTER: usize = 3;

/// What is known of one model.
#[derive(Debug, Default)]
pub(crate) struct ModelState {
    pub(crate) backoff: ModelBackoff,
    /// Keys that do not know the model, and until when that counts. Not more than [`MISSING_AFTER`].
    strangers: Vec<(KeyId, UnixMillis)>,
}

impl ModelState {
    /// Notes that this key does not know the model.
    pub(crate) fn note_stranger(&mut self, key: KeyId, until: UnixMillis, now: UnixMillis) {
        self.strangers
            .retain(|(known, until)| *known != key && until.is_ahead_within(now, HORIZON));
        if self.strangers.len() < MISSING_AFTER {
            self.strangers.push((key, until));
        }
    }

    /// Until when the model does not exist for a pool of this many keys; `None` if it may.
    pub(crate) fn missing_until(&self, keys: usize, now: UnixMillis) -> Option<UnixMillis> {
        let current = self
            .strangers
            .iter()
            .map(|(_, until)| *until)
            .filter(|until| until.is_ahead_within(now, HORIZON));
        let needed = MISSING_AFTER.min(keys.max(1));
        (current.clone().count() >= needed)
            .then(|| current.min())
            .flatten()
    }
}
