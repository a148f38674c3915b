//! Errors of the real API by name, with their true bodies.
//!
//! It does not say when they happen: a script or a quota does. Bodies are modeled on public bug
//! reports, read in November 2026.

mod denied;
mod pages;
mod quota;

use bytes::Bytes;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use self::denied::{denied, service_disabled, suspended};
use self::quota::{REQUESTS_PER_DAY, REQUESTS_PER_MINUTE, TOKENS_PER_MINUTE, limit_zero, used_up};
use crate::google_error::GoogleError;
use crate::read_body::MAX_REQUEST_BYTES;
use crate::refusal;

/// An error that a script can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedError {
    /// 429, `…PerMinute…` quota, `RetryInfo` to be believed.
    RateLimitedMinute,
    /// 429, input tokens per minute.
    RateLimitedTokens,
    /// 429, `…PerDay…` quota; its `RetryInfo` says seconds and is wrong.
    QuotaDay,
    /// 429, the tier has no access: all quotas listed, none with a value.
    LimitZero,
    /// 429, "Resource has been exhausted", no details.
    #[serde(rename = "bare_429")]
    Bare429,
    /// 429, an HTML page: the address is limited, not the key.
    HtmlSorry,
    /// 402, prepaid credit used up.
    PrepayDepleted,
    /// 400, `API_KEY_INVALID`, not valid.
    InvalidKey,
    /// 400, `API_KEY_INVALID`, expired.
    ExpiredKey,
    /// 400, `API_KEY_INVALID`, not found.
    KeyNotFound,
    /// 401, a kind of credential that is not taken.
    AccessTokenUnsupported,
    /// 403, reported as leaked.
    Leaked,
    /// 403, `CONSUMER_SUSPENDED`; the text contains the key, as the real one does.
    Suspended,
    /// 403, the whole project.
    ProjectDenied,
    /// 403, `SERVICE_DISABLED`.
    ServiceDisabled,
    /// 403, `API_KEY_SERVICE_BLOCKED`.
    ServiceBlocked,
    /// 403, "The caller does not have permission".
    CallerNoPermission,
    /// 400, `FAILED_PRECONDITION`: the address's country.
    Location,
    /// 400, some field of the request.
    BadRequest,
    /// 400, too many input tokens.
    TokenLimit,
    /// 400, the address's country has no free tier.
    FreeTierCountry,
    /// 400, a key in the header and one in the query.
    MultipleCredentials,
    /// 400, a body over the limit.
    PayloadTooLarge,
    /// 400, a field that does not exist.
    UnknownField,
    /// 400, "Request contains an invalid argument." and no more.
    OpaqueArgument,
    /// 400, a call that follows the model's own turn.
    FunctionCallTurnOrder,
    /// 400, results that follow no call.
    FunctionResponseTurnOrder,
    /// 400, more or fewer results than calls.
    FunctionResponseCount,
    /// 400, a call of this turn without signature.
    MissingThoughtSignature,
    /// 400, a signature of somebody else.
    CorruptedThoughtSignature,
    /// 400, a signature of another part.
    InvalidThoughtSignature,
    /// 400, the model's turn last.
    ModelTurnPrefill,
    /// 400, tools or instruction beside a cache.
    CachedContentConflict,
    /// 400, `candidateCount`.
    MultipleCandidates,
    /// 400, a penalty.
    PenaltyNotEnabled,
    /// 400, `responseLogprobs`.
    LogprobsNotEnabled,
    /// 400, `thinkingLevel` before Gemini 3.
    ThinkingLevelUnsupported,
    /// 400, both at once.
    ThinkingLevelAndBudget,
    /// 400, `thinkingConfig` for a model that does not think.
    ThinkingUnsupported,
    /// 400, budget 0 for a model that always thinks.
    ThinkingCannotBeOff,
    /// 400, JSON mode and functions before Gemini 3.
    JsonModeWithFunctions,
    /// 400, search and functions before Gemini 3.
    SearchWithFunctions,
    /// 400, search and functions without consent.
    ServerSideToolsNotIncluded,
    /// 400, `functionCallingConfig` without functions.
    CallingConfigWithoutFunctions,
    /// 400, modalities that the model does not have.
    ResponseModalities,
    /// 400, more than 100 texts to embed.
    BatchTooLarge,
    /// 400, `X-Server-Timeout` under 10 s.
    DeadlineTooShort,
    /// 404, the model.
    ModelNotFound,
    /// 404, the model is closed to this project.
    ModelRetired,
    /// 500, `INTERNAL`.
    Internal,
    /// 503, high demand.
    Overloaded,
    /// 503, deadline expired.
    DeadlineExpired,
    /// 504, `DEADLINE_EXCEEDED`.
    DeadlineExceeded,
    /// 502, an HTML page of Google's front end.
    BadGateway,
}

/// What the texts of an error mention.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mention<'a> {
    pub(crate) key: &'a str,
    pub(crate) model: &'a str,
    pub(crate) method: &'a str,
    /// Quota limit to show; a usual one when absent.
    pub(crate) limit: Option<u64>,
    /// Seconds to ask for.
    pub(crate) retry_s: Option<f64>,
}

/// The body of an error.
pub(crate) enum ErrorBody {
    Json(GoogleError),
    Html(StatusCode, Bytes),
}

