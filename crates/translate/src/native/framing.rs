//! How an answer is laid out for a native client: one document, events, or an array of them.
//!
//! The client says so by the method and by `alt` in the query. What is framed is not known here.

use crate::{
    ApiError, Dialect, EVENT_STREAM, InvalidRequest, JSON,
    invalid_request::{Code, Quoted, Refusal},
    native::{NativeCall, NativeMethod},
};

/// How an answer is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// One JSON document.
    Whole,
    /// A stream with `alt=sse`: server-sent events. What every SDK asks for.
    Events,
    /// A stream without: one JSON array that grows, `[{…}\n,\n{…}\n]` (§9).
    Array,
}

impl Framing {
    /// What `call` with this query asks for.
    ///
    /// Of the query only `alt` is read, `sse` or `json`; its other name is `$alt`. Nothing of it is
    /// ever passed on (SEC-018). `key` and `access_token` are credentials and not this crate's;
    /// `fields`, `prettyPrint`, `quotaUser`, `upload_protocol`, `$httpMethod` and whatever else are
    /// dropped in silence: the answer is right without them, if longer. `callback` would make it a
    /// script, and is dropped too.
    ///
    /// # Errors
    /// [`InvalidRequest`] at `alt` for any other value, or for two that differ: answering in another
    /// format than was asked for would fail in the client, far from the cause.
    pub fn of(call: NativeCall<'_>, query: Option<&str>) -> Result<Self, InvalidRequest> {
        let mut alt = None;
        for parameter in query.unwrap_or_default().split('&') {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            if !matches!(name, "alt" | "$alt" | "%24alt") {
                continue;
            }
            let refusal = match value {
                "sse" | "json" if alt.is_none_or(|earlier| earlier == value) => {
                    alt = Some(value);
                    continue;
                }
                "sse" | "json" => Refusal::new(Code::InvalidValue, "alt", "is given twice"),
                other => Refusal::new(
                    Code::InvalidValue,
                    "alt",
                    format_args!("{} is not supported; use `sse` or `json`", Quoted(other)),
                ),
            };
            return Err(refusal.into());
        }
        Ok(match (call.method, alt) {
            (NativeMethod::StreamGenerate, Some("sse")) => Self::Events,
            (NativeMethod::StreamGenerate, _) => Self::Array,
            // Google sends a whole answer as one event if asked for `sse`; nobody asks for it.
            _ => Self::Whole,
        })
    }

    /// The `content-type` of the answer. Errors before the first byte are always [`JSON`]: they are
    /// one document, also where Google says otherwise (U7).
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Whole | Self::Array => JSON,
            Self::Events => EVENT_STREAM,
        }
    }

    /// The whole body of an error that comes instead of an answer, in Google's shape. Where an array
    /// was asked for it is an array of one error, as Google's is (U9): clients that read element by
    /// element find it, and Google's SDKs unwrap it.
    #[must_use]
    pub fn error_body(self, error: &ApiError) -> Vec<u8> {
        let object = error.to_json(Dialect::Gemini);
        match self {
            Self::Whole | Self::Events => object,
            Self::Array => [b"[", object.as_slice(), b"\n]\n"].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framing(method: NativeMethod, query: Option<&str>) -> Result<Framing, InvalidRequest> {
        Framing::of(NativeCall { model: "m", method }, query)
    }

    #[test]
    fn alt_sse_makes_events_and_everything_else_an_array_g21() {
        for (query, expected) in [
            (Some("alt=sse"), Framing::Events),
            (Some("$alt=sse&key=x"), Framing::Events),
            (Some("%24alt=sse"), Framing::Events),
            (Some("prettyPrint=false&alt=sse&alt=sse"), Framing::Events),
            (Some("alt=json"), Framing::Array),
            (Some("key=sse&fields=candidates&callback=f"), Framing::Array),
            (Some("ALT=sse&&=&xalt=sse"), Framing::Array),
            (Some(""), Framing::Array),
            (None, Framing::Array),
        ] {
            assert_eq!(
                framing(NativeMethod::StreamGenerate, query),
                Ok(expected),
                "{query:?}"
            );
        }
        assert_eq!(
            framing(NativeMethod::Generate, Some("alt=sse")),
            Ok(Framing::Whole)
        );
    }

    #[test]
    fn other_formats_are_refused_at_alt() {
        for query in [
            "alt=media",
            "alt=proto",
            "alt=",
            "alt",
            "alt=SSE",
            "alt=sse&alt=json",
            "$alt=json&alt=sse",
        ] {
            let error = framing(NativeMethod::StreamGenerate, Some(query)).unwrap_err();
            assert_eq!(error.param.as_deref(), Some("alt"), "{query}");
        }
    }

    #[test]
    fn errors_are_wrapped_where_the_answer_would_be_an_array_u9() {
        let error = ApiError {
            status: 503,
            message: "later".to_owned(),
            kind: "upstream_error",
            param: None,
            code: None,
            retry_after_s: None,
        };
        let object = r#"{"error":{"code":503,"message":"later","status":"UNAVAILABLE"}}"#;
        for (framing, expected) in [
            (Framing::Whole, object.to_owned()),
            (Framing::Events, object.to_owned()),
            (Framing::Array, format!("[{object}\n]\n")),
        ] {
            assert_eq!(
                String::from_utf8(framing.error_body(&error)).unwrap(),
                expected
            );
        }
    }
}
