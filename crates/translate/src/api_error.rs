//! An error as each dialect's clients read it: of a body, and of a stream.
//!
//! One neutral value, rendered in the dialect of the route. Which error it is, and which status, is
//! decided by whoever makes it; only names that a dialect fixes itself are chosen here (§5.1, §5.5).

use serde::Serialize;

use crate::{invalid_request::InvalidRequest, json::write_json};

/// Whose error shape a route answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Chat completions, responses, embeddings, images, audio, and everything without a shape of
    /// its own.
    OpenAi,
    /// Messages.
    Anthropic,
    /// The native API.
    Gemini,
}

/// What went wrong, for a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status, as OpenAI's and Google's APIs have it.
    pub status: u16,
    /// For a person. Holds no secret.
    pub message: String,
    /// OpenAI's `type`: `invalid_request_error`, `rate_limit_error`, `upstream_error` …
    pub kind: &'static str,
    /// Path of the field at fault.
    pub param: Option<String>,
    /// For a program.
    pub code: Option<String>,
    /// Until another try makes sense, in whole seconds.
    pub retry_after_s: Option<u64>,
}

impl ApiError {
    /// The HTTP status in `dialect`: Anthropic has one of its own for an overloaded model.
    #[must_use]
    pub fn status_in(&self, dialect: Dialect) -> u16 {
        match (dialect, self.status) {
            (Dialect::Anthropic, 503) if self.is_overload() => 529,
            (_, status) => status,
        }
    }

    /// The whole body as JSON.
    #[must_use]
    pub fn to_json(&self, dialect: Dialect) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.message.len() + 128);
        match dialect {
            Dialect::OpenAi => write_json(&mut out, &self.openai()),
            Dialect::Anthropic => write_json(&mut out, &self.anthropic()),
            Dialect::Gemini => write_json(&mut out, &self.gemini()),
        }
        out
    }

    fn is_overload(&self) -> bool {
        self.code.as_deref() == Some("model_overloaded")
    }

    fn openai(&self) -> OpenAi<'_> {
        OpenAi {
            error: OpenAiBody {
                message: &self.message,
                r#type: self.kind,
                param: self.param.as_deref(),
                code: self.code.as_deref(),
            },
        }
    }

    fn anthropic(&self) -> Anthropic<'_> {
        Anthropic {
            r#type: "error",
            error: AnthropicBody {
                r#type: self.anthropic_type(),
                message: &self.message,
            },
        }
    }

    /// Anthropic's types go by status
    /// (<https://docs.anthropic.com/en/api/errors>, anthropic-python 2.12, November 2026).
    fn anthropic_type(&self) -> &'static str {
        match self.status {
            401 => "authentication_error",
            402 => "billing_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            400..=499 => "invalid_request_error",
            503 if self.is_overload() => "overloaded_error",
            504 => "timeout_error",
            _ => "api_error",
        }
    }

    fn gemini(&self) -> Gemini<'_> {
        let mut details = Vec::new();
        if let Some(code) = &self.code {
            details.push(Detail::ErrorInfo {
                reason: code.to_ascii_uppercase(),
                domain: "gempool",
            });
        }
        if let Some(field) = &self.param {
            details.push(Detail::BadRequest {
                field_violations: [FieldViolation {
                    field,
                    description: &self.message,
                }],
            });
        }
        if let Some(seconds) = self.retry_after_s {
            details.push(Detail::RetryInfo {
                retry_delay: format!("{seconds}s"),
            });
        }
        Gemini {
            error: GeminiBody {
                code: self.status,
                message: &self.message,
                status: self.google_status(),
                details,
            },
        }
    }

    /// gRPC's names (<https://cloud.google.com/apis/design/errors>, read 2026-11).
    fn google_status(&self) -> &'static str {
        match self.status {
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            409 => "ABORTED",
            402 | 429 => "RESOURCE_EXHAUSTED",
            405 | 501 => "UNIMPLEMENTED",
            499 => "CANCELLED",
            400..=499 => "INVALID_ARGUMENT",
            502 | 503 => "UNAVAILABLE",
            504 => "DEADLINE_EXCEEDED",
            _ => "INTERNAL",
        }
    }
}

