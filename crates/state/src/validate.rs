//! What is refused before it is logged: sizes and forms. Whether a change fits what is stored is `admit.rs`'s.

use gempool_pool::{
    InvalidQuota, InvalidRule, KeyRecord, MAX_KEYS, MAX_NAME_BYTES, validate_quotas, validate_rules,
};

use crate::change::{Change, KeyPatch};
use crate::client_key::{ClientKeyRecord, MAX_CLIENT_NAME_BYTES, SAFETY_THRESHOLDS};
use crate::operation::{MAX_IDS_PER_CHANGE, MAX_KEYS_PER_CHANGE, json_bytes};
use crate::pool_config::{PoolConfig, PoolId};

/// Most pools of a store: their references are 14 KiB of the head's 64.
pub const MAX_POOLS: usize = 256;

/// Most client keys of a store: at 190 a page, their pages are 4 KiB of the head's 64.
pub const MAX_CLIENTS: usize = 20_000;

/// Largest configuration of a pool as JSON, in bytes: it shares a document with 1,024 references of 35 bytes.
pub const MAX_CONFIG_BYTES: usize = 16 * 1024;

/// Largest record of a client key as JSON, in bytes: 20,000 of them in 512 pages of 60 KiB just fit.
pub const MAX_CLIENT_BYTES: usize = 1024;

/// Largest record of a key as JSON, in bytes: a key of 512 bytes, the texts below, numbers, and later fields.
pub const MAX_KEY_RECORD_BYTES: usize = 1024;

/// Longest name of who edits, in bytes.
pub const MAX_ACTOR_BYTES: usize = 64;

/// Most bytes of a change in its document: the rest is envelope, actor, time, and numbers of earlier tries.
const MAX_CHANGE_BYTES: usize = 63 * 1024;

/// Why a change is not possible. Shows no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A text is too long.
    #[error("{field} has {bytes} bytes, more than the {most} allowed")]
    TooLong {
        /// Which.
        field: &'static str,
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// A name has a line end or another control character.
    #[error("{field} has a control character")]
    ControlCharacter {
        /// Which.
        field: &'static str,
    },
    /// A rule for errors cannot be used.
    #[error(transparent)]
    Rule(#[from] InvalidRule),
    /// A quota cannot be used.
    #[error(transparent)]
    Quota(#[from] InvalidQuota),
    /// A threshold is none of Google's.
    #[error("the safety threshold is none of {}", SAFETY_THRESHOLDS.join(", "))]
    Safety,
    /// A weight is no weight.
    #[error("the weight must be a whole number from 1 to 1000")]
    Weight,
    /// The pool of the deployment's variables cannot be stored.
    #[error("`{id}` is the pool of the deployment's variables", id = PoolId::ENVIRONMENT)]
    ReservedPool,
    /// There is no such pool.
    #[error("there is no pool `{0}`")]
    NoPool(PoolId),
    /// A stamp is given for several keys.
    #[error("a stamp is that of one key: edit keys one by one, or without a stamp")]
    BaseOfMany,
    /// It is too large for one edit.
    #[error("the change is too large for one edit: split it")]
    TooLarge,
    /// More pools than there may be.
    #[error("there are {MAX_POOLS} pools already, which is the most")]
    TooManyPools,
    /// More keys than a pool may have.
    #[error("the pool would have {0} keys, more than the {MAX_KEYS} allowed")]
    TooManyKeys(usize),
    /// More client keys than there may be.
    #[error("there are {MAX_CLIENTS} client keys already, which is the most")]
    TooManyClients,
}

/// Checks who edits.
pub(crate) fn validate_actor(actor: &str) -> Result<(), Invalid> {
    text("the name of the editor", actor, MAX_ACTOR_BYTES)
}

/// Checks a change by itself.
pub(crate) fn validate(change: &Change) -> Result<(), Invalid> {
    match change {
        Change::PutPool { config, .. } => validate_config(config)?,
        Change::AddKeys { keys, .. } => {
            if keys.len() > MAX_KEYS_PER_CHANGE {
                return Err(Invalid::TooLarge);
            }
            keys.iter().try_for_each(validate_key)?;
        }
        Change::EditKeys {
            ids, patch, base, ..
        } => {
            if base.is_some() && ids.len() > 1 {
                return Err(Invalid::BaseOfMany);
            }
            if ids.len() > MAX_IDS_PER_CHANGE {
                return Err(Invalid::TooLarge);
            }
            validate_patch(patch)?;
        }
        Change::RemoveKeys { ids, .. } if ids.len() > MAX_IDS_PER_CHANGE => {
            return Err(Invalid::TooLarge);
        }
        Change::PutClient { record, .. } => validate_client(record)?,
        Change::RemoveKeys { .. } | Change::DeletePool { .. } | Change::DeleteClient { .. } => {}
    }
    if json_bytes(change) > MAX_CHANGE_BYTES {
        return Err(Invalid::TooLarge);
    }
    Ok(())
}

fn validate_config(config: &PoolConfig) -> Result<(), Invalid> {
    if config.id == PoolId::environment() {
        return Err(Invalid::ReservedPool);
    }
    text("the name", &config.name, MAX_NAME_BYTES)?;
    validate_rules(&config.policy.rules)?;
    validate_quotas(&config.policy.quotas)?;
    size("the configuration", json_bytes(config), MAX_CONFIG_BYTES)
}

fn validate_key(key: &KeyRecord) -> Result<(), Invalid> {
    text("the name", &key.name, MAX_NAME_BYTES)?;
    text("the note", &key.note, MAX_NAME_BYTES)?;
    if let Some(project) = &key.project {
        text("the project", project, MAX_NAME_BYTES)?;
    }
    if let Some(egress) = &key.egress {
        text("the egress", egress, MAX_NAME_BYTES)?;
    }
    size("the record of a key", json_bytes(key), MAX_KEY_RECORD_BYTES)
}

fn validate_patch(patch: &KeyPatch) -> Result<(), Invalid> {
    if patch.weight.is_some() && patch.weight().is_none() {
        return Err(Invalid::Weight);
    }
    if let Some(name) = &patch.name {
        text("the name", name, MAX_NAME_BYTES)?;
    }
    if let Some(note) = &patch.note {
        text("the note", note, MAX_NAME_BYTES)?;
    }
    if let Some(Some(project)) = &patch.project {
        text("the project", project, MAX_NAME_BYTES)?;
    }
    if let Some(Some(egress)) = &patch.egress {
        text("the egress", egress, MAX_NAME_BYTES)?;
    }
    Ok(())
}

fn validate_client(record: &ClientKeyRecord) -> Result<(), Invalid> {
    text("the name", &record.name, MAX_CLIENT_NAME_BYTES)?;
    if let Some(threshold) = &record.safety
        && !SAFETY_THRESHOLDS.contains(&threshold.as_str())
    {
        return Err(Invalid::Safety);
    }
    size(
        "the record of a client key",
        json_bytes(record),
        MAX_CLIENT_BYTES,
    )
}

fn text(field: &'static str, text: &str, most: usize) -> Result<(), Invalid> {
    if text.chars().any(char::is_control) {
        return Err(Invalid::ControlCharacter { field });
    }
    size(field, text.len(), most)
}

fn size(field: &'static str, bytes: usize, most: usize) -> Result<(), Invalid> {
    if bytes > most {
        return Err(Invalid::TooLong { field, bytes, most });
    }
    Ok(())
}
