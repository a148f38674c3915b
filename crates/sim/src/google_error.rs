//! The JSON of a Google error, `{"error": {code, message, status, details}}`, and the errors that
//! the simulator's own checks give.
//!
//! It does not decide when an error applies. Named errors of scripts are in `named_error`.

use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// An error as Google words it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct GoogleError {
    error: Status,
}

/// `google.rpc.Status` in its HTTP form, fields in the order Google sends them.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Status {
    code: u16,
    message: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail>,
}

/// One `google.rpc` detail, its type first as Google has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Detail {
    #[serde(rename = "@type")]
    kind: String,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

impl GoogleError {
    pub(crate) fn new(code: u16, status: &'static str, message: impl Into<String>) -> Self {
        Self {
            error: Status {
                code,
                message: message.into(),
                status,
                details: Vec::new(),
            },
        }
    }

    /// Adds a detail of type `google.rpc.{kind}`; `fields` is a JSON object.
    pub(crate) fn with(mut self, kind: &str, fields: Value) -> Self {
        let fields = match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        self.error.details.push(Detail {
            kind: format!("type.googleapis.com/google.rpc.{kind}"),
            fields,
        });
        self
    }

    /// Adds `ErrorInfo` of the Gemini service.
    pub(crate) fn with_reason(self, reason: &str) -> Self {
        self.with(
            "ErrorInfo",
            json!({
                "reason": reason,
                "domain": "googleapis.com",
                "metadata": {"service": "generativelanguage.googleapis.com"}
            }),
        )
    }

    /// Adds the message once more, as `LocalizedMessage`.
    pub(crate) fn localized(self) -> Self {
        let message = self.error.message.clone();
        self.with(
            "LocalizedMessage",
            json!({"locale": "en-US", "message": message}),
        )
    }

    /// The HTTP status, also `error.code`.
    pub(crate) fn http_status(&self) -> StatusCode {
        StatusCode::from_u16(self.error.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", message)
    }

    pub(crate) fn missing_credential() -> Self {
        Self::new(
            403,
            "PERMISSION_DENIED",
            "Method doesn't allow unregistered callers (callers without established identity). \
             Please use API Key or other form of API consumer identity to call this API.",
        )
    }

    pub(crate) fn multiple_credentials() -> Self {
        Self::invalid_argument(
            "Multiple authentication credentials received. Please pass only one.",
        )
    }

    pub(crate) fn access_token_unsupported() -> Self {
        Self::new(
            401,
            "UNAUTHENTICATED",
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login \
             cookie or other valid authentication credential. See \
             https://developers.google.com/identity/sign-in/web/devconsole-project.",
        )
        .with_reason("ACCESS_TOKEN_TYPE_UNSUPPORTED")
    }

    /// A key that is not usable, `message` saying why.
    pub(crate) fn unusable_key(message: &str) -> Self {
        Self::invalid_argument(message)
            .with_reason("API_KEY_INVALID")
            .localized()
    }

    pub(crate) fn unknown_key() -> Self {
        Self::unusable_key("API key not valid. Please pass a valid API key.")
    }

    pub(crate) fn model_not_found(model: &str, method: &str) -> Self {
        Self::new(
            404,
            "NOT_FOUND",
            format!(
                "models/{model} is not found for API version v1beta, or is not supported for \
                 {method}. Call ListModels to see the list of available models and their supported \
                 methods."
            ),
        )
    }

    /// One violation per pair of field path (empty for the top level) and text.
    pub(crate) fn invalid_payload(violations: &[(String, String)]) -> Self {
        let texts: Vec<&str> = violations.iter().map(|(_, text)| text.as_str()).collect();
        let fields: Vec<Value> = violations
            .iter()
            .map(|(field, text)| match field.as_str() {
                "" => json!({"description": text}),
                field => json!({"field": field, "description": text}),
            })
            .collect();
        Self::invalid_argument(texts.join("\n"))
            .with("BadRequest", json!({"fieldViolations": fields}))
    }

    pub(crate) fn payload_too_large(limit_bytes: usize) -> Self {
        Self::invalid_argument(format!(
            "Request payload size exceeds the limit: {limit_bytes} bytes."
        ))
    }
}
