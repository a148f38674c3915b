//! A key as a pool keeps it: the key, and what people and answers said about it.
//!
//! What a key's answers say for a while (cooling, dead) is `mark.rs`; who stores a record is not its business.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::key::ApiKey;
use crate::key_id::KeyId;
use crate::key_list::{KeySpec, Weight};
use crate::time::UnixMillis;

/// Longest name and longest note, in bytes: a page of 256 records must fit into 64 KiB.
pub const MAX_NAME_BYTES: usize = 64;

/// What Google's bill says of the key's project. Learned from quota ids, or typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Google may train on what is sent.
    Free,
    /// It may not.
    Paid,
}

/// One key of a pool. `Debug` shows no key; serialized it *does* show it, so it goes into sealed documents only.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeyRecord {
    /// The key.
    #[serde(rename = "k", with = "exposed")]
    pub key: ApiKey,
    /// Its share among the others.
    #[serde(rename = "w", default, skip_serializing_if = "is_one", with = "weight")]
    pub weight: Weight,
    /// Whether an admin lets it serve.
    #[serde(rename = "off", default, skip_serializing_if = "is_false")]
    pub disabled: bool,
    /// For people.
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Free or paid, if somebody knows.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// Google's project, typed: keys of one project share its quotas.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The egress that it is pinned to by hand.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub egress: Option<String>,
    /// Who brought it, in a pool that strangers contribute to: the id that the contributor's key had.
    #[serde(rename = "by", default, skip_serializing_if = "Option::is_none")]
    pub contributor: Option<KeyId>,
    /// When it was added, Unix milliseconds.
    #[serde(rename = "at", default)]
    pub added_at: UnixMillis,
    /// How often it was brought back to life. Marks of an earlier life no longer count.
    #[serde(rename = "g", default, skip_serializing_if = "is_zero")]
    pub generation: u32,
    /// Sequence number of the edit that changed it last; 0 if none did.
    #[serde(rename = "s", default)]
    pub stamp: u64,
    /// Fields of a newer version: kept, so that an older one does not lose them.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl KeyRecord {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.key)
    }
}

impl From<KeySpec> for KeyRecord {
    fn from(spec: KeySpec) -> Self {
        Self {
            key: spec.key,
            weight: spec.weight,
            disabled: false,
            name: String::new(),
            note: String::new(),
            tier: None,
            project: None,
            egress: None,
            contributor: None,
            added_at: UnixMillis::default(),
            generation: 0,
            stamp: 0,
            unknown: Map::new(),
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde asks for"
)]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde asks for"
)]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

fn is_one(weight: &Weight) -> bool {
    *weight == Weight::ONE
}

/// A key in a sealed document.
mod exposed {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    use crate::key::ApiKey;

    pub(super) fn serialize<S: Serializer>(key: &ApiKey, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(key.expose())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ApiKey, D::Error> {
        ApiKey::new(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// A weight as its number.
mod weight {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    use crate::key_list::Weight;

    pub(super) fn serialize<S: Serializer>(
        weight: &Weight,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(weight.get())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Weight, D::Error> {
        u32::deserialize(deserializer)?
            .try_into()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key_list::parse_keys;

    #[test]
    fn a_plain_record_is_short_and_comes_back_as_it_was() {
        let spec = parse_keys("AIza-one*3").unwrap().remove(0);
        let record = KeyRecord::from(spec);
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(text, r#"{"k":"AIza-one","w":3,"at":0,"s":0}"#);
        let read: KeyRecord = serde_json::from_str(&text).unwrap();
        assert_eq!(read.id(), record.id());
        assert_eq!(read.weight, record.weight);
    }

    #[test]
    fn fields_of_a_newer_version_are_kept() {
        let text = r#"{"k":"AIza-one","at":5,"s":7,"later":{"x":[1]}}"#;
        let read: KeyRecord = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }

    #[test]
    fn debug_shows_no_key() {
        let record = KeyRecord::from(KeySpec::from(ApiKey::new("AIza-secret").unwrap()));
        assert!(!format!("{record:?}").contains("secret"));
    }
}
