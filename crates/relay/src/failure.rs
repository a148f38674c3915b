//! What a client is told when a request cannot be served: one enum, one table.
//!
//! Rendering into a dialect's JSON is [`crate::error_body`]'s and, for HTTP, the gateway's `respond.rs`'.
//! A failure never holds a key, and upstream text only after [`crate::scrub`].

use std::time::Duration;

use gempool_pool::{CoolingCause, WaitCause};
use gempool_translate::InvalidRequest;
use http::StatusCode;

use crate::resources::Owned;
use crate::settings::SettingsError;

/// What a cooling means to a client, who cannot see keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resting {
    /// A limit that time lifts.
    Limit,
    /// Money.
    Credits,
    /// None of the pool's projects may use the model.
    ModelClosed,
    /// The keys themselves need somebody's attention.
    KeyTrouble,
}

impl From<WaitCause> for Resting {
    fn from(cause: WaitCause) -> Self {
        match cause {
            WaitCause::Cooling(cause) => cause.into(),
            WaitCause::Quota(_) | WaitCause::Egress | WaitCause::Probe | WaitCause::Unknown => {
                Self::Limit
            }
        }
    }
}

impl From<CoolingCause> for Resting {
    fn from(cause: CoolingCause) -> Self {
        match cause {
            CoolingCause::MinuteQuota
            | CoolingCause::DayQuota
            | CoolingCause::RateLimited
            | CoolingCause::Unexplained
            | CoolingCause::NoQuotaForModel
            | CoolingCause::Fixed
            | CoolingCause::ByRule => Self::Limit,
            CoolingCause::CreditsDepleted => Self::Credits,
            CoolingCause::ModelClosedToNewUsers => Self::ModelClosed,
            CoolingCause::ServiceDisabled
            | CoolingCause::KeyRestricted
            | CoolingCause::FreeTierCountry
            | CoolingCause::ExpiryReported => Self::KeyTrouble,
        }
    }
}

/// What a client is told to wait for a store that is away: as long as it is then not asked again.
const STORE_AWAY_FOR: Duration = Duration::from_secs(10);

/// Why there is no answer. The retry hints follow what the OpenAI SDKs do on their own: they repeat
/// 408, 409, 429 and 5xx twice unless told otherwise (openai-python 3.54, `_should_retry`, 2026-11).
#[derive(Debug, Clone)]
pub enum Failure {
    /// The client's request makes no sense; the field is named.
    Invalid(InvalidRequest),
    /// The request's body is larger than the edge accepts.
    TooLarge {
        /// The limit, in bytes.
        limit_bytes: usize,
    },
    /// The deployment is not complete.
    SetupRequired {
        /// Environment variables to set.
        missing: Vec<&'static str>,
    },
    /// A variable of the deployment cannot be used.
    Misconfigured(SettingsError),
    /// The client key is disabled, expired or revoked.
    KeyClosed,
    /// The client's pool serves nobody at the moment.
    PoolDisabled,
    /// The client or its pool may not use this model.
    ModelNotAllowed {
        /// As the client wrote it.
        model: String,
    },
    /// A limit of the client key or of its pool is reached.
    Limited {
        /// Whose, and of what: "the client key's requests of a minute".
        limit: String,
        /// Until it counts from zero again.
        retry_after: Duration,
    },
    /// The store, without which it cannot be known who the client is, is away.
    StoreAway,
    /// Every key rests for this model, or for all.
    Cooling {
        /// Why the first one to return does.
        cause: WaitCause,
        /// Until then.
        retry_after: Duration,
    },
    /// Every key is out of service until somebody acts.
    NoUsableKey,
    /// The client key may only be served by keys of paid projects, and none of those is known that works.
    NonePaid,
    /// The model itself is overloaded, whichever key asks.
    Overloaded {
        /// Scrubbed upstream text, or ours.
        message: String,
        /// Until another try makes sense.
        retry_after: Duration,
    },
    /// Google refused this request, and would refuse it with any key.
    Refused {
        /// Google's status.
        status: StatusCode,
        /// Code for the client, where OpenAI has one.
        code: Option<&'static str>,
        /// Scrubbed upstream text.
        message: String,
    },
    /// No key of the pool may use a model of this name.
    NoSuchModel,
    /// Google does not serve the country that we call from.
    Location {
        /// Scrubbed upstream text.
        message: String,
    },
    /// Google takes the address that we call from for a robot's.
    EgressRefused {
        /// Until another try makes sense.
        retry_after: Duration,
    },
    /// Gemini itself ran out of time.
    Deadline {
        /// Scrubbed upstream text.
        message: String,
    },
    /// Gemini failed.
    Upstream {
        /// Scrubbed upstream text.
        message: String,
    },
    /// Gemini could not be reached.
    Unreachable,
    /// Gemini took too long.
    TimedOut {
        /// What was waited for.
        waited_for: &'static str,
        /// How long.
        waited: Duration,
    },
    /// A file, cache or batch cannot be used.
    Owned(Owned),
    /// Gemini's answer could not be understood or was cut.
    Broken {
        /// What was wrong with it.
        problem: String,
        /// Machine-readable: `upstream_truncated`, `upstream_malformed`, or the model's finish reason.
        code: String,
    },
}

