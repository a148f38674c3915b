//! What has been used and is not in the counters yet.
//!
//! It calls no store (see `flush.rs`), and its size is bounded however long the store is away.

use std::collections::{BTreeMap, VecDeque};

use gempool_pool::{KeyId, UnixMillis};

use super::packing::Usage;
use super::series::Series;
use super::windows::Chore;
use crate::client_key::ClientKeyId;
use crate::pool_config::PoolId;

/// Most windows that wait: about one megabyte, and more than a minute of flushes.
pub(super) const MAX_SLOTS: usize = 4096;
/// From here on no new client's window is taken in, so that there is room for pools.
const MAX_CLIENT_SLOTS: usize = MAX_SLOTS / 4 * 3;
/// From here on no new key's window is taken in, so that there is room for clients' limits.
const MAX_KEY_SLOTS: usize = MAX_SLOTS / 2;
/// Most steps of cleaning that wait. What is beyond is not done: a few counters of 20 bytes stay for ever.
const MAX_CHORES: usize = 1024;

/// Most tokens that one request counts: sixteen times the largest context window known (1,048,576 tokens,
/// <https://ai.google.dev/gemini-api/docs/models>, 2026-11), so that an upstream's nonsense spoils no day.
const MAX_REQUEST_TOKENS: u64 = 1 << 24;

/// One request, when it is over.
#[derive(Clone, Copy, Debug)]
pub struct Used<'a> {
    /// The pool that served it.
    pub pool: &'a PoolId,
    /// The client key it came with, if its use is counted.
    pub client: Option<ClientKeyId>,
    /// The key of the last attempt, if there was one.
    pub key: Option<KeyId>,
    /// The model, as the upstream knows it.
    pub model: &'a str,
    /// How it ended.
    pub outcome: Outcome,
    /// Tokens of the prompt.
    pub input_tokens: u64,
    /// Tokens of the answer.
    pub output_tokens: u64,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With an answer.
    Answered,
    /// Without one that is of use.
    Failed,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Tally {
    waiting: BTreeMap<Slot, Usage>,
    /// Each slot of `waiting` once, the one that waits longest first.
    queue: VecDeque<Slot>,
    /// Steps of cleaning, the next one first.
    pub(super) chores: VecDeque<Chore>,
}

/// A window of a series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    pub(super) series: Series,
    pub(super) window: u32,
}

impl Tally {
    /// Counts a request. A client's and a key's share is left out if too many windows wait already; the pool's never.
    pub fn record(&mut self, used: &Used<'_>, now: UnixMillis) {
        let usage = used.usage();
        let pool = used.pool;
        self.add(Series::PoolHours(pool.clone()), usage, now);
        self.add(Series::PoolDays(pool.clone()), usage, now);
        if let Some(client) = used.client {
            self.add(Series::ClientMinutes(client), usage, now);
            self.add(Series::ClientDays(client), usage, now);
        }
        if let Some(key) = used.key {
            self.add(Series::KeyDays(key, used.model.into()), usage, now);
        }
    }

    /// Counts a request in one series beside those of [`Tally::record`].
    pub fn count(&mut self, series: Series, used: &Used<'_>, now: UnixMillis) {
        self.add(series, used.usage(), now);
    }

    /// What waits for the counters of the current window. With the last sum that a flush returned, it is what limits
    /// compare with.
    #[must_use]
    pub fn pending(&self, series: &Series, now: UnixMillis) -> Usage {
        let slot = Slot {
            series: series.clone(),
            window: series.window(now),
        };
        self.waiting.get(&slot).copied().unwrap_or_default()
    }

    /// Whether a flush has something to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.chores.is_empty()
    }

    pub(super) fn add(&mut self, series: Series, usage: Usage, now: UnixMillis) {
        let window = series.window(now);
        let usage = usage.counted_by(&series);
        let slot = Slot { series, window };
        if let Some(waiting) = self.waiting.get_mut(&slot) {
            *waiting += usage;
            return;
        }
        let room = match slot.series {
            Series::PoolHours(_) | Series::PoolDays(_) => MAX_SLOTS,
            Series::ClientMinutes(_) | Series::ClientDays(_) => MAX_CLIENT_SLOTS,
            Series::KeyDays(..) => MAX_KEY_SLOTS,
        };
        if self.waiting.len() < room {
            self.waiting.insert(slot.clone(), usage);
            self.queue.push_back(slot);
        } else if let Some(earlier) = self.latest(&slot) {
            // The store has been away for days: what is lost is the hour, not the request.
            *earlier += usage;
        }
    }

    /// The latest waiting window of the same series.
    fn latest(&mut self, slot: &Slot) -> Option<&mut Usage> {
        let (found, usage) = self.waiting.range_mut(..slot).next_back()?;
        (found.series == slot.series).then_some(usage)
    }

    /// Takes out what waits longest. What is in a window that is not kept any more, or in one that has not begun
    /// (the clock was set back), counts in the current one; minutes have no meaning then, and are dropped.
    pub(super) fn take(&mut self, now: UnixMillis) -> Option<(Slot, Usage)> {
        while let Some(slot) = self.queue.pop_front() {
            let Some(usage) = self.waiting.remove(&slot) else {
                continue;
            };
            if slot.series.is_kept(slot.window, now) {
                return Some((slot, usage));
            }
            match slot.series {
                Series::ClientMinutes(_) => {}
                series => self.add(series, usage, now),
            }
        }
        None
    }

    /// Puts back what [`Self::take`] took and no counter has: it is the next again.
    pub(super) fn put_back(&mut self, slot: Slot, usage: Usage) {
        if usage.is_zero() {
            return;
        }
        if let Some(waiting) = self.waiting.get_mut(&slot) {
            *waiting += usage;
            return;
        }
        self.waiting.insert(slot.clone(), usage);
        self.queue.push_front(slot);
    }

    pub(super) fn add_chore(&mut self, chore: Chore) {
        if self.chores.len() < MAX_CHORES && !self.chores.contains(&chore) {
            self.chores.push_back(chore);
        }
    }

    /// Replaces a step that has been carried out by those that it leads to. Another flush may have done so before.
    pub(super) fn finish_chore(&mut self, done: &Chore, next: Vec<Chore>) {
        if let Some(at) = self.chores.iter().position(|chore| chore == done) {
            self.chores.remove(at);
        }
        for chore in next {
            self.add_chore(chore);
        }
    }

    /// How many windows wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

impl Used<'_> {
    fn usage(&self) -> Usage {
        let output_tokens = self.output_tokens.min(MAX_REQUEST_TOKENS);
        Usage {
            requests: 1,
            errors: match self.outcome {
                Outcome::Answered => 0,
                Outcome::Failed => 1,
            },
            tokens: self.input_tokens.min(MAX_REQUEST_TOKENS) + output_tokens,
            output_tokens,
        }
    }
}

impl Usage {
    /// The part that some counter of this series takes: the rest would wait for ever.
    fn counted_by(self, series: &Series) -> Self {
        let mut counted = Self::default();
        for field in series.fields() {
            counted += field.layout.part(self);
        }
        counted
    }
}
