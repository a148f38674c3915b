//! Counting what each project has used of its quotas, so that a key is passed over before Google has to refuse it.
//!
//! It counts in memory only: sums of all instances come in through [`QuotaBook::shared`]. It knows no keys, only
//! subjects, and no verdicts. Google's limits are per minute (requests, input tokens) and per day of Los Angeles:
//! <https://ai.google.dev/gemini-api/docs/rate-limits>, November 2026.

mod counts;
mod entries;

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use wildmatch::WildMatch;

use crate::key_id::KeyId;
use crate::lessons::{Lessons, QuotaKind};
use crate::pacific::PacificDay;
use crate::quota::{MAX_QUOTA_LIMITS, QuotaLimit};
use crate::time::UnixMillis;

use counts::Measure;
use entries::{Entries, Entry};

pub use entries::MAX_COUNTED;

/// Separates this digest from every other one.
const PROJECT_DOMAIN: &[u8] = b"gempool project\0";

/// How long a subject waits whose limit for a model is zero a minute.
const MINUTE: Duration = Duration::from_mins(1);

/// Whose quota is counted: keys of one project share its quotas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A key whose project nobody knows.
    Key(KeyId),
    /// A project, by the first bytes of a digest of its name.
    Project([u8; 8]),
}

impl Subject {
    /// The project if it is known, else the key. Costs a digest: keep it beside the key.
    #[must_use]
    pub fn of(project: Option<&str>, key: KeyId) -> Self {
        let Some(project) = project else {
            return Self::Key(key);
        };
        let mut digest = Sha256::new();
        digest.update(PROJECT_DOMAIN);
        digest.update(project);
        let digest: [u8; 32] = digest.finalize().into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        Self::Project([a, b, c, d, e, f, g, h])
    }
}

/// A quota is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaFull {
    /// When there is room again, as far as known now.
    pub until: UnixMillis,
    /// Which one.
    pub which: QuotaKind,
}

/// Real use of one request that [`QuotaBook::note`] counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// When it was noted.
    pub noted_at: UnixMillis,
    /// Its tokens as noted.
    pub estimated: u64,
    /// Its input tokens as Google counted them.
    pub real: u64,
}

/// The counts of one pool: at most [`MAX_COUNTED`], of subjects and models that have a limit.
#[derive(Debug)]
pub struct QuotaBook {
    limits: Vec<(WildMatch, QuotaLimit)>,
    entries: Entries,
    today: PacificDay,
}

impl QuotaBook {
    /// An empty book with the limits that an admin set; for a model the first whose pattern matches counts. What it
    /// does not limit, [`Self::learn`] may.
    #[must_use]
    pub fn new(limits: &[QuotaLimit]) -> Self {
        Self {
            limits: compiled(limits),
            entries: Entries::default(),
            today: PacificDay::default(),
        }
    }

    /// Replaces the admin's limits; counts stay.
    pub fn set_limits(&mut self, limits: &[QuotaLimit]) {
        self.limits = compiled(limits);
    }

    /// Whether a request of about `tokens` input tokens fits into every quota of `subject` for `model`.
    ///
    /// # Errors
    /// [`QuotaFull`] says which does not have room, and until when; of several, the one that lasts longest.
    pub fn may(
        &mut self,
        subject: Subject,
        model: &str,
        tokens: u64,
        now: UnixMillis,
    ) -> Result<(), QuotaFull> {
        let today = self.turn_to(now);
        let known = known_limit(&self.limits, model);
        let entry = self.entries.get(subject, model);
        if known.is_none() && entry.is_none() {
            return Ok(());
        }
        let Some(entry) = entry else {
            return nothing_used(known, now, today);
        };
        entry.counts.turn_to(now, today);
        let full = [
            QuotaKind::RequestsPerMinute,
            QuotaKind::TokensPerMinute,
            QuotaKind::RequestsPerDay,
            QuotaKind::TokensPerDay,
        ]
        .into_iter()
        .filter_map(|which| {
            let limit = limit_of(known, which).or_else(|| entry.learned(which, now))?;
            let until = full_until(entry, which, tokens, limit, today)?;
            Some(QuotaFull { until, which })
        })
        .max_by_key(|full| full.until);
        full.map_or(Ok(()), Err)
    }

    /// Counts a request that is about to be sent. Refused ones count too: whether Google counts them is not known.
    pub fn note(&mut self, subject: Subject, model: &str, tokens: u64, now: UnixMillis) {
        if let Some(entry) = self.counted(subject, model, now) {
            entry.counts.note(tokens);
        }
    }

