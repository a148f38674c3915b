//! When one egress is refused, and for how long it is then left alone.
//!
//! A refusal of one key is the key's; the same refusal of several different keys in a short time is the address's.
//! Which keys use an egress is `egress.rs`.

use std::time::Duration;

use crate::backoff::{doubled, fraction};
use crate::egress::Blame;
use crate::key_id::KeyId;
use crate::time::UnixMillis;
use crate::verdict::EgressCause;

/// Google does not serve the address's country: only another address helps, and asking now and then finds out.
const REGION: Duration = Duration::from_mins(10);

/// First back-off after the "Sorry" page, which shows for a minute or more.
const FIRST_SORRY: Duration = Duration::from_mins(1);

/// Longest back-off after the "Sorry" page.
const LONGEST_SORRY: Duration = Duration::from_mins(10);

/// First back-off after several keys were refused: what looks like the address's fault may be chance.
const FIRST_SUSPICION: Duration = Duration::from_secs(5);

/// Longest back-off after several keys were refused: a client waits that long.
const LONGEST_SUSPICION: Duration = Duration::from_mins(1);

/// How many different keys make a suspicion.
const SUSPICIOUS_KEYS: usize = 3;

/// Within which time, for a 429 without details.
const UNEXPLAINED_WINDOW: Duration = Duration::from_secs(5);

/// Within which time, for restricted keys.
const RESTRICTED_WINDOW: Duration = Duration::from_mins(1);

/// How many broken connections make a suspicion, and within which time: one may be chance, and each costs its client
/// a time-out.
const BROKEN_CONNECTIONS: u32 = 3;
const BROKEN_WINDOW: Duration = Duration::from_secs(5);

/// How long after a back-off a single refusal is enough for the next one: the first requests are its trial.
const PROBATION: Duration = Duration::from_mins(1);

/// Jitter added to a back-off, as a share of it: instances that were refused together do not return together.
const JITTER_DIVISOR: u32 = 10;

/// The longest back-off there can be. Both kinds end within it.
const LONGEST: Duration = Duration::from_mins(11);

/// The back-off of one egress.
#[derive(Debug, Default)]
pub(super) struct BackOff {
    until: UnixMillis,
    /// Back-offs since the last success.
    repeats: u32,
    unexplained: Suspects,
    restricted: Suspects,
    /// Broken connections in a row, and when the first one was.
    broken: (u32, UnixMillis),
}

/// Different keys that were refused lately.
#[derive(Debug, Default)]
struct Suspects(Vec<(KeyId, UnixMillis)>);

impl BackOff {
    pub(super) fn until(&self, now: UnixMillis) -> Option<UnixMillis> {
        self.until
            .is_ahead_within(now, LONGEST)
            .then_some(self.until)
    }

    pub(super) fn note_refused(&mut self, cause: EgressCause, now: UnixMillis, random: u64) {
        let (first, longest) = match cause {
            EgressCause::Location => (REGION, REGION),
            EgressCause::SorryPage => (FIRST_SORRY, LONGEST_SORRY),
        };
        self.begin(first, longest, now, random);
    }

    pub(super) fn note_unexplained_429(
        &mut self,
        key: KeyId,
        now: UnixMillis,
        random: u64,
    ) -> Blame {
        let keys = self.unexplained.note(key, now, UNEXPLAINED_WINDOW);
        self.judge(keys, now, random)
    }

    pub(super) fn note_restricted(&mut self, key: KeyId, now: UnixMillis, random: u64) -> Blame {
        let keys = self.restricted.note(key, now, RESTRICTED_WINDOW);
        self.judge(keys, now, random)
    }

    pub(super) fn note_broken(&mut self, now: UnixMillis, random: u64) {
        if self.until(now).is_some() {
            return;
        }
        let (count, since) = self.broken;
        let goes_on = since <= now && now.saturating_since(since) < BROKEN_WINDOW;
        self.broken = if goes_on {
            (count.saturating_add(1), since)
        } else {
            (1, now)
        };
        if self.broken.0 >= BROKEN_CONNECTIONS || self.is_on_probation(now) {
            self.begin(FIRST_SUSPICION, LONGEST_SUSPICION, now, random);
        }
    }

    pub(super) fn note_success(&mut self, now: UnixMillis) {
        if self.until(now).is_none() {
            *self = Self::default();
        }
    }

    fn judge(&mut self, keys: usize, now: UnixMillis, random: u64) -> Blame {
        // Requests that were under way when a back-off began fail in one wave, and do not make it longer.
        if self.until(now).is_some() {
            self.forget_suspects();
            return Blame::Egress;
        }
        if keys < SUSPICIOUS_KEYS && !self.is_on_probation(now) {
            return Blame::Key;
        }
        self.begin(FIRST_SUSPICION, LONGEST_SUSPICION, now, random);
        Blame::Egress
    }

    /// Whether a back-off ended a short while ago and nothing has succeeded since.
    fn is_on_probation(&self, now: UnixMillis) -> bool {
        self.repeats > 0 && now >= self.until && now < self.until.saturating_add(PROBATION)
    }

    /// Starts a back-off, longer than the last one. One under way does not grow and is never made shorter.
    fn begin(&mut self, first: Duration, longest: Duration, now: UnixMillis, random: u64) {
        let under_way = self.until(now);
        if under_way.is_none() {
            self.repeats = self.repeats.saturating_add(1);
        }
        let length = doubled(first, self.repeats.saturating_sub(1), longest);
        let until = now.saturating_add(length + fraction(length / JITTER_DIVISOR, random));
        self.until = under_way.map_or(until, |known| known.max(until));
        self.forget_suspects();
    }

    fn forget_suspects(&mut self) {
        self.unexplained.0.clear();
        self.restricted.0.clear();
        self.broken = (0, UnixMillis::default());
    }
}

impl Suspects {
    /// Adds a key, and says how many different ones there are within `window`.
    fn note(&mut self, key: KeyId, now: UnixMillis, window: Duration) -> usize {
        // A time ahead of now is one that a clock has left behind.
        self.0.retain(|(known, at)| {
            *known != key && *at <= now && now.saturating_since(*at) < window
        });
        self.0.push((key, now));
        self.0.len()
    }
}
