//! Limits of a project for a model that an admin knows before Google has to refuse.
//!
//! Only values and their bounds; what has been used of them is `quota_book.rs`.

use serde::{Deserialize, Serialize};

/// Most limits of one pool. Each request is held against their patterns in turn, so they must be few.
pub const MAX_QUOTA_LIMITS: usize = 64;

/// Longest pattern, in bytes: that much of a model's name is told apart elsewhere too.
pub const MAX_MODEL_PATTERN_BYTES: usize = 128;

/// Limits that an admin knows. Absent ones are unlimited until Google's refusals teach them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaLimit {
    /// Which models: a name, or a pattern with `*` for any run of characters and `?` for one.
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

/// Limits that cannot be used. `limit` counts from one, as people do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidQuota {
    /// Too many.
    #[error("{count} quota limits; {MAX_QUOTA_LIMITS} are allowed")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// It is for no model.
    #[error("quota limit {limit} names no model; write * for all")]
    NoModel {
        /// Which.
        limit: usize,
    },
    /// Its pattern is too long.
    #[error(
        "quota limit {limit} has a pattern of {bytes} bytes; {MAX_MODEL_PATTERN_BYTES} are allowed"
    )]
    PatternTooLong {
        /// Which.
        limit: usize,
        /// How long it is.
        bytes: usize,
    },
}

/// Checks what the types of a [`QuotaLimit`] allow and its use does not.
///
/// # Errors
/// [`InvalidQuota`] names the first limit that cannot be used.
pub fn validate_quotas(limits: &[QuotaLimit]) -> Result<(), InvalidQuota> {
    if limits.len() > MAX_QUOTA_LIMITS {
        return Err(InvalidQuota::TooMany {
            count: limits.len(),
        });
    }
    (1..).zip(limits).try_for_each(|(limit, given)| {
        let bytes = given.model.len();
        if given.model.trim().is_empty() {
            Err(InvalidQuota::NoModel { limit })
        } else if bytes > MAX_MODEL_PATTERN_BYTES {
            Err(InvalidQuota::PatternTooLong { limit, bytes })
        } else {
            Ok(())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(model: &str) -> QuotaLimit {
        QuotaLimit {
            model: model.to_owned(),
            ..QuotaLimit::default()
        }
    }

    #[test]
    fn limits_out_of_bounds_are_refused_by_number() {
        assert_eq!(validate_quotas(&vec![limit("*"); MAX_QUOTA_LIMITS]), Ok(()));
        for (bad, error) in [
            (" ", "quota limit 2 names no model; write * for all"),
            (
                &*"x".repeat(129),
                "quota limit 2 has a pattern of 129 bytes; 128 are allowed",
            ),
        ] {
            let found = validate_quotas(&[limit("*"), limit(bad)]).unwrap_err();
            assert_eq!(found.to_string(), error);
        }
        let many = validate_quotas(&vec![limit("*"); MAX_QUOTA_LIMITS + 1]);
        assert_eq!(many, Err(InvalidQuota::TooMany { count: 65 }));
    }
}
