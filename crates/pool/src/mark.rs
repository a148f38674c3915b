//! What is known of one key's state, in the form that instances share: mergeable in any order.
//!
//! A mark is made of verdicts, holds no secret, and is worth one wasted call: losing one is harmless. Who stores
//! and carries marks is not its business.

use serde::{Deserialize, Serialize};

use crate::cooling::HORIZON;
use crate::key_id::KeyId;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, DeathCause};

/// What is known of one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Which key.
    #[serde(rename = "k")]
    pub key: KeyId,
    /// Which of its lives; see [`crate::KeyRecord::generation`].
    #[serde(rename = "g", default)]
    pub generation: u32,
    /// Why it is dead, if it is.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub dead: Option<DeathCause>,
    /// Its coolings that are not over.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub coolings: Vec<CoolingMark>,
    /// Google's project, where an error told.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
}

/// One cooling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoolingMark {
    /// For which model; all if absent.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Until when.
    #[serde(rename = "u")]
    pub until: UnixMillis,
    /// Why.
    #[serde(rename = "c")]
    pub cause: CoolingCause,
}

impl CoolingMark {
    /// Whether it still holds. One further ahead than any cooling comes from a clock that has since been set back,
    /// and counts as past.
    #[must_use]
    pub fn is_active(&self, now: UnixMillis) -> bool {
        self.until.is_ahead_within(now, HORIZON)
    }
}

impl Mark {
    /// Adds what another mark of the same key knows; a mark of another key changes nothing.
    ///
    /// The later life wins. Within one life the key is dead if either says so, and a dead key has no coolings; else
    /// of each model the cooling that ends last holds. So marks may be merged in any order, any number of times.
    pub fn merge(&mut self, other: &Self) {
        if other.key != self.key || other.generation < self.generation {
            return;
        }
        if other.generation > self.generation {
            self.clone_from(other);
            return self.normalize();
        }
        self.dead = self
            .dead
            .into_iter()
            .chain(other.dead)
            .max_by_key(|cause| *cause as u8);
        self.project = self.project.take().max(other.project.clone());
        self.coolings.extend_from_slice(&other.coolings);
        self.normalize();
    }

    /// Drops coolings that are over, so that a stored page of marks does not grow for ever.
    pub fn forget_past(&mut self, now: UnixMillis) {
        self.coolings.retain(|cooling| cooling.is_active(now));
    }

    /// Whether it says anything beyond what every fresh key is.
    #[must_use]
    pub fn says_something(&self) -> bool {
        self.dead.is_some()
            || self.project.is_some()
            || !self.coolings.is_empty()
            // It lives again: an instance that still has the mark of its death must hear of it.
            || self.generation > 0
    }

    /// One cooling per model, in the models' order; none for the dead.
    fn normalize(&mut self) {
        if self.dead.is_some() {
            self.coolings.clear();
        }
        self.coolings.sort_by(|one, other| {
            let rank = |mark: &CoolingMark| (mark.until, mark.cause as u8);
            one.model
                .cmp(&other.model)
                .then_with(|| rank(other).cmp(&rank(one)))
        });
        self.coolings
            .dedup_by(|later, kept| later.model == kept.model);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(generation: u32) -> Mark {
        Mark {
            key: KeyId::from_bytes([1; 8]),
            generation,
            dead: None,
            coolings: Vec::new(),
            project: None,
        }
    }

    fn any_mark() -> impl Strategy<Value = Mark> {
        let causes = [CoolingCause::MinuteQuota, CoolingCause::DayQuota];
        let deaths = [DeathCause::Invalid, DeathCause::Leaked];
        let cooling = (
            prop::sample::select(vec![None, Some("a"), Some("b")]),
            0_u64..4,
            prop::sample::select(causes.to_vec()),
        )
            .prop_map(|(model, until, cause)| CoolingMark {
                model: model.map(str::to_owned),
                until: UnixMillis(until),
                cause,
            });
        (
            0_u32..3,
            prop::option::weighted(0.2, prop::sample::select(deaths.to_vec())),
            prop::collection::vec(cooling, 0..4),
            prop::option::of("[xy]"),
        )
            .prop_map(|(generation, dead, coolings, project)| Mark {
                dead,
                coolings,
                project,
                ..mark(generation)
            })
    }

    fn merged(marks: &[&Mark]) -> Mark {
        let mut sum = mark(0);
        for mark in marks {
            sum.merge(mark);
        }
        sum
    }

    proptest! {
        #[test]
        fn merging_is_commutative_associative_and_idempotent(
            one in any_mark(), two in any_mark(), three in any_mark(),
        ) {
            let all = merged(&[&one, &two, &three]);
            prop_assert_eq!(&merged(&[&three, &one, &two]), &all);
            prop_assert_eq!(&merged(&[&merged(&[&one, &two]), &three]), &all);
            prop_assert_eq!(&merged(&[&one, &merged(&[&two, &three])]), &all);
            prop_assert_eq!(&merged(&[&all, &two, &all]), &all);
        }
    }

    #[test]
    fn a_later_life_outweighs_death_and_another_keys_mark_says_nothing() {
        let mut dead = mark(1);
        dead.dead = Some(DeathCause::Invalid);
        dead.merge(&mark(0));
        assert_eq!(dead.dead, Some(DeathCause::Invalid));
        let mut stranger = mark(9);
        stranger.key = KeyId::from_bytes([2; 8]);
        dead.merge(&stranger);
        assert_eq!(dead.generation, 1);
        dead.merge(&mark(2));
        assert_eq!(dead, mark(2));
    }

    #[test]
    fn a_cooling_beyond_every_cooling_is_past_flt42() {
        let now = UnixMillis(1_800_000_000_000);
        let until = |millis| CoolingMark {
            model: None,
            until: UnixMillis(now.0 + millis),
            cause: CoolingCause::DayQuota,
        };
        let hour = 3_600_000;
        let mut mark = mark(0);
        let horizon = 25 * hour + 5 * 60_000;
        mark.coolings = vec![until(0), until(1), until(horizon), until(horizon + 1)];
        mark.forget_past(now);
        assert_eq!(mark.coolings, [until(1), until(horizon)]);
    }
}