    /// Corrects the count when a request has succeeded and its real use is known; a learned limit that its success
    /// contradicts is forgotten.
    pub fn correct(&mut self, subject: Subject, model: &str, spent: Spent, now: UnixMillis) {
        let today = self.turn_to(now);
        if let Some(entry) = self.counted(subject, model, now) {
            let was_today = today.contains(spent.noted_at);
            entry
                .counts
                .correct(spent.noted_at, was_today, spent.estimated, spent.real);
            entry.forget_contradicted(spent.real);
        }
    }

    /// Learns the limits that a refusal of a request for `model` told.
    pub fn learn(&mut self, subject: Subject, model: &str, lessons: &Lessons, now: UnixMillis) {
        let today = self.turn_to(now);
        for learned in &lessons.limits {
            if let Some(entry) = self.entries.get_or_add(subject, model, now, today) {
                entry.learn(*learned, now);
            }
        }
    }

    /// Takes in what all instances together have counted for one day ([`crate::pacific_day`]). Never lowers a count;
    /// a sum of another day than today is ignored.
    pub fn shared(
        &mut self,
        subject: Subject,
        model: &str,
        day: u32,
        requests: u64,
        tokens: u64,
        now: UnixMillis,
    ) {
        if self.turn_to(now).number != day {
            return;
        }
        if let Some(entry) = self.counted(subject, model, now) {
            entry.counts.raise(requests, tokens);
        }
    }

    /// The entry to count in, turned to now. What has no limit is not counted.
    fn counted(&mut self, subject: Subject, model: &str, now: UnixMillis) -> Option<&mut Entry> {
        let today = self.turn_to(now);
        let entry = if known_limit(&self.limits, model).is_some() {
            self.entries.get_or_add(subject, model, now, today)?
        } else {
            self.entries.get(subject, model)?
        };
        entry.counts.turn_to(now, today);
        Some(entry)
    }

    fn turn_to(&mut self, now: UnixMillis) -> PacificDay {
        if !self.today.contains(now) {
            self.today = PacificDay::at(now);
        }
        self.today
    }
}

fn compiled(limits: &[QuotaLimit]) -> Vec<(WildMatch, QuotaLimit)> {
    limits
        .iter()
        .take(MAX_QUOTA_LIMITS)
        .map(|limit| (WildMatch::new(&limit.model), limit.clone()))
        .collect()
}

fn known_limit<'limits>(
    limits: &'limits [(WildMatch, QuotaLimit)],
    model: &str,
) -> Option<&'limits QuotaLimit> {
    limits
        .iter()
        .find(|(pattern, _)| pattern.matches(model))
        .map(|(_, limit)| limit)
}

fn limit_of(known: Option<&QuotaLimit>, kind: QuotaKind) -> Option<u64> {
    let known = known?;
    match kind {
        QuotaKind::RequestsPerMinute => known.rpm.map(u64::from),
        QuotaKind::TokensPerMinute => known.tpm,
        QuotaKind::RequestsPerDay => known.rpd.map(u64::from),
        QuotaKind::TokensPerDay => None,
    }
}

/// The answer for a subject that has used nothing: only a limit of zero stops it.
fn nothing_used(
    known: Option<&QuotaLimit>,
    now: UnixMillis,
    today: PacificDay,
) -> Result<(), QuotaFull> {
    for (which, until) in [
        (QuotaKind::RequestsPerDay, today.end),
        (QuotaKind::RequestsPerMinute, now.saturating_add(MINUTE)),
        (QuotaKind::TokensPerMinute, now.saturating_add(MINUTE)),
    ] {
        if limit_of(known, which) == Some(0) {
            return Err(QuotaFull { until, which });
        }
    }
    Ok(())
}

fn full_until(
    entry: &Entry,
    which: QuotaKind,
    tokens: u64,
    limit: u64,
    today: PacificDay,
) -> Option<UnixMillis> {
    let day = entry.counts.today();
    let day_full = |used: u64, more: u64| {
        let fits = used.saturating_add(more) <= limit || (used == 0 && limit > 0);
        (!fits).then_some(today.end)
    };
    match which {
        QuotaKind::RequestsPerMinute => entry.counts.minute_full_until(Measure::Requests, 1, limit),
        QuotaKind::TokensPerMinute => {
            entry
                .counts
                .minute_full_until(Measure::Tokens, tokens, limit)
        }
        QuotaKind::RequestsPerDay => day_full(day.requests, 1),
        QuotaKind::TokensPerDay => day_full(day.tokens, tokens),
    }
}

#[cfg(test)]
mod tests;