impl NamedError {
    /// The error with its true body.
    pub(crate) fn body(self, mention: Mention<'_>) -> ErrorBody {
        let model = mention.model;
        let error = match self {
            Self::RateLimitedMinute => used_up(mention, &[REQUESTS_PER_MINUTE], 10),
            Self::RateLimitedTokens => used_up(mention, &[TOKENS_PER_MINUTE], 250_000),
            Self::QuotaDay => used_up(mention, &[REQUESTS_PER_DAY], 20),
            Self::LimitZero => limit_zero(mention),
            Self::Bare429 => GoogleError::new(
                429,
                "RESOURCE_EXHAUSTED",
                "Resource has been exhausted (e.g. check quota).",
            ),
            Self::HtmlSorry => return pages::sorry(),
            Self::PrepayDepleted => GoogleError::new(
                402,
                "RESOURCE_EXHAUSTED",
                "Your prepayment credits are depleted. Please go to AI Studio at \
                 https://ai.studio/projects to manage your project and billing.",
            ),
            Self::InvalidKey => GoogleError::unknown_key(),
            Self::ExpiredKey => {
                GoogleError::unusable_key("API key expired. Please renew the API key.")
            }
            Self::KeyNotFound => {
                GoogleError::unusable_key("API Key not found. Please pass a valid API key.")
            }
            Self::AccessTokenUnsupported => GoogleError::access_token_unsupported(),
            Self::Leaked => {
                denied("Your API key was reported as leaked. Please use another API key.")
            }
            Self::Suspended => suspended(mention.key),
            Self::ProjectDenied => {
                denied("Your project has been denied access. Please contact support.")
            }
            Self::ServiceDisabled => service_disabled(),
            Self::ServiceBlocked => denied(
                "Requests to this API generativelanguage.googleapis.com method \
                 google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent are blocked.",
            )
            .with_reason("API_KEY_SERVICE_BLOCKED"),
            Self::CallerNoPermission => denied("The caller does not have permission"),
            Self::Location => GoogleError::new(
                400,
                "FAILED_PRECONDITION",
                "User location is not supported for the API use.",
            ),
            Self::BadRequest => GoogleError::invalid_payload(&[(
                "contents[0].parts[0]".to_owned(),
                "Unable to process input image. Please retry or report in \
                 https://developers.generativeai.google/guide/troubleshooting"
                    .to_owned(),
            )]),
            Self::TokenLimit => GoogleError::invalid_argument(
                "The input token count (1200000) exceeds the maximum number of tokens allowed \
                 (1048576).",
            ),
            Self::FreeTierCountry => GoogleError::new(
                400,
                "FAILED_PRECONDITION",
                "Gemini API free tier is not available in your country. Please enable billing on \
                 your project in Google AI Studio.",
            ),
            Self::MultipleCredentials => GoogleError::multiple_credentials(),
            Self::PayloadTooLarge => GoogleError::payload_too_large(MAX_REQUEST_BYTES),
            Self::UnknownField => GoogleError::invalid_payload(&[(
                "generation_config".to_owned(),
                "Invalid JSON payload received. Unknown name \"unknown\" at 'generation_config': \
                 Cannot find field."
                    .to_owned(),
            )]),
            Self::OpaqueArgument => refusal::opaque(),
            Self::FunctionCallTurnOrder => refusal::function_call_turn_order(),
            Self::FunctionResponseTurnOrder => refusal::function_response_turn_order(),
            Self::FunctionResponseCount => refusal::function_response_count(),
            Self::MissingThoughtSignature => refusal::missing_thought_signature("get_weather", 2),
            Self::CorruptedThoughtSignature => refusal::corrupted_thought_signature(),
            Self::InvalidThoughtSignature => refusal::invalid_thought_signature(),
            Self::ModelTurnPrefill => refusal::model_turn_prefill(),
            Self::CachedContentConflict => refusal::cached_content_conflict(),
            Self::MultipleCandidates => refusal::multiple_candidates(),
            Self::PenaltyNotEnabled => refusal::not_enabled("Penalty", model),
            Self::LogprobsNotEnabled => refusal::not_enabled("Logprobs", model),
            Self::ThinkingLevelUnsupported => refusal::thinking_level_unsupported(),
            Self::ThinkingLevelAndBudget => refusal::thinking_level_and_budget(),
            Self::ThinkingUnsupported => refusal::thinking_unsupported(),
            Self::ThinkingCannotBeOff => refusal::thinking_cannot_be_off(),
            Self::JsonModeWithFunctions => refusal::json_mode_with_functions(),
            Self::SearchWithFunctions => refusal::search_with_functions(),
            Self::ServerSideToolsNotIncluded => refusal::server_side_tools_not_included(),
            Self::CallingConfigWithoutFunctions => refusal::calling_config_without_functions(),
            Self::ResponseModalities => refusal::response_modalities(model, "AUDIO", &["TEXT"]),
            Self::BatchTooLarge => refusal::batch_too_large(),
            Self::DeadlineTooShort => refusal::deadline_too_short("5"),
            Self::ModelNotFound => GoogleError::model_not_found(model, mention.method),
            Self::ModelRetired => GoogleError::new(
                404,
                "NOT_FOUND",
                format!(
                    "This model models/{model} is no longer available to new users. Please update \
                     your code to use a newer model for the latest features and improvements."
                ),
            ),
            Self::Internal => GoogleError::new(
                500,
                "INTERNAL",
                "An internal error has occurred. Please retry or report in \
                 https://developers.generativeai.google/guide/troubleshooting",
            ),
            Self::Overloaded => GoogleError::new(
                503,
                "UNAVAILABLE",
                "This model is currently experiencing high demand. Spikes in demand are usually \
                 temporary. Please try again later.",
            ),
            Self::DeadlineExpired => GoogleError::new(
                503,
                "UNAVAILABLE",
                "Deadline expired before operation could complete.",
            ),
            Self::DeadlineExceeded => GoogleError::new(
                504,
                "DEADLINE_EXCEEDED",
                "Deadline expired before operation could complete.",
            ),
            Self::BadGateway => return pages::bad_gateway(),
        };
        ErrorBody::Json(error)
    }
}
