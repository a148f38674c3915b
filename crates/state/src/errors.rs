//! The last failures of all instances, for whoever operates the gateway: a ring of 64 documents.
//!
//! It holds words, ids and numbers only: no text of a client or of an upstream, which could contain a prompt or a key,
//! and no line per request, so that it does not grow with the traffic. It is no audit: what comes too fast is counted
//! and dropped.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use gempool_pool::{KeyId, UnixMillis};
use serde::{Deserialize, Serialize};

use crate::client_key::ClientKeyId;
use crate::envelope::{self, Damage};
use crate::pool_config::PoolId;
use crate::ports::{Counters, DocumentStore, StoreUnavailable};

/// Documents of the ring: with one a second, the last minute of a storm, and days of quiet times.
const SLOTS: u64 = 64;

/// Most failures of one document. One takes less than 400 bytes, all together less than 8 KiB.
const MAX_ENTRIES: usize = 16;

/// Longest word, in bytes: the longest model on a list recorded 2025-12-31 has 45.
const MAX_WORD_BYTES: usize = 64;

/// The counter whose value is the number of the document that was written last.
const SEQUENCE: &str = "gp1:n:l";

/// One failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// When.
    pub at: UnixMillis,
    /// In which pool.
    pub pool: PoolId,
    /// Of which client key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientKeyId>,
    /// With which key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyId>,
    /// For which model: one of a list, because a client may write anything where a model's name belongs.
    pub model: Word,
    /// What the client got; 0 if it was no HTTP status.
    pub status: u16,
    /// What it was, such as `day-quota`.
    pub cause: Word,
}

/// A text that is a name and nothing else: 1 to 64 letters, digits and `.:_/-`. Anything else becomes `other`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Word(String);

impl Word {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:_/-".contains(&byte);
        if (1..=MAX_WORD_BYTES).contains(&text.len()) && text.bytes().all(plain) {
            Self(text)
        } else {
            Self("other".to_owned())
        }
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// Failures of this instance that are not in the ring yet.
#[derive(Debug, Default)]
pub struct FailureLog {
    waiting: VecDeque<Failure>,
    dropped: u32,
}

/// What one document holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Batch {
    #[serde(rename = "n", default)]
    number: i64,
    #[serde(rename = "x", default)]
    dropped: u32,
    #[serde(rename = "f", default)]
    failures: Vec<Failure>,
}

/// What [`read_failures`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecentFailures {
    /// The failures, the latest first.
    pub failures: Vec<Failure>,
    /// How many more there were in that time.
    pub dropped: u64,
    /// Documents that could not be read; they will be overwritten.
    pub damaged: Vec<Damage>,
}

impl FailureLog {
    /// Notes a failure. If too many wait, the oldest is dropped and counted.
    pub fn note(&mut self, failure: Failure) {
        if self.waiting.len() >= MAX_ENTRIES {
            self.waiting.pop_front();
            self.dropped = self.dropped.saturating_add(1);
        }
        self.waiting.push_back(failure);
    }

    /// Whether there is something to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes out what waits, to be written by [`FailureBatch::write`].
    pub fn take(&mut self) -> FailureBatch {
        FailureBatch(Batch {
            number: 0,
            dropped: std::mem::take(&mut self.dropped),
            failures: std::mem::take(&mut self.waiting).into(),
        })
    }
}

/// Failures on their way into the ring.
#[derive(Debug)]
pub struct FailureBatch(Batch);

impl FailureBatch {
    /// Writes them over the oldest document of the ring: one call of a counter, one write. After an error they are
    /// lost, which is better than a queue that grows while the store is away.
    ///
    /// # Errors
    ///
    /// If the store is away.
    pub async fn write(
        mut self,
        store: &(impl DocumentStore + Counters + ?Sized),
    ) -> Result<(), StoreUnavailable> {
        if self.0.failures.is_empty() {
            return Ok(());
        }
        self.0.number = store.add(SEQUENCE, 1).await?;
        let name = name(self.0.number.unsigned_abs() % SLOTS);
        match envelope::to_plain(&name, &self.0) {
            Ok(document) => store.set(&name, document).await,
            // Sixteen failures of bounded words are far below the limit.
            Err(_) => Ok(()),
        }
    }
}

/// Reads the ring. Costs 64 reads, so it is for an admin's page.
///
/// # Errors
///
/// If the store is away.
pub async fn read_failures(
    store: &(impl DocumentStore + ?Sized),
) -> Result<RecentFailures, StoreUnavailable> {
    let mut recent = RecentFailures::default();
    let mut batches: Vec<Batch> = Vec::new();
    for slot in 0..SLOTS {
        let name = name(slot);
        let Some(bytes) = store.get(&name).await? else {
            continue;
        };
        match envelope::from_plain(&name, &bytes) {
            Ok(batch) => batches.push(batch),
            Err(damage) => recent.damaged.push(damage),
        }
    }
    // By number and not by time: clocks of instances differ.
    batches.sort_by_key(|batch| std::cmp::Reverse(batch.number));
    for batch in batches {
        recent.dropped += u64::from(batch.dropped);
        recent.failures.extend(batch.failures.into_iter().rev());
    }
    Ok(recent)
}

fn name(slot: u64) -> String {
    format!("gp1:l:{slot}")
}
