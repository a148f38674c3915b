//! What a client key may do. The key itself is kept nowhere: its record is found by a keyed digest.

use std::fmt;
use std::str::FromStr;

use gempool_pool::UnixMillis;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use crate::pool_config::PoolId;

/// Longest name of a client key, in bytes: 256 records must fit into a page of 64 KiB.
pub const MAX_CLIENT_NAME_BYTES: usize = 64;

/// Thresholds of harm categories (<https://ai.google.dev/api/generate-content#HarmBlockThreshold>, read 2026-11).
pub const SAFETY_THRESHOLDS: [&str; 5] = [
    "OFF",
    "BLOCK_NONE",
    "BLOCK_ONLY_HIGH",
    "BLOCK_MEDIUM_AND_ABOVE",
    "BLOCK_LOW_AND_ABOVE",
];

/// The first 16 bytes of HMAC-SHA-256 of a client key under a key derived from the master key. Written as 32
/// hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientKeyId(pub [u8; 16]);

impl ClientKeyId {
    /// The page that holds this client key where `bits` bits (at most 16) number the pages: ids are digests, so their
    /// first bits spread them evenly.
    pub fn page(self, bits: u8) -> usize {
        let [a, b, ..] = self.0;
        let head = usize::from(u16::from_be_bytes([a, b]));
        head >> 16_u32.saturating_sub(u32::from(bits.min(16)))
    }
}

/// A text that is no [`ClientKeyId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of a client key is 32 hexadecimal digits")]
pub struct InvalidClientKeyId;

impl fmt::Display for ClientKeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for ClientKeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ClientKeyId({self})")
    }
}

impl FromStr for ClientKeyId {
    type Err = InvalidClientKeyId;

    fn from_str(text: &str) -> Result<Self, InvalidClientKeyId> {
        let is_plain = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_plain {
            return Err(InvalidClientKeyId);
        }
        u128::from_str_radix(text, 16)
            .map(|number| Self(number.to_be_bytes()))
            .map_err(|_| InvalidClientKeyId)
    }
}

impl Serialize for ClientKeyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClientKeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// One client key. Every field that narrows must be there, `null` included: a record that lost one cannot be read, and
/// opens nothing, instead of opening more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientKeyRecord {
    /// Its id.
    pub id: ClientKeyId,
    /// The pool that it opens.
    pub pool: PoolId,
    /// For people.
    pub name: String,
    /// Its first characters, for people.
    pub head: String,
    /// Whether it opens nothing at the moment.
    pub disabled: bool,
    /// When it ends, Unix milliseconds; `null` is never.
    #[serde(deserialize_with = "Option::deserialize")]
    pub expires_at: Option<UnixMillis>,
    /// Models that it may use, names and patterns with `*`; `null` is all that the pool allows.
    #[serde(deserialize_with = "Option::deserialize")]
    pub allowed_models: Option<Vec<String>>,
    /// Requests a minute; `null` is no limit.
    #[serde(deserialize_with = "Option::deserialize")]
    pub rpm: Option<u32>,
    /// Tokens a minute; `null` is no limit.
    #[serde(deserialize_with = "Option::deserialize")]
    pub tpm: Option<u64>,
    /// Tokens a day, which ends at midnight in Los Angeles; `null` is no limit.
    #[serde(deserialize_with = "Option::deserialize")]
    pub tokens_per_day: Option<u64>,
    /// Whether only keys of paid projects may serve it, whose prompts Google does not train on.
    pub paid_only: bool,
    /// Threshold of every harm category for its requests, as in the variable `safety_threshold`; `null` is the
    /// deployment's.
    #[serde(deserialize_with = "Option::deserialize")]
    pub safety: Option<String>,
    /// When it was made, Unix milliseconds.
    pub created_at: UnixMillis,
    /// Sequence number of the edit that changed it last; 0 if none did.
    pub stamp: u64,
    /// Fields of a newer version: kept, so that an older one does not lose them.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl ClientKeyRecord {
    /// A client key that may do all that its pool may, for ever. `head` is what people recognize it by.
    pub fn new(
        id: ClientKeyId,
        pool: PoolId,
        head: impl Into<String>,
        created_at: UnixMillis,
    ) -> Self {
        Self {
            id,
            pool,
            name: String::new(),
            head: head.into(),
            disabled: false,
            expires_at: None,
            allowed_models: None,
            rpm: None,
            tpm: None,
            tokens_per_day: None,
            paid_only: false,
            safety: None,
            created_at,
            stamp: 0,
            unknown: Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_that_lost_a_field_that_narrows_cannot_be_read() {
        let whole = json!({
            "id": "000102030405060708090a0b0c0d0e0f", "pool": "a", "name": "", "head": "sk-pool-1234",
            "disabled": false, "expires_at": null, "allowed_models": null, "rpm": null, "tpm": null,
            "tokens_per_day": null, "paid_only": false, "safety": null, "created_at": 0, "stamp": 0,
        });
        assert!(serde_json::from_value::<ClientKeyRecord>(whole.clone()).is_ok());
        for field in whole.as_object().unwrap().keys() {
            let mut less = whole.clone();
            less.as_object_mut().unwrap().remove(field);
            assert!(
                serde_json::from_value::<ClientKeyRecord>(less).is_err(),
                "{field}"
            );
        }
    }

    #[test]
    fn ids_are_written_in_full() {
        let id = ClientKeyId([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xff]);
        assert_eq!(id.to_string(), "000102030405060708090a0b0c0d0eff");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(
            "+00102030405060708090a0b0c0d0eff".parse::<ClientKeyId>(),
            Err(InvalidClientKeyId)
        );
    }
}