impl From<InvalidRequest> for Failure {
    fn from(error: InvalidRequest) -> Self {
        Self::Invalid(error)
    }
}

impl Failure {
    /// The HTTP status. Total on purpose: a new failure must choose.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) | Self::Location { .. } => StatusCode::BAD_REQUEST,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Misconfigured(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::KeyClosed => StatusCode::UNAUTHORIZED,
            Self::PoolDisabled | Self::ModelNotAllowed { .. } => StatusCode::FORBIDDEN,
            Self::Limited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::NoSuchModel => StatusCode::NOT_FOUND,
            Self::Owned(owned) => owned.status(),
            Self::Cooling { cause, .. } => match Resting::from(*cause) {
                Resting::Limit | Resting::Credits => StatusCode::TOO_MANY_REQUESTS,
                Resting::ModelClosed => StatusCode::NOT_FOUND,
                Resting::KeyTrouble => StatusCode::SERVICE_UNAVAILABLE,
            },
            Self::SetupRequired { .. }
            | Self::StoreAway
            | Self::NoUsableKey
            | Self::NonePaid
            | Self::Overloaded { .. }
            | Self::EgressRefused { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Refused { status, .. } => *status,
            Self::Upstream { .. } | Self::Unreachable | Self::Broken { .. } => {
                StatusCode::BAD_GATEWAY
            }
            Self::TimedOut { .. } | Self::Deadline { .. } => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// How long the client should wait, where that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Cooling { cause, retry_after } => {
                (Resting::from(*cause) != Resting::ModelClosed).then_some(*retry_after)
            }
            Self::Overloaded { retry_after, .. }
            | Self::Limited { retry_after, .. }
            | Self::EgressRefused { retry_after } => Some(*retry_after),
            Self::StoreAway => Some(STORE_AWAY_FOR),
            Self::Owned(owned) => owned.retry_after(),
            _ => None,
        }
    }

    /// The same in whole seconds, as `Retry-After` has it: rounded up, at least one.
    pub fn retry_after_s(&self) -> Option<u64> {
        self.retry_after().map(whole_seconds)
    }

    /// False where a repetition cannot help, so that SDKs do not try. `None` leaves it to their rules.
    pub fn should_retry(&self) -> Option<bool> {
        match self {
            Self::SetupRequired { .. }
            | Self::Misconfigured(_)
            | Self::NoUsableKey
            | Self::NonePaid => Some(false),
            _ => None,
        }
    }
}

/// Seconds for people and for `Retry-After`: rounded up, at least one.
pub(crate) fn whole_seconds(duration: Duration) -> u64 {
    let seconds = duration.as_millis().div_ceil(1_000).max(1);
    u64::try_from(seconds).unwrap_or(u64::MAX)
}
