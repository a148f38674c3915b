//! Quotas of a project for a model, counted before Google has to refuse.

use serde::{Deserialize, Serialize};

/// Limits that an admin knows. Absent ones are unlimited until Google's refusals teach them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaLimit {
    /// Which models: a name, or a pattern with `*`.
    pub model: String,
    /// Requests a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpm: Option<u32>,
    /// Tokens a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tpm: Option<u64>,
    /// Requests a day; the day ends at midnight in Los Angeles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpd: Option<u32>,
}
