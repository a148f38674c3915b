//! What the client is told when every key gets the same error from Gemini: one row per error, as the
//! simulator names them (the table of status by status in the translation rules).
//!
//! What an error does to its key is in `failover.rs` and, in depth, in `crates/pool`.

use crate::support::chat;
use crate::support::scene::Scene;
use crate::support::upstream::failing;

/// Error, status for the client, code for the client (`None`: any), and whether it must say
/// `Retry-After` (it may elsewhere, where a key comes back by itself).
type Row = (&'static str, u16, Option<&'static str>, bool);

const ROWS: [Row; 25] = [
    ("invalid_key", 503, Some("no_usable_key"), false),
    ("expired_key", 503, None, false),
    ("key_not_found", 503, Some("no_usable_key"), false),
    (
        "access_token_unsupported",
        503,
        Some("no_usable_key"),
        false,
    ),
    ("leaked", 503, Some("no_usable_key"), false),
    ("suspended", 503, Some("no_usable_key"), false),
    ("project_denied", 503, Some("no_usable_key"), false),
    ("service_disabled", 503, None, false),
    ("service_blocked", 503, None, false),
    ("caller_no_permission", 403, None, false),
    ("location", 400, Some("unsupported_location"), false),
    ("bad_request", 400, None, false),
    ("token_limit", 400, Some("context_length_exceeded"), false),
    ("model_not_found", 404, Some("model_not_found"), false),
    ("model_retired", 404, Some("model_not_found"), false),
    ("prepay_depleted", 429, Some("insufficient_quota"), true),
    (
        "rate_limited_minute",
        429,
        Some("rate_limit_exceeded"),
        true,
    ),
    (
        "rate_limited_tokens",
        429,
        Some("rate_limit_exceeded"),
        true,
    ),
    ("quota_day", 429, Some("rate_limit_exceeded"), true),
    ("bare_429", 429, Some("rate_limit_exceeded"), true),
    ("html_sorry", 503, None, true),
    ("overloaded", 503, Some("model_overloaded"), true),
    ("internal", 502, Some("upstream_error"), false),
    ("bad_gateway", 502, Some("upstream_error"), false),
    ("deadline_exceeded", 504, None, false),
];

#[tokio::test]
async fn every_error_of_every_key_has_its_status_code_and_hint() {
    let mut wrong = Vec::new();
    for (name, status, code, retry_after) in ROWS {
        for body in [chat::unary(), chat::streaming()] {
            let scene = Scene::builder()
                .script(failing(name))
                // Two keys: enough to see all of them fail, and no pauses after more attempts.
                .variable("MAX_ATTEMPTS", "2")
                .start()
                .await;
            let answer = scene.chat(&body).await;
            let told = answer.status.as_u16();
            let error = answer.json()["error"].clone();
            let explained = error["message"]
                .as_str()
                .is_some_and(|message| !message.is_empty());
            let hinted = answer
                .header("retry-after")
                .parse::<u64>()
                .is_ok_and(|seconds| seconds >= 1);
            let as_expected = told == status
                && explained
                && code.is_none_or(|code| error["code"] == code)
                && (hinted || !retry_after);
            if !as_expected {
                wrong.push(format!("{name}: {told}, retry-after {hinted}, {error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
