//! The pool: keys in, a key per request out, verdicts back in.
//!
//! It lives in memory and forgets everything with its instance; sharing and storing states is not its business.

use crate::backoff::ModelBackoff;
use crate::by_model::ByModel;
use crate::cooling::Availability;
use crate::key::ApiKey;
use crate::key_list::{KeySpec, Weight};
use crate::select::{Turns, pick_by_chance};
use crate::state::KeyEntry;
use crate::status::PoolStatus;
use crate::strategy::Strategy;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, Verdict};

/// A key's place in its pool. Means nothing to another pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyIndex(usize);

/// The key that serves the next request.
#[derive(Clone, Debug)]
pub struct Selected {
    /// For [`Pool::record`] and for the list of tried keys.
    pub index: KeyIndex,
    /// The key itself, so that the pool need not be borrowed while the request is under way.
    pub key: ApiKey,
    /// Whether this is the trial request after a cooling.
    pub probe: bool,
}

/// Why there is no key for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoKey {
    /// The pool has no keys.
    #[error("the pool has no keys")]
    Empty,
    /// Keys are usable, but this request has tried each of them.
    #[error("every usable key has been tried")]
    AllTried,
    /// No key will work until somebody acts.
    #[error("every key of the pool is dead")]
    AllDead,
    /// Keys will be usable again without anybody acting.
    #[error("every key is cooling")]
    AllCooling {
        /// When the first of them is.
        soonest: UnixMillis,
        /// Why that one is cooling.
        cause: CoolingCause,
    },
    /// The model is overloaded for everybody.
    #[error("the model is overloaded")]
    ModelBackoff {
        /// When to try again.
        until: UnixMillis,
    },
}

/// Keys, their states, and whose turn it is.
///
/// Model names are those sent upstream, without `models/`; the caller makes sure that one model has one name.
#[derive(Debug)]
pub struct Pool {
    pub(crate) entries: Vec<KeyEntry>,
    weights: Vec<Weight>,
    pub(crate) strategy: Strategy,
    turns: ByModel<Turns>,
    backoffs: ByModel<ModelBackoff>,
}

impl Pool {
    /// A pool in which every key is ready. The keys' order is their index; weights count as the strategy says.
    #[must_use]
    pub fn new(keys: Vec<KeySpec>, strategy: Strategy) -> Self {
        let weight_of = |spec: &KeySpec| match strategy {
            Strategy::Weighted | Strategy::Random => spec.weight,
            Strategy::RoundRobin | Strategy::LeastRecentlyUsed | Strategy::FillFirst => Weight::ONE,
        };
        Self {
            weights: keys.iter().map(weight_of).collect(),
            entries: keys
                .into_iter()
                .map(|spec| KeyEntry::new(spec.key))
                .collect(),
            strategy,
            turns: ByModel::default(),
            backoffs: ByModel::default(),
        }
    }

    /// How many keys there are, dead ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no keys at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The key at this index; `None` if the index is another pool's.
    #[must_use]
    pub fn key(&self, index: KeyIndex) -> Option<&ApiKey> {
        self.entries.get(index.0).map(|entry| &entry.key)
    }

    /// All keys, in the order of their indexes: for scrubbing them out of upstream texts.
    pub fn keys(&self) -> impl Iterator<Item = &ApiKey> {
        self.entries.iter().map(|entry| &entry.key)
    }

    /// Chooses the key for the next attempt of a request for `model`; never one of `tried`, a dead or a cooling one.
    ///
    /// After a cooling the key serves one trial request per model; others pass it by until [`Pool::record`] hears of
    /// the trial, or [`crate::PROBE_LEASE`] has passed.
    ///
    /// Looks at every key once or twice and allocates only for a model it has not seen (`select.rs` says what that
    /// means for large pools).
    ///
    /// # Errors
    /// [`NoKey`] says why there is none, and when there will be.
    pub fn select(
        &mut self,
        model: &str,
        now: UnixMillis,
        random: u64,
        tried: &[KeyIndex],
    ) -> Result<Selected, NoKey> {
        if let Some(until) = self
            .backoffs
            .get(model)
            .and_then(|backoff| backoff.until(now))
        {
            return Err(NoKey::ModelBackoff { until });
        }
        let Self {
            entries, weights, ..
        } = self;
        let is_usable = |index: usize| {
            !tried.contains(&KeyIndex(index))
                && entries
                    .get(index)
                    .is_some_and(|entry| entry.is_usable(model, now))
        };
        let chosen = match self.strategy {
            Strategy::Random => pick_by_chance(weights, is_usable, random),
            Strategy::Weighted
            | Strategy::RoundRobin
            | Strategy::LeastRecentlyUsed
            | Strategy::FillFirst => self.turns.update(
                model,
                || Turns::new(weights.iter().copied(), random),
                |turns| turns.take(is_usable),
            ),
        };
        let Some((index, entry)) =
            chosen.and_then(|index| Some((index, self.entries.get_mut(index)?)))
        else {
            return Err(self.why_none(model, now));
        };
        let probe = entry.availability(model, now) == Some(Availability::Probe);
        if probe {
            entry.start_probe(model, now);
        }
        Ok(Selected {
            index: KeyIndex(index),
            key: entry.key.clone(),
            probe,
        })
    }

    /// Applies the verdict on an attempt that [`Pool::select`] started, whatever came of it: every attempt must be
    /// reported once, or its key may wait for a lease to end. An index of another pool changes nothing.
    pub fn record(
        &mut self,
        index: KeyIndex,
        model: &str,
        verdict: &Verdict,
        now: UnixMillis,
        random: u64,
    ) {
        match verdict {
            Verdict::Success => self.backoffs.remove(model),
            Verdict::ModelFault { cause } if cause.pauses_model() => {
                self.backoffs
                    .update(model, ModelBackoff::default, |backoff| {
                        backoff.note_fault(now, random)
                    });
            }
            _ => {}
        }
        if let Some(entry) = self.entries.get_mut(index.0) {
            entry.apply(model, verdict, now, random);
        }
    }

    /// The counts and coolings that `/v1/status` shows under `keyPool`.
    #[must_use]
    pub fn status(&self, now: UnixMillis) -> PoolStatus {
        PoolStatus::of(self, now)
    }

    /// Why no key could be chosen. Keys already tried are looked at as well: if one of them is usable the request
    /// has run out of keys, not the pool.
    fn why_none(&self, model: &str, now: UnixMillis) -> NoKey {
        if self.is_empty() {
            return NoKey::Empty;
        }
        let mut soonest: Option<(UnixMillis, CoolingCause)> = None;
        for entry in &self.entries {
            match entry.availability(model, now) {
                Some(Availability::Ready | Availability::Probe) => return NoKey::AllTried,
                Some(Availability::Cooling { until, cause })
                    if soonest.is_none_or(|(earliest, _)| until < earliest) =>
                {
                    soonest = Some((until, cause));
                }
                Some(Availability::Cooling { .. }) | None => {}
            }
        }
        soonest.map_or(NoKey::AllDead, |(soonest, cause)| NoKey::AllCooling {
            soonest,
            cause,
        })
    }
}

#[cfg(test)]
mod tests;
