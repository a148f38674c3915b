//! Why the edge does not serve a request, before or instead of a use case.
//!
//! Failures of use cases pass through unchanged. Texts never repeat what the client sent.

use gempool_relay::{Failure, SettingsError};
use gempool_translate::ApiError;
use http::{Method, StatusCode};

/// When to come back to a busy instance, in seconds: large requests take about that long to be sent on.
const BUSY_RETRY_AFTER_S: u64 = 1;

/// A request that gets an error as its answer.
#[derive(Debug)]
pub enum Refusal {
    /// No such path.
    NotFound,
    /// The path wants another method.
    MethodNotAllowed {
        /// Which ones.
        allowed: &'static [Method],
    },
    /// No client key, or one that is not valid; the two look the same on purpose.
    Unauthorized,
    /// Several credentials that differ.
    AmbiguousCredentials,
    /// The client key is in the URL.
    KeyInUrl,
    /// The body is compressed.
    UnsupportedEncoding,
    /// The body did not arrive in full.
    IncompleteBody,
    /// The body is not JSON.
    NotJson,
    /// The instance holds as much of others' bodies as it can.
    Busy,
    /// A use case failed.
    Failure(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<SettingsError> for Refusal {
    fn from(problem: SettingsError) -> Self {
        Self::Failure(Failure::Misconfigured(problem))
    }
}

impl Refusal {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unauthorized | Self::KeyInUrl => StatusCode::UNAUTHORIZED,
            Self::AmbiguousCredentials | Self::IncompleteBody | Self::NotJson => {
                StatusCode::BAD_REQUEST
            }
            Self::UnsupportedEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failure(failure) => failure.status(),
        }
    }

    /// What the client is told, in no dialect yet.
    pub fn to_error(&self) -> ApiError {
        let (code, message) = match self {
            Self::Failure(failure) => return failure.to_error(),
            Self::NotFound => (
                "not_found",
                "no such endpoint; the README lists the paths that are served".to_owned(),
            ),
            Self::MethodNotAllowed { allowed } => (
                "method_not_allowed",
                format!("this endpoint answers {} only", list(allowed)),
            ),
            Self::Unauthorized => (
                "invalid_api_key",
                "missing or invalid client key: send `Authorization: Bearer <client key>`"
                    .to_owned(),
            ),
            Self::AmbiguousCredentials => (
                "ambiguous_credentials",
                "several different credentials were sent: send one".to_owned(),
            ),
            Self::KeyInUrl => (
                "invalid_api_key",
                "client keys in the URL are not accepted, because URLs are logged: \
                 send `Authorization: Bearer <client key>`"
                    .to_owned(),
            ),
            Self::UnsupportedEncoding => (
                "unsupported_encoding",
                "compressed request bodies are not accepted: send the JSON as it is".to_owned(),
            ),
            Self::Busy => {
                return ApiError {
                    status: self.status().as_u16(),
                    message: "too many large requests at the same time: try again in a moment"
                        .to_owned(),
                    kind: "server_error",
                    param: None,
                    code: Some("busy".to_owned()),
                    retry_after_s: Some(BUSY_RETRY_AFTER_S),
                };
            }
            Self::NotJson => ("invalid_json", "the request's body is not JSON".to_owned()),
            Self::IncompleteBody => (
                "incomplete_body",
                "the request's body did not arrive in full".to_owned(),
            ),
        };
        ApiError {
            status: self.status().as_u16(),
            message,
            kind: "invalid_request_error",
            param: None,
            code: Some(code.to_owned()),
            retry_after_s: None,
        }
    }
}

/// As `Allow` has methods.
pub fn list(methods: &[Method]) -> String {
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    names.join(", ")
}