/// OpenAI's clients need exactly this nesting; `param` and `code` are `null` when absent.
#[derive(Serialize)]
struct OpenAi<'a> {
    error: OpenAiBody<'a>,
}

#[derive(Serialize)]
struct OpenAiBody<'a> {
    message: &'a str,
    r#type: &'static str,
    param: Option<&'a str>,
    code: Option<&'a str>,
}

#[derive(Serialize)]
struct Anthropic<'a> {
    r#type: &'static str,
    error: AnthropicBody<'a>,
}

#[derive(Serialize)]
struct AnthropicBody<'a> {
    r#type: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct Gemini<'a> {
    error: GeminiBody<'a>,
}

#[derive(Serialize)]
struct GeminiBody<'a> {
    /// The HTTP status as a number.
    code: u16,
    message: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename_all_fields = "camelCase")]
enum Detail<'a> {
    #[serde(rename = "type.googleapis.com/google.rpc.ErrorInfo")]
    ErrorInfo {
        reason: String,
        domain: &'static str,
    },
    #[serde(rename = "type.googleapis.com/google.rpc.BadRequest")]
    BadRequest {
        field_violations: [FieldViolation<'a>; 1],
    },
    #[serde(rename = "type.googleapis.com/google.rpc.RetryInfo")]
    RetryInfo { retry_delay: String },
}

#[derive(Serialize)]
struct FieldViolation<'a> {
    field: &'a str,
    description: &'a str,
}

impl From<InvalidRequest> for ApiError {
    fn from(invalid: InvalidRequest) -> Self {
        Self {
            status: 400,
            message: invalid.message,
            kind: "invalid_request_error",
            param: invalid.param,
            code: invalid.code.map(str::to_owned),
            retry_after_s: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, code: Option<&str>, param: Option<&str>) -> ApiError {
        ApiError {
            status,
            message: "bad \"x\"".to_owned(),
            kind: "invalid_request_error",
            param: param.map(str::to_owned),
            code: code.map(str::to_owned),
            retry_after_s: None,
        }
    }

    fn json(error: &ApiError, dialect: Dialect) -> String {
        String::from_utf8(error.to_json(dialect)).unwrap()
    }

    #[test]
    fn each_dialect_has_its_own_object() {
        let error = error(400, None, Some("messages"));
        insta::assert_snapshot!(
            json(&error, Dialect::OpenAi),
            @r#"{"error":{"message":"bad \"x\"","type":"invalid_request_error","param":"messages","code":null}}"#
        );
        insta::assert_snapshot!(
            json(&error, Dialect::Anthropic),
            @r#"{"type":"error","error":{"type":"invalid_request_error","message":"bad \"x\""}}"#
        );
        insta::assert_snapshot!(
            json(&error, Dialect::Gemini),
            @r#"{"error":{"code":400,"message":"bad \"x\"","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"messages","description":"bad \"x\""}]}]}}"#
        );
    }

    #[test]
    fn a_pause_is_told_to_google_clients_as_google_does() {
        let mut error = error(429, Some("rate_limit_exceeded"), None);
        error.retry_after_s = Some(31);
        assert!(
            json(&error, Dialect::Gemini).contains(r#"google.rpc.RetryInfo","retryDelay":"31s"}"#)
        );
        assert!(json(&error, Dialect::Gemini).contains(r#""status":"RESOURCE_EXHAUSTED""#));
        assert!(json(&error, Dialect::Anthropic).contains(r#""type":"rate_limit_error""#));
    }

    #[test]
    fn an_overloaded_model_is_a_529_to_anthropics_clients_only() {
        let overloaded = error(503, Some("model_overloaded"), None);
        assert_eq!(overloaded.status_in(Dialect::Anthropic), 529);
        assert_eq!(overloaded.status_in(Dialect::OpenAi), 503);
        assert_eq!(
            error(503, Some("no_usable_key"), None).status_in(Dialect::Anthropic),
            503
        );
        assert!(json(&overloaded, Dialect::Anthropic).contains("overloaded_error"));
    }
}
