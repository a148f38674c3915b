//! What one answer of the upstream means: for the key, for the model, for the request.
//!
//! It only names the outcomes. Which error leads to which is `verdict_table.rs`; what a verdict does to a key is
//! `slot.rs`.

use serde::{Deserialize, Serialize};

use crate::time::UnixMillis;

/// The meaning of one answer. Made by [`crate::classify()`] for errors and by the caller for everything it sees
/// itself (success, empty answers, broken connections); applied by [`crate::Pool::record`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A usable answer, proven by the upstream's first meaningful part at least.
    Success,
    /// Status 200 but nothing in it. The key worked; the answer did not.
    Empty,
    /// The key is out of use for a while.
    Cool {
        /// For the model of this request, or for all models.
        scope: Scope,
        /// End of it, before the pool adds jitter and growth.
        until: UnixMillis,
        /// Why.
        cause: CoolingCause,
    },
    /// This key has no access to this model, and will not soon.
    ModelUnavailable {
        /// When to look again, before jitter.
        until: UnixMillis,
        /// Why.
        cause: CoolingCause,
    },
    /// The key is out of use until somebody acts.
    Dead {
        /// Why.
        cause: DeathCause,
    },
    /// The model or the service failed, whatever the key.
    ModelFault {
        /// How.
        cause: FaultCause,
    },
    /// The place the request came from is refused, whatever the key.
    Egress {
        /// How.
        cause: EgressCause,
    },
    /// A refusal that blames neither key nor request clearly: another key may be allowed to, this key is not marked.
    Forbidden,
    /// The request names a file, a cache or a tuned model that another project owns: only the key that made it can
    /// use it. The key is not marked.
    Foreign,
    /// An admin's rule: another key is tried, this one is not marked.
    PassOver,
    /// The request is wrong: its sender must hear it, and every other key would say the same.
    Client,
    /// The gateway sent something wrong. An alarm, never a reason to try again.
    GatewayFault,
    /// No answer: connect, TLS, DNS, reset or time-out before the first byte.
    Network,
    /// Nobody waits for the answer any more.
    Canceled,
}

/// What a cooling covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The model of the request.
    Model,
    /// Every model: the cause lies in the key's project, not in a model's quota.
    Key,
}

/// Why a key is out of use for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoolingCause {
    /// A quota per minute is used up.
    MinuteQuota,
    /// A quota per day is used up; it returns at midnight in Los Angeles.
    DayQuota,
    /// Too many requests, with a time to wait but without the quota's name.
    RateLimited,
    /// Too many requests, without any detail. Grows while it repeats.
    Unexplained,
    /// The key's tier has no quota at all for the model.
    NoQuotaForModel,
    /// The model is closed to projects that never used it.
    ModelClosedToNewUsers,
    /// The Gemini API is switched off in the key's project, or its billing is.
    ServiceDisabled,
    /// The key may not be used for this API, or not from here.
    KeyRestricted,
    /// The free tier does not exist where the project's owner is.
    FreeTierCountry,
    /// The project's prepaid credits are used up, or it has reached the spending cap that its owner set.
    CreditsDepleted,
    /// Google called the key expired once. Fresh keys may hear that for minutes; the second time it is believed.
    ExpiryReported,
    /// The `fixed` profile: by status, or for a broken connection, whatever was said.
    Fixed,
    /// An admin's rule.
    ByRule,
}

/// Why a key is out of use until somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeathCause {
    /// Google does not know the key.
    Invalid,
    /// The key has expired.
    Expired,
    /// The key was deleted.
    NotFound,
    /// Google refuses this kind of credential, or has revoked it.
    Rejected,
    /// Somebody reported the key as public.
    Leaked,
    /// The key or its project is suspended.
    Suspended,
    /// The project is banned.
    ProjectDenied,
    /// The `fixed` profile: a 403, whatever was said.
    Forbidden,
    /// An admin's rule.
    ByRule,
}

/// How the model or the service failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultCause {
    /// Too many requests from everybody. The whole pool pauses for this model.
    Overloaded,
    /// The service cannot be reached behind Google's front end. The whole pool pauses for this model.
    Unreachable,
    /// An internal error. Long prompts cause some of them, so one client must not stop the model for the others.
    Internal,
    /// The model did not finish in time: mostly the request's size.
    Deadline,
}

/// How the place the request came from is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EgressCause {
    /// Google does not serve the country of the address.
    Location,
    /// Google takes the address for a robot's: the page that begins with "Sorry".
    SorryPage,
}

/// Whether the same request should be tried again, as long as its client has seen nothing of an answer. Attempts,
/// time and the retry budget are the caller's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// No: give the client this answer.
    No,
    /// At once with another key.
    NextKey,
    /// With another key, but only once in the life of the request.
    NextKeyOnce,
    /// With any key, after [`crate::retry_delay()`]; and where [`crate::Pool::select`] answers
    /// [`crate::NoKey::ModelBackoff`], not before its end.
    AfterDelay,
}

impl Verdict {
    /// Whether another attempt makes sense.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::Success
            | Self::Client
            | Self::GatewayFault
            | Self::Canceled
            | Self::Foreign
            | Self::Egress { .. } => Retry::No,
            Self::Cool { .. }
            | Self::ModelUnavailable { .. }
            | Self::Dead { .. }
            | Self::PassOver
            | Self::Empty => Retry::NextKey,
            Self::Forbidden
            | Self::ModelFault {
                cause: FaultCause::Deadline,
            } => Retry::NextKeyOnce,
            Self::ModelFault { .. } | Self::Network => Retry::AfterDelay,
        }
    }
}

impl FaultCause {
    /// Whether requests of other clients would fail too, so that all of them had better pause.
    pub(crate) fn pauses_model(self) -> bool {
        match self {
            Self::Overloaded | Self::Unreachable => true,
            Self::Internal | Self::Deadline => false,
        }
    }
}
