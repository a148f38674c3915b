//! What a run came to: how much happened, and which promise was broken.

use std::collections::BTreeMap;

use crate::world::Stuck;

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{promise}: {details}")]
pub struct Broken {
    /// Which promise.
    pub promise: &'static str,
    /// What was seen instead.
    pub details: String,
}

impl Broken {
    pub(crate) fn new(promise: &'static str, details: impl Into<String>) -> Self {
        Self {
            promise,
            details: details.into(),
        }
    }
}

impl From<Stuck> for Broken {
    fn from(stuck: Stuck) -> Self {
        Self::new("every run ends", stuck.to_string())
    }
}

/// How often what happened. A scenario in which nothing happens keeps every promise, so numbers are part of a result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<&'static str, u64>);

impl Tally {
    pub(crate) fn add(&mut self, what: &'static str, times: u64) {
        let sum = self.0.entry(what).or_default();
        *sum = sum.saturating_add(times);
    }

    pub(crate) fn count(&mut self, what: &'static str) {
        self.add(what, 1);
    }

    /// How often this happened.
    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// Adds another one.
    pub fn merge(&mut self, other: &Self) {
        for (what, times) in &other.0 {
            self.add(what, *times);
        }
    }

    /// Everything, by name.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.0.iter().map(|(what, times)| (*what, *times))
    }
}
