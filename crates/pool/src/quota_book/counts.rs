//! What one subject has used of one model: in the last minute, and today.
//!
//! It only counts; limits are `quota_book.rs`.
//!
//! The minute slides, in slots of ten seconds. A fixed minute would let twice its limit pass within seconds around its
//! border, and nobody knows where Google's minutes begin. Slots make it cautious: a request counts for 60 to 70 s.

use crate::pacific::PacificDay;
use crate::time::UnixMillis;

/// Length of a slot: what caution costs at most.
const SLOT_MILLIS: u64 = 10_000;

/// Slots of a whole minute, and the one that is not over.
const SLOTS: usize = 7;

/// How long after its start a slot counts: all slots.
const COUNTED_MILLIS: u64 = 70_000;

/// Newest slots that together are never longer than a minute.
const SURE_SLOTS: usize = 6;

/// Counts of one subject for one model. Whatever the clock does, they lose requests at worst, and never block longer
/// than [`COUNTED_MILLIS`] from the newest one.
#[derive(Debug)]
pub(super) struct Counts {
    /// When the newest slot began.
    newest: u64,
    /// Newest first.
    slots: [Slot; SLOTS],
    today: Day,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    requests: u64,
    successes: u64,
    tokens: u64,
}

/// Counts of one day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Day {
    number: u32,
    pub(super) requests: u64,
    pub(super) successes: u64,
    pub(super) tokens: u64,
}

/// What a minute quota counts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Measure {
    Requests,
    Tokens,
}

impl Slot {
    fn get(&self, measure: Measure) -> u64 {
        match measure {
            Measure::Requests => self.requests,
            Measure::Tokens => self.tokens,
        }
    }
}

impl Counts {
    pub(super) fn new(now: UnixMillis, today: PacificDay) -> Self {
        Self {
            newest: start_of_slot(now),
            slots: [Slot::default(); SLOTS],
            today: Day {
                number: today.number,
                ..Day::default()
            },
        }
    }

    /// Lets past slots and days go. To be called before anything else is.
    pub(super) fn turn_to(&mut self, now: UnixMillis, today: PacificDay) {
        let slot = start_of_slot(now);
        let begun = slot.saturating_sub(self.newest) / SLOT_MILLIS;
        for _ in 0..usize::try_from(begun).unwrap_or(SLOTS).min(SLOTS) {
            self.slots.rotate_right(1);
            if let Some(first) = self.slots.first_mut() {
                *first = Slot::default();
            }
        }
        // A clock that was set back a little goes on in the newest slot; one set back further begins again.
        if self.newest.saturating_sub(slot) > COUNTED_MILLIS {
            self.slots = [Slot::default(); SLOTS];
            self.newest = slot;
        }
        self.newest = self.newest.max(slot);
        if self.today.number != today.number {
            self.today = Day {
                number: today.number,
                ..Day::default()
            };
        }
    }

    pub(super) fn today(&self) -> &Day {
        &self.today
    }

    pub(super) fn note(&mut self, tokens: u64) {
        if let Some(slot) = self.slots.first_mut() {
            slot.requests = slot.requests.saturating_add(1);
            slot.tokens = slot.tokens.saturating_add(tokens);
        }
        self.today.requests = self.today.requests.saturating_add(1);
        self.today.tokens = self.today.tokens.saturating_add(tokens);
    }

    /// Marks a request noted at `noted_at` as successful, and replaces its estimate. What has turned away since is
    /// left alone.
    pub(super) fn correct(
        &mut self,
        noted_at: UnixMillis,
        was_today: bool,
        estimated: u64,
        real: u64,
    ) {
        let corrected = |tokens: u64| tokens.saturating_sub(estimated).saturating_add(real);
        let slots_ago = self.newest.checked_sub(start_of_slot(noted_at));
        let slot = slots_ago
            .and_then(|millis| usize::try_from(millis / SLOT_MILLIS).ok())
            .and_then(|age| self.slots.get_mut(age));
        if let Some(slot) = slot {
            slot.successes = slot.successes.saturating_add(1);
            slot.tokens = corrected(slot.tokens);
        }
        if was_today {
            self.today.successes = self.today.successes.saturating_add(1);
            self.today.tokens = corrected(self.today.tokens);
        }
    }

    /// Raises today's counts to sums that more than this book knows of.
    pub(super) fn raise(&mut self, requests: u64, tokens: u64) {
        self.today.requests = self.today.requests.max(requests);
        self.today.tokens = self.today.tokens.max(tokens);
    }

    /// Successes that are surely not older than a minute.
    pub(super) fn sure_successes(&self) -> u64 {
        self.slots
            .iter()
            .take(SURE_SLOTS)
            .fold(0, |sum, slot| sum.saturating_add(slot.successes))
    }

    /// When `more` will fit under `limit`; `None` if it does now. What is larger than the whole limit fits where
    /// nothing else is: it may be an estimate, and Google knows better.
    pub(super) fn minute_full_until(
        &self,
        measure: Measure,
        more: u64,
        limit: u64,
    ) -> Option<UnixMillis> {
        let fits = |used: u64| used.saturating_add(more) <= limit || (used == 0 && limit > 0);
        let mut used = self
            .slots
            .iter()
            .fold(0_u64, |sum, slot| sum.saturating_add(slot.get(measure)));
        if fits(used) {
            return None;
        }
        let mut leaves = self.newest.saturating_add(COUNTED_MILLIS);
        let oldest_first = self.slots.iter().enumerate().rev();
        for (age, slot) in oldest_first {
            used = used.saturating_sub(slot.get(measure));
            if fits(used) {
                let age = u64::try_from(age).unwrap_or_default();
                leaves = leaves.saturating_sub(age * SLOT_MILLIS);
                break;
            }
        }
        Some(UnixMillis(leaves))
    }
}

fn start_of_slot(time: UnixMillis) -> u64 {
    time.0 - time.0 % SLOT_MILLIS
}
