//! The verdict table against bodies in Google's shapes: how to build one; the cases are in the files below.

use super::*;

mod keys;
mod profiles;
mod quota;
mod rest;

/// 2026-07-01T12:00:00Z: 19 hours before midnight in Los Angeles.
const NOW: UnixMillis = UnixMillis(1_782_907_200_000);

/// In the `google` profile, without rules.
fn classify(status: u16, body: &[u8], now: UnixMillis) -> Classified {
    super::classify(status, body, now, &Policy::default())
}

/// `{"error":{…}}` with this message, gRPC status and `details[]`.
fn body(code: u16, status: &str, message: &str, details: &str) -> String {
    let message = serde_json::to_string(message).unwrap();
    format!(
        r#"{{"error":{{"code":{code},"message":{message},"status":"{status}","details":[{details}]}}}}"#
    )
}

fn error_info(reason: &str) -> String {
    format!(
        r#"{{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{reason}","domain":"googleapis.com","metadata":{{"service":"generativelanguage.googleapis.com"}}}}"#
    )
}
