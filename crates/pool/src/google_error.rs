//! Google's error bodies, reduced to what a verdict needs.
//!
//! Lenient on purpose: every field may be absent or of another type, the error may be wrapped in an array, and a
//! body that is no such JSON is simply no [`GoogleError`]. It judges nothing.

use std::time::Duration;

use serde_json::Value;

use crate::retry_delay::{delay_in_message, parse_delay};

/// What a Google error says. Shapes: `{"error":{…}}` or `[{"error":{…}}]` with `code`, `message`, `status` and
/// `details[]` of `google.rpc` types (<https://google.aip.dev/193>).
#[derive(Debug, Default)]
pub(crate) struct GoogleError {
    /// The HTTP status repeated in the body; the only one there is for an error inside a stream.
    pub(crate) code: Option<u16>,
    /// Text for people. May contain the key.
    pub(crate) message: String,
    /// Name of the gRPC status, as `RESOURCE_EXHAUSTED`.
    pub(crate) status: Option<String>,
    /// `reason` of each `ErrorInfo`, as `API_KEY_INVALID`.
    pub(crate) reasons: Vec<String>,
    /// `RetryInfo.retryDelay`, else the delay in the message.
    pub(crate) retry_delay: Option<Duration>,
    /// `metadata.consumer` of an `ErrorInfo`, as `projects/123456789012`. Google fills it, never a client.
    pub(crate) consumer: Option<String>,
    /// Quotas that were exceeded.
    pub(crate) violations: Vec<Violation>,
}

/// One exceeded quota: `QuotaFailure.violations[]`, or the older `ErrorInfo.metadata`.
#[derive(Debug, Default)]
pub(crate) struct Violation {
    /// As `GenerateRequestsPerDayPerProjectPerModel-FreeTier`.
    pub(crate) quota_id: String,
    /// Whether the quota is zero: the project may not use the model at all.
    pub(crate) is_zero: bool,
    /// `quotaValue`, if it is a number.
    pub(crate) value: Option<u64>,
    /// `quotaDimensions.model`: Google's name of the model.
    pub(crate) model: Option<String>,
}

impl GoogleError {
    /// Reads a body; `None` if it holds no Google error.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let root = body.as_array().map_or(Some(&body), |items| items.first())?;
        let error = root.get("error")?;
        // Proxies in between shorten the object to its message.
        if let Some(message) = error.as_str() {
            return Some(Self {
                message: message.to_owned(),
                ..Self::default()
            });
        }
        error.as_object()?;
        let mut parsed = Self {
            code: error
                .get("code")
                .and_then(Value::as_u64)
                .and_then(|code| u16::try_from(code).ok()),
            message: text(error, "message").unwrap_or_default().to_owned(),
            status: text(error, "status").map(str::to_owned),
            ..Self::default()
        };
        for detail in error
            .get("details")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            parsed.read_detail(detail);
        }
        parsed.retry_delay = parsed
            .retry_delay
            .or_else(|| delay_in_message(&parsed.message));
        Some(parsed)
    }

    fn read_detail(&mut self, detail: &Value) {
        match type_name(detail) {
            Some("ErrorInfo") => {
                self.reasons
                    .extend(text(detail, "reason").map(str::to_owned));
                let metadata = detail.get("metadata");
                let consumer = metadata.and_then(|metadata| text(metadata, "consumer"));
                self.consumer = consumer.map(str::to_owned).or(self.consumer.take());
                self.violations
                    .extend(metadata.and_then(violation_in_metadata));
            }
            Some("RetryInfo") => {
                self.retry_delay = text(detail, "retryDelay").and_then(parse_delay);
            }
            Some("QuotaFailure") => {
                let violations = detail.get("violations").and_then(Value::as_array);
                self.violations.extend(
                    violations
                        .into_iter()
                        .flatten()
                        .filter_map(violation_in_failure),
                );
            }
            _ => {}
        }
    }
}

/// The last part of `@type`. Bodies with a space before the `@` have been recorded.
fn type_name(detail: &Value) -> Option<&str> {
    let (_, name) = detail
        .as_object()?
        .iter()
        .find(|(field, _)| field.trim() == "@type")?;
    name.as_str()?.rsplit('.').next()
}

fn violation_in_failure(violation: &Value) -> Option<Violation> {
    let quota_id = text(violation, "quotaId")?.to_owned();
    // Protobuf's JSON leaves out a zero, so a missing value is one. But only beside the other fields: people and
    // proxies shorten violations to the id, and a day without the key would be too much to conclude from that.
    let given = violation.get("quotaValue");
    let value = given.and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()));
    let is_zero = match given {
        Some(_) => value == Some(0),
        None => violation.get("quotaMetric").is_some(),
    };
    let model = violation
        .get("quotaDimensions")
        .and_then(|dimensions| text(dimensions, "model"))
        .map(str::to_owned);
    Some(Violation {
        quota_id,
        is_zero,
        value,
        model,
    })
}

