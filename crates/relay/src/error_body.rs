//! A failure in a client's words.
//!
//! The dialect is chosen later: one neutral error is rendered in each. Headers are not chosen here.

use gempool_translate::ApiError;

use crate::failure::{Failure, Resting, whole_seconds};

impl Failure {
    /// What a client is told.
    pub fn to_error(&self) -> ApiError {
        let status = self.status().as_u16();
        let error = |kind: &'static str, code: &str, message: String| ApiError {
            status,
            message,
            kind,
            param: None,
            code: Some(code.to_owned()),
            retry_after_s: self.retry_after_s(),
        };
        match self {
            Self::Invalid(invalid) => invalid.clone().into(),
            Self::Owned(owned) => owned.to_error(),
            Self::TooLarge { limit_bytes } => error(
                "invalid_request_error",
                "request_too_large",
                format!("the request's body is larger than {limit_bytes} bytes"),
            ),
            Self::SetupRequired { missing } => error(
                "server_error",
                "setup_required",
                format!("gempool is not set up yet: set {}", missing.join(" and ")),
            ),
            Self::Misconfigured(problem) => error(
                "server_error",
                "misconfigured",
                format!("gempool is misconfigured: {problem}"),
            ),
            Self::KeyClosed => error(
                "invalid_request_error",
                "invalid_api_key",
                "this client key is disabled or has expired".to_owned(),
            ),
            Self::PoolDisabled => error(
                "invalid_request_error",
                "pool_disabled",
                "the pool of this client key is disabled".to_owned(),
            ),
            Self::ModelNotAllowed { model } => error(
                "invalid_request_error",
                "model_not_allowed",
                format!("model {model} is not allowed"),
            ),
            Self::Limited { limit, retry_after } => error(
                "rate_limit_error",
                "rate_limit_exceeded",
                format!(
                    "{limit} are used up; the next are free in {} s",
                    whole_seconds(*retry_after)
                ),
            ),
            Self::StoreAway => error(
                "server_error",
                "store_unavailable",
                "gempool cannot reach its store, so it does not know who may do what: try again".to_owned(),
            ),
            Self::Cooling { cause, retry_after } => {
                let seconds = whole_seconds(*retry_after);
                match Resting::from(*cause) {
                    Resting::Limit => error(
                        "rate_limit_error",
                        "rate_limit_exceeded",
                        format!(
                            "every key of the pool has reached a limit for this model; the first returns in {seconds} s"
                        ),
                    ),
                    Resting::Credits => error(
                        "insufficient_quota",
                        "insufficient_quota",
                        "the prepaid credits of the pool's keys are used up".to_owned(),
                    ),
                    Resting::ModelClosed => error(
                        "invalid_request_error",
                        "model_not_found",
                        "this model is closed to the projects of the pool's keys".to_owned(),
                    ),
                    Resting::KeyTrouble => error(
                        "upstream_error",
                        "no_usable_key",
                        format!(
                            "no key of the pool can be used now: Google says that they are restricted, expired or \
                             not enabled for the Gemini API; `/v1/status` says more; the first is tried again in {seconds} s"
                        ),
                    ),
                }
            }
            Self::NoUsableKey => error(
                "upstream_error",
                "no_usable_key",
                "no key of the pool can be used: each was refused by Google as invalid, expired or suspended; \
                 `/v1/status` says more"
                    .to_owned(),
            ),
            Self::NonePaid => error(
                "upstream_error",
                "no_paid_key",
                "this client key may only be served by keys of paid projects, and the pool knows none that works"
                    .to_owned(),
            ),
            Self::Overloaded { message, .. } => {
                error("upstream_error", "model_overloaded", message.clone())
            }
            Self::Refused { code, message, .. } => ApiError {
                status,
                message: message.clone(),
                kind: "invalid_request_error",
                param: None,
                code: code.map(str::to_owned),
                retry_after_s: None,
            },
            Self::NoSuchModel => error(
                "invalid_request_error",
                "model_not_found",
                "no key of the pool may use a model of this name".to_owned(),
            ),
            Self::Location { message } => {
                error("upstream_error", "unsupported_location", message.clone())
            }
            Self::EgressRefused { .. } => error(
                "upstream_error",
                "egress_refused",
                "Google takes the address that gempool calls from for a robot's and refuses it for now".to_owned(),
            ),
            Self::Deadline { message } => error("upstream_error", "upstream_timeout", message.clone()),
            Self::Upstream { message } => error("upstream_error", "upstream_error", message.clone()),
            Self::Unreachable => error(
                "upstream_error",
                "upstream_unreachable",
                "Gemini could not be reached".to_owned(),
            ),
            Self::TimedOut { waited_for, waited } => error(
                "upstream_error",
                "upstream_timeout",
                format!("no {waited_for} from Gemini within {} ms", waited.as_millis()),
            ),
            Self::Broken { problem, code } => error("upstream_error", code, problem.clone()),
        }
    }
}
