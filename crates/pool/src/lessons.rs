//! What an error tells about a key beyond its verdict: tier, project, limits.
//!
//! Only from fields that Google fills and sentences that Google begins: no client may have its words learned. What
//! is done with a lesson is `quota_book.rs` and the pool.

use crate::google_error::GoogleError;
use crate::record::Tier;

/// What an error tells about the key's project. Empty for most errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lessons {
    /// Free or paid.
    pub tier: Option<Tier>,
    /// Google's number of the key's project, decimal digits.
    pub project: Option<String>,
    /// What Google calls the model whose quota is exceeded. It may be another name than the request's (an alias, a
    /// retired preview): whoever cools the model of the request cools this one too.
    pub model: Option<String>,
    /// The exceeded limits. They hold for the model of the request.
    pub limits: Vec<LearnedLimit>,
}

/// A limit of a project for a model, as a refusal told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LearnedLimit {
    /// What is counted, and over which time.
    pub kind: QuotaKind,
    /// How much of it is allowed.
    pub limit: u64,
}

/// What a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuotaKind {
    /// Requests in a minute.
    RequestsPerMinute,
    /// Input tokens in a minute.
    TokensPerMinute,
    /// Requests in a day of Los Angeles.
    RequestsPerDay,
    /// Input tokens in a day of Los Angeles.
    TokensPerDay,
}

impl Lessons {
    /// Whether nothing was learned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn of(_error: &GoogleError) -> Self {
        Self::default()
    }
}
