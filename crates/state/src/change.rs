//! What an edit can change: one operation of the log.

use gempool_pool::{KeyId, KeyRecord, Tier, Weight};
use serde::{Deserialize, Serialize};

use crate::client_key::{ClientKeyId, ClientKeyRecord};
use crate::pool_config::{PoolConfig, PoolId};

/// One change. `base` is the stamp that the editor saw: if the object has another one by the time of the change, the
/// edit is refused as a conflict; `None` overwrites whatever is there.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub enum Change {
    /// Makes a pool, or replaces its configuration. `base` 0 means that there is none yet.
    PutPool {
        /// The configuration; its stamp is set by the log.
        config: Box<PoolConfig>,
        /// What the editor saw.
        base: Option<u64>,
    },
    /// Removes a pool with its keys, and every client key that opens it.
    DeletePool {
        /// Which.
        pool: PoolId,
        /// What the editor saw.
        base: Option<u64>,
    },
    /// Adds keys; those that the pool has already stay as they are.
    AddKeys {
        /// To which pool.
        pool: PoolId,
        /// The keys.
        keys: Vec<KeyRecord>,
    },
    /// Changes keys.
    EditKeys {
        /// Of which pool.
        pool: PoolId,
        /// Which ones; those that are not there are passed over.
        ids: Vec<KeyId>,
        /// What changes.
        patch: KeyPatch,
        /// What the editor saw, for one key.
        base: Option<u64>,
    },
    /// Removes keys.
    RemoveKeys {
        /// Of which pool.
        pool: PoolId,
        /// Which ones.
        ids: Vec<KeyId>,
    },
    /// Makes a client key, or replaces its record. `base` 0 means that there is none yet.
    PutClient {
        /// The record; its stamp is set by the log.
        record: Box<ClientKeyRecord>,
        /// What the editor saw.
        base: Option<u64>,
    },
    /// Revokes a client key.
    DeleteClient {
        /// Which.
        id: ClientKeyId,
    },
}

/// Changes of keys: absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyPatch {
    /// Its share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<u16>,
    /// Whether it may not serve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Free, paid, or `Some(None)` for unknown.
    #[serde(skip_serializing_if = "Option::is_none", with = "double")]
    pub tier: Option<Option<Tier>>,
    /// Project, or `Some(None)` for unknown.
    #[serde(skip_serializing_if = "Option::is_none", with = "double")]
    pub project: Option<Option<String>>,
    /// Egress, or `Some(None)` for none.
    #[serde(skip_serializing_if = "Option::is_none", with = "double")]
    pub egress: Option<Option<String>>,
    /// Whether it lives again: marks of its earlier life no longer count.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub revive: bool,
}

impl KeyPatch {
    /// The weight, if one is set.
    pub fn weight(&self) -> Option<Weight> {
        self.weight
            .and_then(|number| Weight::try_from(u32::from(number)).ok())
    }
}

/// `null` is a value, absence is none.
mod double {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(
        clippy::option_option,
        reason = "absent, null and a value are three things"
    )]
    #[expect(clippy::ref_option, reason = "the form that serde asks for")]
    pub(super) fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Option<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value
            .as_ref()
            .and_then(Option::as_ref)
            .serialize(serializer)
    }

    #[expect(
        clippy::option_option,
        reason = "absent, null and a value are three things"
    )]
    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}
