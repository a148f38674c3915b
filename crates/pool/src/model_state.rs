//! What is known of a model, whatever the key: the pause that its overload asks for, and whether it is gone.
//!
//! Forgetting it costs a few calls and nothing else.

use std::time::Duration;

use crate::backoff::ModelBackoff;
use crate::key_id::KeyId;
use crate::time::UnixMillis;

/// So many different keys must have been refused a model for good, without one that worked, before no further key is
/// asked. A pool of 100,000 would else go through all of them, three with each request; and where half of the keys may
/// use the model, eight that may not come in a row once in 256 times.
const GONE_AFTER: usize = 8;

/// How long no key is asked then: keys that are added meanwhile may be allowed to use the model.
const GONE_FOR: Duration = Duration::from_hours(1);

/// What is known of one model.
#[derive(Debug, Default)]
pub(crate) struct ModelState {
    pub(crate) backoff: ModelBackoff,
    /// Keys that were refused the model, and until when that counts. Not more than [`GONE_AFTER`].
    refused: Vec<(KeyId, UnixMillis)>,
}

impl ModelState {
    /// Notes that this key may not use the model, and never will.
    pub(crate) fn note_refusal(&mut self, key: KeyId, now: UnixMillis) {
        self.refused
            .retain(|(known, until)| *known != key && until.is_ahead_within(now, GONE_FOR));
        if self.refused.len() < GONE_AFTER {
            self.refused.push((key, now.saturating_add(GONE_FOR)));
        }
    }

    /// Until when a pool of this many keys asks none of them for the model; `None` if it does.
    pub(crate) fn gone_until(&self, keys: usize, now: UnixMillis) -> Option<UnixMillis> {
        let current = self
            .refused
            .iter()
            .map(|(_, until)| *until)
            .filter(|until| until.is_ahead_within(now, GONE_FOR));
        let needed = GONE_AFTER.min(keys.max(1));
        (current.clone().count() >= needed)
            .then(|| current.min())
            .flatten()
    }
}
