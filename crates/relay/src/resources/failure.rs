//! What a client is told when a resource, or its key, is not there for it.

use std::time::Duration;

use gempool_translate::ApiError;
use http::StatusCode;

use crate::failure::{Failure, whole_seconds};

/// Longest name that is repeated to a client, in bytes.
const NAME_BYTES_MAX: usize = 96;

/// A resource that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owned {
    /// Nobody made it here, or somebody else did; the two look the same on purpose.
    Unknown {
        /// As the request has it.
        name: String,
    },
    /// The request mentions two that no key may use together.
    Apart {
        /// The first.
        first: String,
        /// Another, of another key.
        other: String,
    },
    /// Somebody else has one of this name.
    Taken,
    /// The client's pool is of strangers' keys, whose owners could read it.
    Shared,
    /// The only key that may use it rests.
    Resting {
        /// Until it returns.
        retry_after: Duration,
    },
    /// The only key that may use it is out of service, or no longer in the pool.
    Gone,
}

impl Owned {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Unknown { .. } | Self::Gone => StatusCode::NOT_FOUND,
            Self::Apart { .. } => StatusCode::BAD_REQUEST,
            Self::Taken => StatusCode::CONFLICT,
            Self::Shared => StatusCode::FORBIDDEN,
            Self::Resting { .. } => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Resting { retry_after } => Some(*retry_after),
            Self::Unknown { .. } | Self::Apart { .. } | Self::Taken | Self::Shared | Self::Gone => {
                None
            }
        }
    }

    pub(crate) fn to_error(&self) -> ApiError {
        let (kind, code, message) = match self {
            Self::Unknown { name } => (
                "invalid_request_error",
                "resource_not_found",
                format!(
                    "{} was not made here with this client key, or has expired: upload the file or \
                     create the cache through gempool, with the key that uses it",
                    shown(name)
                ),
            ),
            Self::Apart { first, other } => (
                "invalid_request_error",
                "resources_apart",
                format!(
                    "{} and {} belong to different Gemini keys, so no request can use both: upload one \
                     of them again",
                    shown(first),
                    shown(other)
                ),
            ),
            Self::Taken => (
                "invalid_request_error",
                "resource_exists",
                "a resource of this name exists already: choose another name, or none".to_owned(),
            ),
            Self::Shared => (
                "invalid_request_error",
                "not_in_shared_pool",
                "files, caches and batches are not available in a pool that people contribute keys to: the owner \
                 of the key could read them"
                    .to_owned(),
            ),
            Self::Resting { retry_after } => (
                "rate_limit_error",
                "rate_limit_exceeded",
                format!(
                    "the Gemini key that owns this resource has reached a limit, and no other key can use \
                     it; it returns in {} s",
                    whole_seconds(*retry_after)
                ),
            ),
            Self::Gone => (
                "invalid_request_error",
                "resource_gone",
                "the Gemini key that owns this file, cache or batch is gone, and no other key can use it: \
                 make it again"
                    .to_owned(),
            ),
        };
        ApiError {
            status: self.status().as_u16(),
            message,
            kind,
            param: None,
            code: Some(code.to_owned()),
            retry_after_s: self.retry_after().map(whole_seconds),
        }
    }
}

impl From<Owned> for Failure {
    fn from(owned: Owned) -> Self {
        Self::Owned(owned)
    }
}

/// Names are the client's own words; what is no name is not repeated.
fn shown(name: &str) -> String {
    let is_plain = name.len() <= NAME_BYTES_MAX
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_'));
    if is_plain {
        format!("`{name}`")
    } else {
        "this file".to_owned()
    }
}

/// A failure of the whole pool, told of the one key that was asked.
pub(crate) fn of_owner(failure: Option<Failure>) -> Failure {
    match failure {
        Some(Failure::Cooling { retry_after, .. }) => Owned::Resting { retry_after }.into(),
        Some(Failure::NoUsableKey) | None => Owned::Gone.into(),
        Some(failure) => failure,
    }
}
