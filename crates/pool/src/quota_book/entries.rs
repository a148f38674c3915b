//! Counts and learned limits by subject and model, in bounded memory.
//!
//! It does not decide what is counted; `quota_book.rs` does.

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use lru::LruCache;

use crate::by_model::bounded_name;
use crate::lessons::{LearnedLimit, QuotaKind};
use crate::pacific::PacificDay;
use crate::time::UnixMillis;

use super::Subject;
use super::counts::Counts;

/// Most pairs of subject and model that are counted at once, about 400 bytes each. An instance that serves a hundred
/// requests a second uses 7,000 pairs in the 70 s that a request counts, if no key serves twice; who uses more loses
/// the count of the one that has rested longest.
pub const MAX_COUNTED: usize = 8192;

/// How long a learned limit is believed. Forgetting one costs one refused request; believing one that an upgrade of
/// the project has raised costs its use until then, because what is never sent cannot succeed.
const LEARNED_FOR: Duration = Duration::from_hours(1);

/// All entries; the least recently used one goes first.
#[derive(Debug)]
pub(super) struct Entries(LruCache<Name, Entry>);

impl Default for Entries {
    fn default() -> Self {
        // A bounded one would take the memory of all entries for the first.
        Self(LruCache::unbounded())
    }
}

/// Of one subject and one model.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) counts: Counts,
    /// One at most of each kind.
    learned: Vec<Learned>,
}

#[derive(Debug)]
struct Learned {
    limit: LearnedLimit,
    since: UnixMillis,
}

impl Entries {
    pub(super) fn get(&mut self, subject: Subject, model: &str) -> Option<&mut Entry> {
        self.0
            .get_mut(&(subject, bounded_name(model)) as &dyn Named)
    }

    /// The entry, made first if it is not there. Allocates only then.
    pub(super) fn get_or_add(
        &mut self,
        subject: Subject,
        model: &str,
        now: UnixMillis,
        today: PacificDay,
    ) -> Option<&mut Entry> {
        let name = bounded_name(model);
        if !self.0.contains(&(subject, name) as &dyn Named) {
            if self.0.len() >= MAX_COUNTED {
                self.0.pop_lru();
            }
            let entry = Entry {
                counts: Counts::new(now, today),
                learned: Vec::new(),
            };
            self.0.put(Name(subject, name.into()), entry);
        }
        self.get(subject, model)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Entry {
    /// The limit of this kind, if one was learned a short while ago.
    pub(super) fn learned(&self, kind: QuotaKind, now: UnixMillis) -> Option<u64> {
        let learned = self
            .learned
            .iter()
            .find(|learned| learned.limit.kind == kind)?;
        let until = learned.since.saturating_add(LEARNED_FOR);
        until
            .is_ahead_within(now, LEARNED_FOR)
            .then_some(learned.limit.limit)
    }

    pub(super) fn learn(&mut self, limit: LearnedLimit, now: UnixMillis) {
        self.learned
            .retain(|learned| learned.limit.kind != limit.kind);
        self.learned.push(Learned { limit, since: now });
    }

    /// Forgets limits above which requests have succeeded; `tokens` is what one alone has just used.
    pub(super) fn forget_contradicted(&mut self, tokens: u64) {
        let (minute, day) = (self.counts.sure_successes(), self.counts.today().successes);
        self.learned.retain(|learned| {
            let succeeded = match learned.limit.kind {
                QuotaKind::RequestsPerMinute => minute,
                QuotaKind::RequestsPerDay => day,
                QuotaKind::TokensPerMinute | QuotaKind::TokensPerDay => tokens,
            };
            succeeded <= learned.limit.limit
        });
    }
}

/// A key of the map that owns its model's name.
#[derive(Debug, PartialEq, Eq)]
struct Name(Subject, Box<str>);

/// What [`Name`] and its borrowed form have in common, so that looking up allocates nothing.
trait Named {
    fn parts(&self) -> (Subject, &str);
}

impl Named for Name {
    fn parts(&self) -> (Subject, &str) {
        (self.0, &self.1)
    }
}

impl Named for (Subject, &str) {
    fn parts(&self) -> (Subject, &str) {
        *self
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

impl Hash for dyn Named + '_ {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

impl PartialEq for dyn Named + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for dyn Named + '_ {}

impl<'name> Borrow<dyn Named + 'name> for Name {
    fn borrow(&self) -> &(dyn Named + 'name) {
        self
    }
}
