//! Errors of the real API by name, with their true bodies.
//!
//! It does not say when they happen: a script or a quota does. Bodies are modeled on public bug
//! reports, read in November 2026.

use bytes::Bytes;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::google_error::GoogleError;

/// Seconds that an error asks to wait when the script does not say.
const DEFAULT_RETRY_S: f64 = 26.0;

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

/// A quota, as error bodies name it.
struct QuotaName {
    metric: &'static str,
    id: &'static str,
}

const REQUESTS_PER_MINUTE: QuotaName = QuotaName {
    metric: "generate_content_free_tier_requests",
    id: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
};
const REQUESTS_PER_DAY: QuotaName = QuotaName {
    metric: "generate_content_free_tier_requests",
    id: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
};
const TOKENS_PER_MINUTE: QuotaName = QuotaName {
    metric: "generate_content_free_tier_input_token_count",
    id: "GenerateContentInputTokensPerModelPerMinute-FreeTier",
};
const TOKENS_PER_DAY: QuotaName = QuotaName {
    metric: "generate_content_free_tier_input_token_count",
    id: "GenerateContentInputTokensPerModelPerDay-FreeTier",
};

impl NamedError {
    /// The error with its true body.
    pub(crate) fn body(self, mention: Mention<'_>) -> ErrorBody {
        let model = mention.model;
        let denied = |message: &str| GoogleError::new(403, "PERMISSION_DENIED", message);
        let error = match self {
            Self::RateLimitedMinute => quota(mention, &[REQUESTS_PER_MINUTE], 10),
            Self::RateLimitedTokens => quota(mention, &[TOKENS_PER_MINUTE], 250_000),
            Self::QuotaDay => quota(mention, &[REQUESTS_PER_DAY], 20),
            Self::LimitZero => limit_zero(mention),
            Self::Bare429 => GoogleError::new(
                429,
                "RESOURCE_EXHAUSTED",
                "Resource has been exhausted (e.g. check quota).",
            ),
            Self::HtmlSorry => return sorry_page(),
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
            Self::BadGateway => return bad_gateway(),
        };
        ErrorBody::Json(error)
    }
}

/// A quota that is used up. Google sends `RetryInfo` for every kind of quota.
fn quota(mention: Mention<'_>, quotas: &[QuotaName], usual_limit: u64) -> GoogleError {
    exhausted(mention, quotas, Some(mention.limit.unwrap_or(usual_limit)))
}

/// A tier without access lists every quota and gives none a value.
fn limit_zero(mention: Mention<'_>) -> GoogleError {
    let quotas = [
        REQUESTS_PER_DAY,
        REQUESTS_PER_MINUTE,
        TOKENS_PER_MINUTE,
        TOKENS_PER_DAY,
    ];
    exhausted(mention, &quotas, None)
}

fn exhausted(mention: Mention<'_>, quotas: &[QuotaName], limit: Option<u64>) -> GoogleError {
    let model = mention.model;
    let retry_s = mention.retry_s.unwrap_or(DEFAULT_RETRY_S);
    let mut message = "You exceeded your current quota, please check your plan and billing details. \
        For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. \
        To monitor your current usage, head to: https://ai.dev/rate-limit. "
        .to_owned();
    let mut violations = Vec::new();
    for QuotaName { metric, id } in quotas {
        let metric = format!("generativelanguage.googleapis.com/{metric}");
        message.push_str(&format!(
            "\n* Quota exceeded for metric: {metric}, limit: {}, model: {model}",
            limit.unwrap_or(0)
        ));
        let mut violation = json!({
            "quotaMetric": metric,
            "quotaId": id,
            "quotaDimensions": {"location": "global", "model": model},
        });
        if let (Some(limit), Value::Object(fields)) = (limit, &mut violation) {
            fields.insert("quotaValue".to_owned(), Value::String(limit.to_string()));
        }
        violations.push(violation);
    }
    message.push_str(&format!("\nPlease retry in {retry_s:.9}s."));
    GoogleError::new(429, "RESOURCE_EXHAUSTED", message)
        .with(
            "Help",
            json!({"links": [{
                "description": "Learn more about Gemini API quotas",
                "url": "https://ai.google.dev/gemini-api/docs/rate-limits"
            }]}),
        )
        .with("QuotaFailure", json!({"violations": violations}))
        // The detail is cut to whole seconds where the message is not (recorded).
        .with(
            "RetryInfo",
            json!({"retryDelay": format!("{}s", retry_s.trunc())}),
        )
}

fn suspended(key: &str) -> GoogleError {
    let message = format!("Permission denied: Consumer 'api_key:{key}' has been suspended.");
    GoogleError::new(403, "PERMISSION_DENIED", message)
        .with(
            "ErrorInfo",
            json!({
                "reason": "CONSUMER_SUSPENDED",
                "domain": "googleapis.com",
                "metadata": {
                    "consumer": "projects/100000000001",
                    "service": "generativelanguage.googleapis.com",
                    "containerInfo": format!("api_key:{key}")
                }
            }),
        )
        .localized()
}

fn service_disabled() -> GoogleError {
    let url = "https://console.developers.google.com/apis/api/\
               generativelanguage.googleapis.com/overview?project=100000000001";
    GoogleError::new(
        403,
        "PERMISSION_DENIED",
        format!(
            "Generative Language API has not been used in project 100000000001 before or it is \
             disabled. Enable it by visiting {url} then retry. If you enabled this API recently, \
             wait a few minutes for the action to propagate to our systems and retry."
        ),
    )
    .with(
        "Help",
        json!({"links": [{"description": "Google developers console API activation", "url": url}]}),
    )
    .with_reason("SERVICE_DISABLED")
}

fn sorry_page() -> ErrorBody {
    ErrorBody::Html(
        StatusCode::TOO_MANY_REQUESTS,
        Bytes::from_static(
            b"<html><head><title>Sorry...</title></head><body>\nWe're sorry but your computer or \
              network may be sending automated queries. To protect our users, we can't process \
              your request right now.\n</body></html>\n",
        ),
    )
}

fn bad_gateway() -> ErrorBody {
    ErrorBody::Html(
        StatusCode::BAD_GATEWAY,
        Bytes::from_static(
            b"<!DOCTYPE html>\n<html lang=en>\n  <title>Error 502 (Server Error)!!1</title>\n  \
              <p><b>502.</b> <ins>That's an error.</ins>\n  <p>The server encountered a temporary \
              error and could not complete your request.\n</html>\n",
        ),
    )
}
