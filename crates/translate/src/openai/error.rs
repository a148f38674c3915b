//! OpenAI's error object, of a body and of a stream.
//!
//! The HTTP status is not chosen here.

use serde::Serialize;

use crate::{invalid_request::InvalidRequest, json::write_json};

/// `{"error":{"message","type","param","code"}}`; OpenAI's clients need exactly this nesting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAiError {
    /// For a person.
    pub message: String,
    /// The `type` field: `invalid_request_error`, `rate_limit_error`, `upstream_error` …
    pub kind: &'static str,
    /// Path of the field at fault.
    pub param: Option<String>,
    /// For a program.
    pub code: Option<String>,
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: Body<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    message: &'a str,
    r#type: &'static str,
    param: Option<&'a str>,
    code: Option<&'a str>,
}

impl OpenAiError {
    /// The whole body as JSON; `param` and `code` are `null` when absent.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.message.len() + 96);
        let error = Body {
            message: &self.message,
            r#type: self.kind,
            param: self.param.as_deref(),
            code: self.code.as_deref(),
        };
        write_json(&mut out, &Envelope { error });
        out
    }

    /// The same as one server-sent event, to be sent last when a stream breaks: OpenAI's clients raise
    /// it (X11). No `[DONE]` may follow, a broken stream must not look complete (X9).
    #[must_use]
    pub fn to_event(&self) -> Vec<u8> {
        [b"data: ".as_slice(), &self.to_json(), b"\n\n"].concat()
    }
}

impl From<InvalidRequest> for OpenAiError {
    fn from(invalid: InvalidRequest) -> Self {
        Self {
            message: invalid.message,
            kind: "invalid_request_error",
            param: invalid.param,
            code: invalid.code.map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_object_that_openai_clients_expect() {
        let error = OpenAiError {
            message: "bad \"x\"".to_owned(),
            kind: "invalid_request_error",
            param: Some("messages".to_owned()),
            code: None,
        };
        insta::assert_snapshot!(
            String::from_utf8(error.to_json()).unwrap(),
            @r#"{"error":{"message":"bad \"x\"","type":"invalid_request_error","param":"messages","code":null}}"#
        );
    }

    #[test]
    fn the_event_is_one_that_openai_clients_raise_x11() {
        let error = OpenAiError {
            message: "Gemini's answer ended early".to_owned(),
            kind: "upstream_error",
            param: None,
            code: Some("upstream_truncated".to_owned()),
        };
        assert_eq!(
            String::from_utf8(error.to_event()).unwrap(),
            "data: {\"error\":{\"message\":\"Gemini's answer ended early\",\"type\":\"upstream_error\",\"param\":null,\"code\":\"upstream_truncated\"}}\n\n"
        );
    }
}
