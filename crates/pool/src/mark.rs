//! What is known of one key's state, in the form that instances share: mergeable in any order.
//!
//! A mark is made of verdicts, holds no secret, and is worth one wasted call: losing one is harmless. Who stores
//! and carries marks is not its business.

use serde::{Deserialize, Serialize};

use crate::key_id::KeyId;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, DeathCause};

/// What is known of one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Which key.
    #[serde(rename = "k")]
    pub key: KeyId,
    /// Which of its lives; see [`crate::KeyRecord::generation`].
    #[serde(rename = "g", default)]
    pub generation: u32,
    /// Why it is dead, if it is.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub dead: Option<DeathCause>,
    /// Its coolings that are not over.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub coolings: Vec<CoolingMark>,
    /// Google's project, where an error told.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
}

/// One cooling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoolingMark {
    /// For which model; all if absent.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Until when.
    #[serde(rename = "u")]
    pub until: UnixMillis,
    /// Why.
    #[serde(rename = "c")]
    pub cause: CoolingCause,
}
