//! Reads the error that Gemini reports inside an answer (U8, U9).
//!
//! It recognizes the report and keeps its bytes; what the report means for a key is the verdict's
//! business, not this module's.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{json::Object, scrub, upstream_fault::UpstreamFault};

#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ReportBody {
    code: Option<u16>,
    message: Option<String>,
    status: Option<String>,
}

/// The fault that `{"error":{…}}`, or the same in an array, describes; `None` if it is neither.
pub(crate) fn parse_report(body: &[u8]) -> Option<UpstreamFault> {
    let error = match serde_json::from_slice::<Object<Report<'_>>>(body) {
        Ok(report) => report.error,
        Err(_) => serde_json::from_slice::<Vec<Object<Report<'_>>>>(body)
            .ok()?
            .into_iter()
            .find_map(|report| report.error),
    }?;
    Some(reported(error))
}

/// The fault for the value of an `error` key, whatever its shape.
pub(crate) fn reported(error: &RawValue) -> UpstreamFault {
    let body: ReportBody = serde_json::from_str(error.get()).unwrap_or_default();
    let message = body
        .message
        .or(body.status)
        .unwrap_or_else(|| "no message".to_owned());
    UpstreamFault::Reported {
        status: body.code,
        message: scrub::for_client(&message),
        raw: format!(r#"{{"error":{}}}"#, error.get()).into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_objects_and_arrays_and_odd_shapes() {
        // (body, status, message)
        let cases = [
            (
                r#"{"error":{"code":503,"message":"high demand","status":"UNAVAILABLE"}}"#,
                Some(503),
                "high demand",
            ),
            (
                "[{\n \"error\": {\"code\": 429, \"message\": \"exhausted\"}}\n]\n",
                Some(429),
                "exhausted",
            ),
            (r#"{"error":{"status":"INTERNAL"}}"#, None, "INTERNAL"),
            (r#"{"error":"odd"}"#, None, "no message"),
        ];
        for (body, expected_status, expected_message) in cases {
            let Some(UpstreamFault::Reported {
                status,
                message,
                raw,
            }) = parse_report(body.as_bytes())
            else {
                panic!("not recognized: {body}");
            };
            assert_eq!(
                (status, message.as_str()),
                (expected_status, expected_message)
            );
            assert!(raw.starts_with(br#"{"error":"#), "verdicts read an object");
        }
        for body in [
            "{}",
            "[]",
            "null",
            r#"{"error":null}"#,
            r#"{"candidates":[]}"#,
            "<html>",
            "",
        ] {
            assert!(parse_report(body.as_bytes()).is_none(), "{body}");
        }
    }

    #[test]
    fn shows_no_key_in_debug_or_display() {
        let key = format!("AIza{}", "x".repeat(35));
        let body = format!(
            r#"{{"error":{{"code":400,"message":"bad key {key}","details":[{{"d":"{key}"}}]}}}}"#
        );
        let fault = parse_report(body.as_bytes()).unwrap();
        assert!(!format!("{fault:?} {fault}").contains(&key));
        assert!(matches!(fault, UpstreamFault::Reported { raw, .. } if raw.len() > key.len()));
    }
}
