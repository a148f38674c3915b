//! One of the 256 documents: its lines, and what goes when it is full.
//!
//! A line takes about 100 bytes, so that a document holds 640, and all together 160,000.

use gempool_pool::{KeyId, UnixMillis};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{Changed, MAX_LIFE, Resource};
use crate::envelope::{self, Damage, MAX_DOCUMENT_BYTES};
use crate::pool_config::PoolId;

/// Least bytes of a line. What has to go to save some bytes is counted with it.
const LINE_BYTES: usize = 100;

/// Where a resource is remembered.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The document.
    pub(super) document: String,
    /// The line: 16 bytes of a digest as hexadecimal digits, so that two of a million resources meet once in 10^26.
    digest: String,
}

impl Place {
    pub(super) fn of(pool: &PoolId, name: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(pool.as_str());
        // No pool's id has this byte.
        digest.update([0]);
        digest.update(name);
        let digest: [u8; 32] = digest.finalize().into();
        let [slot, ..] = digest;
        Self {
            document: format!("gp1:r:{slot:02x}"),
            digest: digest
                .iter()
                .skip(16)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        }
    }
}

/// The document.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Slot {
    #[serde(rename = "r", default)]
    pub(super) lines: Vec<Line>,
    /// Fields of a newer version: kept, so that an older one does not lose them.
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// One resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    #[serde(rename = "d")]
    pub(super) digest: String,
    #[serde(rename = "k")]
    key: KeyId,
    /// Eight bytes as hexadecimal digits, like a key's id.
    #[serde(rename = "c")]
    client: KeyId,
    /// Seconds since 1970.
    #[serde(rename = "e")]
    pub(super) expires: u64,
    /// As in [`Slot`].
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

impl Line {
    pub(super) fn new(place: &Place, resource: Resource, now: UnixMillis) -> Self {
        Self {
            digest: place.digest.clone(),
            key: resource.key,
            client: KeyId::from_bytes(resource.client),
            expires: seconds(resource.expires).min(latest(now)),
            unknown: Map::new(),
        }
    }
}

impl Slot {
    pub(super) fn find(&self, place: &Place, now: UnixMillis) -> Option<Resource> {
        let line = self.lines.iter().find(|line| line.digest == place.digest)?;
        (line.expires > seconds(now)).then(|| Resource {
            key: line.key,
            client: line.client.to_bytes(),
            expires: UnixMillis(line.expires.saturating_mul(1000)),
        })
    }

    pub(super) fn put(&mut self, line: Line) -> Changed {
        if self.lines.contains(&line) {
            return Changed::Nothing;
        }
        self.lines.retain(|other| other.digest != line.digest);
        self.lines.push(line);
        Changed::Something
    }

    pub(super) fn remove(&mut self, place: &Place) -> Changed {
        let before = self.lines.len();
        self.lines.retain(|line| line.digest != place.digest);
        if self.lines.len() == before {
            Changed::Nothing
        } else {
            Changed::Something
        }
    }

    /// Drops what is over. What a broken clock made last for years ends in a week.
    pub(super) fn clean(&mut self, now: UnixMillis) {
        let (now, latest) = (seconds(now), latest(now));
        self.lines.retain(|line| line.expires > now);
        for line in &mut self.lines {
            line.expires = line.expires.min(latest);
        }
    }

    /// The bytes of the document. If it is full, what expires first goes.
    pub(super) fn encode(&mut self, place: &Place) -> Vec<u8> {
        loop {
            if let Ok(bytes) = envelope::to_plain(&place.document, self) {
                return bytes;
            }
            let length = serde_json::to_vec(self).map_or(usize::MAX, |body| body.len());
            let excess = length.saturating_sub(MAX_DOCUMENT_BYTES);
            let more = (excess / LINE_BYTES + 1).min(self.lines.len());
            if more == 0 {
                // Only a newer version's fields can be as large as that.
                self.unknown.clear();
            }
            self.lines.sort_by_key(|line| line.expires);
            self.lines.drain(..more);
        }
    }

    pub(super) fn decode(place: &Place, bytes: &[u8]) -> Result<Self, Damage> {
        envelope::from_plain(&place.document, bytes)
    }
}

fn seconds(at: UnixMillis) -> u64 {
    at.0 / 1000
}

fn latest(now: UnixMillis) -> u64 {
    seconds(now.saturating_add(MAX_LIFE))
}
