//! One pool as its admin describes it, without its keys.

use std::fmt;
use std::str::FromStr;

use gempool_pool::{Policy, UnixMillis};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

/// Longest id of a pool, in bytes: it is part of names in the store, which have at most 64.
const MAX_POOL_ID_BYTES: usize = 32;

/// What a pool is called in addresses and in the store: lower-case letters, digits and inner hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PoolId(String);

/// A text that is no [`PoolId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a pool id has 1 to {MAX_POOL_ID_BYTES} lower-case letters, digits and inner hyphens, such as `team-a`"
)]
pub struct InvalidPoolId;

impl PoolId {
    /// The pool of the deployment's variables, which is in no store. Nobody can make another one of this name.
    pub const ENVIRONMENT: &'static str = "env";

    /// The id of the pool of the deployment's variables.
    pub fn environment() -> Self {
        Self(Self::ENVIRONMENT.to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PoolId {
    type Err = InvalidPoolId;

    fn from_str(text: &str) -> Result<Self, InvalidPoolId> {
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let valid = !text.is_empty()
            && text.len() <= MAX_POOL_ID_BYTES
            && plain
            && !text.starts_with('-')
            && !text.ends_with('-');
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidPoolId)
        }
    }
}

impl fmt::Display for PoolId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for PoolId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PoolId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// A pool without its keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolConfig {
    /// Its id; never changes.
    pub id: PoolId,
    /// For people.
    #[serde(default)]
    pub name: String,
    /// For people.
    #[serde(default)]
    pub description: String,
    /// Whether it serves nobody.
    #[serde(default)]
    pub disabled: bool,
    /// How it chooses and judges.
    #[serde(default)]
    pub policy: Policy,
    /// Models that clients may use: names and patterns with `*`; all if empty.
    #[serde(default)]
    pub allowed_models: Vec<String>,
    /// Other names for models, in the form of the variable `model_aliases`; beside that one's.
    #[serde(default)]
    pub aliases: String,
    /// Requests of all clients together, per minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpm: Option<u32>,
    /// Tokens of all clients together, per minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tpm: Option<u64>,
    /// Whether who brings a key may use the pool: keys that worked join it. Every request then goes out with
    /// `store: false`, because the owners of keys could read what is stored.
    #[serde(default)]
    pub contribute: bool,
    /// When it was made, Unix milliseconds.
    #[serde(default)]
    pub created_at: UnixMillis,
    /// Sequence number of the edit that changed it last; 0 if none did.
    #[serde(default)]
    pub stamp: u64,
    /// Fields of a newer version: kept, so that an older one does not lose them.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl PoolConfig {
    /// A pool with defaults everywhere.
    pub fn new(id: PoolId, created_at: UnixMillis) -> Self {
        Self {
            name: id.as_str().to_owned(),
            id,
            description: String::new(),
            disabled: false,
            policy: Policy::default(),
            allowed_models: Vec::new(),
            aliases: String::new(),
            rpm: None,
            tpm: None,
            contribute: false,
            created_at,
            stamp: 0,
            unknown: Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_fit_for_addresses_and_names() {
        for (text, valid) in [
            ("a", true),
            ("team-a", true),
            ("0", true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("Team", false),
            ("a_b", false),
            ("a/b", false),
            ("ä", false),
            ("abcdefghijklmnopqrstuvwxyzabcdef", true),
            ("abcdefghijklmnopqrstuvwxyzabcdefg", false),
        ] {
            assert_eq!(text.parse::<PoolId>().is_ok(), valid, "{text}");
        }
    }

    #[test]
    fn a_document_of_an_older_version_gets_defaults_and_one_of_a_newer_keeps_its_fields() {
        let read: PoolConfig = serde_json::from_str(r#"{"id":"a","later":[1]}"#).unwrap();
        let mut expected = PoolConfig::new("a".parse().unwrap(), UnixMillis(0));
        expected.name = String::new();
        expected
            .unknown
            .insert("later".to_owned(), serde_json::json!([1]));
        assert_eq!(read, expected);
        let again = serde_json::to_value(&read).unwrap();
        assert_eq!(again.get("later"), Some(&serde_json::json!([1])));
    }
}