/// The form before 2025: `{"quota_limit": "…PerMinute…", "quota_limit_value": "0"}`.
fn violation_in_metadata(metadata: &Value) -> Option<Violation> {
    let quota_id = text(metadata, "quota_limit")?.to_owned();
    Some(Violation {
        quota_id,
        is_zero: text(metadata, "quota_limit_value") == Some("0"),
        ..Violation::default()
    })
}

fn text<'value>(object: &'value Value, field: &str) -> Option<&'value str> {
    object.get(field)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> GoogleError {
        GoogleError::parse(body.as_bytes()).unwrap()
    }

    #[test]
    fn reads_an_object_and_the_same_in_an_array() {
        let object = r#"{"error":{"code":403,"message":"no","status":"PERMISSION_DENIED","errors":[{"reason":"forbidden"}]}}"#;
        for body in [
            object.to_owned(),
            format!("[{object}\n]"),
            format!("\n[{object}, {{}}]"),
        ] {
            let error = parse(&body);
            assert_eq!(error.code, Some(403));
            assert_eq!(error.message, "no");
            assert_eq!(error.status.as_deref(), Some("PERMISSION_DENIED"));
            // Legacy `errors[]` holds no cause that the rest does not.
            assert!(error.reasons.is_empty());
        }
    }

    #[test]
    fn reads_details_also_with_a_space_before_the_type() {
        let error = parse(
            r#"{"error":{"message":"Please retry in 9s.","details":[
            {" @type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"},
            {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"38.96s"},
            {"@type":"type.googleapis.com/google.rpc.Help","links":[]}, 7, null]}}"#,
        );
        assert_eq!(error.reasons, ["API_KEY_INVALID"]);
        assert_eq!(error.retry_delay, Some(Duration::from_millis(38_960)));
    }

    #[test]
    fn falls_back_to_the_delay_in_the_message() {
        for delay in [r#""soon""#, "null", "7", r#""-3s""#] {
            let body = format!(
                r#"{{"error":{{"message":"Please retry in 9s.","details":[{{"@type":"RetryInfo","retryDelay":{delay}}}]}}}}"#
            );
            assert_eq!(
                parse(&body).retry_delay,
                Some(Duration::from_secs(9)),
                "{delay}"
            );
        }
    }

    #[test]
    fn tells_a_zero_quota_from_one_whose_value_was_left_out() {
        for (violation, zero) in [
            (
                r#"{"quotaMetric":"m","quotaId":"PerDay","quotaValue":"20"}"#,
                Some(false),
            ),
            (
                r#"{"quotaMetric":"m","quotaId":"PerDay","quotaValue":"0"}"#,
                Some(true),
            ),
            (
                r#"{"quotaMetric":"m","quotaId":"PerDay","quotaValue":0}"#,
                Some(true),
            ),
            (r#"{"quotaMetric":"m","quotaId":"PerDay"}"#, Some(true)),
            (r#"{"quotaId":"PerDay"}"#, Some(false)),
            (r#"{"subject":"project","description":"too much"}"#, None),
        ] {
            let body = format!(
                r#"{{"error":{{"details":[{{"@type":"x/google.rpc.QuotaFailure","violations":[{violation}]}}]}}}}"#
            );
            assert_eq!(
                parse(&body)
                    .violations
                    .first()
                    .map(|violation| violation.is_zero),
                zero,
                "{violation}"
            );
        }
    }

    #[test]
    fn takes_wrong_types_for_absent_fields() {
        let error =
            parse(r#"{"error":{"code":"429","message":5,"status":null,"details":{"a":1}}}"#);
        assert!(error.code.is_none() && error.message.is_empty() && error.status.is_none());
        assert_eq!(parse(r#"{"error":"plain text"}"#).message, "plain text");
        assert_eq!(parse(r#"{"error":{"code":70000}}"#).code, None);
    }

    #[test]
    fn anything_else_is_no_google_error() {
        let deep = "[".repeat(100_000);
        for body in [
            "",
            " ",
            "null",
            "[]",
            "{}",
            "[1]",
            r#"{"error":7}"#,
            "<html>",
            r#"{"error":{"#,
            &deep,
        ] {
            assert!(
                GoogleError::parse(body.as_bytes()).is_none(),
                "{:.20}",
                body
            );
        }
        assert!(GoogleError::parse(b"\xff\xfe").is_none());
    }
}
