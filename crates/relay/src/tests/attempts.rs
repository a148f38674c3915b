//! Which key is tried when, what each failure costs, and what the client hears.

use std::time::Duration;

use http::StatusCode;

use super::{answer, error, gateway, invalid_key, keys_used, minute_quota, shown, unary};
use crate::Failure;
use crate::fakes::{FakeHost, Scripted};

#[test]
fn a_limit_on_one_key_is_answered_by_another_and_the_first_rests() {
    let host = FakeHost::new([
        minute_quota("30s"),
        Scripted::whole(200, answer("one")),
        Scripted::whole(200, answer("two")),
    ]);
    let gateway = gateway(&host, &[]);
    assert!(unary(&host, &gateway).unwrap().contains("one"));
    assert!(unary(&host, &gateway).unwrap().contains("two"));
    let keys = keys_used(&host);
    assert_ne!(keys[0], keys[1]);
    assert_eq!(
        keys[1], keys[2],
        "the exhausted key must not be asked again"
    );
    let status = shown(&host, &gateway);
    assert_eq!(status["keyPool"]["coolingKeys"], 1);
    assert_eq!(status["keyPool"]["availableKeys"], 1);
}

#[test]
fn when_all_keys_rest_the_client_hears_when_the_first_returns() {
    let host = FakeHost::new([minute_quota("50s"), minute_quota("20s")]);
    let gateway = gateway(&host, &[]);
    let failure = unary(&host, &gateway).unwrap_err();
    assert_eq!(failure.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait = failure.retry_after().unwrap();
    // Twenty seconds plus the pool's jitter of up to two.
    assert!((20..=23).contains(&wait.as_secs()), "{wait:?}");
    assert_eq!(keys_used(&host).len(), 2);

    // While all rest, nothing goes upstream.
    assert!(unary(&host, &gateway).is_err());
    assert_eq!(keys_used(&host).len(), 2);

    // As soon as the first key returns, it works again.
    host.pass(wait);
    host.then(Scripted::whole(200, answer("back")));
    assert!(unary(&host, &gateway).unwrap().contains("back"));
}

#[test]
fn a_key_that_returns_in_a_moment_is_waited_for() {
    let host = FakeHost::new([minute_quota("1s"), Scripted::whole(200, answer("patient"))]);
    let gateway = gateway(&host, &[("gemini_api_keys", "only-key")]);
    assert!(unary(&host, &gateway).unwrap().contains("patient"));
}

#[test]
fn an_invalid_key_is_never_asked_again() {
    let host = FakeHost::new([invalid_key(), Scripted::whole(200, answer("ok"))]);
    let gateway = gateway(&host, &[]);
    assert!(unary(&host, &gateway).is_ok());
    for _ in 0..3 {
        host.then(Scripted::whole(200, answer("ok")));
        assert!(unary(&host, &gateway).is_ok());
    }
    let keys = keys_used(&host);
    assert!(keys[1..].iter().all(|key| *key != keys[0]), "{keys:?}");
}

#[test]
fn with_only_invalid_keys_the_client_hears_that_no_key_is_usable() {
    let host = FakeHost::new([invalid_key(), invalid_key()]);
    let gateway = gateway(&host, &[]);
    let failure = unary(&host, &gateway).unwrap_err();
    assert_eq!(failure.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(failure.to_error().code.as_deref(), Some("no_usable_key"));
    assert_eq!(failure.should_retry(), Some(false));
}

#[test]
fn a_refused_request_goes_upstream_once_whatever_the_number_of_keys() {
    let host = FakeHost::new([error(
        400,
        "INVALID_ARGUMENT",
        "Invalid value at 'contents'",
    )]);
    let gateway = gateway(&host, &[]);
    let failure = unary(&host, &gateway).unwrap_err();
    assert_eq!(failure.status(), StatusCode::BAD_REQUEST);
    assert!(failure.to_error().message.contains("Invalid value"));
    assert_eq!(keys_used(&host).len(), 1);
}

#[test]
fn an_overloaded_model_is_asked_again_after_a_pause() {
    let host = FakeHost::new([
        error(503, "UNAVAILABLE", "The model is overloaded."),
        Scripted::whole(200, answer("recovered")),
    ]);
    let gateway = gateway(&host, &[]);
    assert!(unary(&host, &gateway).unwrap().contains("recovered"));
}

#[test]
fn a_model_that_stays_overloaded_is_a_503_with_a_time() {
    let overloaded = || error(503, "UNAVAILABLE", "The model is overloaded.");
    let host = FakeHost::new([overloaded(), overloaded(), overloaded()]);
    let gateway = gateway(&host, &[]);
    let failure = unary(&host, &gateway).unwrap_err();
    assert_eq!(failure.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(failure.retry_after().is_some());
    assert!(keys_used(&host).len() <= 3);
}

#[test]
fn no_connection_is_a_502_and_no_key_is_blamed() {
    let host = FakeHost::new([]);
    let gateway = gateway(&host, &[]);
    let failure = unary(&host, &gateway).unwrap_err();
    assert_eq!(failure.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(keys_used(&host).len(), 3, "attempts are bounded");
    let status = shown(&host, &gateway);
    assert_eq!(status["keyPool"]["availableKeys"], 2);
}

#[test]
fn a_silent_upstream_is_a_504_after_one_attempt() {
    let mut silent = Scripted::whole(200, answer("late"));
    silent.delay = Duration::from_secs(3_600);
    let host = FakeHost::new([silent]);
    let gateway = gateway(&host, &[("total_timeout_ms", "2000")]);
    let failure = unary(&host, &gateway).unwrap_err();
    assert!(matches!(failure, Failure::TimedOut { .. }), "{failure:?}");
    assert_eq!(failure.status(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(keys_used(&host).len(), 1);
}

#[test]
fn an_empty_answer_is_asked_for_once_more_and_then_given_as_it_is() {
    let empty = r#"{"candidates":[{"content":{"role":"model"},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"totalTokenCount":1}}"#;
    let host = FakeHost::new([
        Scripted::whole(200, empty),
        Scripted::whole(200, empty),
        Scripted::whole(200, answer("never")),
    ]);
    let gateway = gateway(&host, &[("gemini_api_keys", "only-key")]);
    let body = unary(&host, &gateway).unwrap();
    assert!(body.contains(r#""finish_reason":"stop""#), "{body}");
    assert_eq!(keys_used(&host).len(), 2);
}

#[test]
fn errors_never_show_a_key() {
    let text = "Permission denied: Consumer 'api_key:key-a' has been suspended.";
    let host = FakeHost::new([
        error(500, "INTERNAL", "failed for key-a and key-b"),
        error(403, "PERMISSION_DENIED", text),
        error(400, "INVALID_ARGUMENT", "key-a said no to key-b"),
    ]);
    let gateway = gateway(&host, &[]);
    let failure = unary(&host, &gateway).unwrap_err();
    let shown = format!("{failure:?} {}", failure.to_error().message);
    assert!(
        !shown.contains("key-a") && !shown.contains("key-b"),
        "{shown}"
    );
}

#[test]
fn requests_hold_one_key_in_one_place_and_never_in_the_url_or_body() {
    let host = FakeHost::new([Scripted::whole(200, answer("ok"))]);
    let gateway = gateway(&host, &[]);
    assert!(unary(&host, &gateway).is_ok());
    let sent = host.sent().remove(0);
    assert_eq!(
        sent.url,
        "https://gemini.test/v1beta/models/gemini-2.5-flash:generateContent"
    );
    assert!(!sent.body.contains(&sent.key));
}

#[test]
fn each_kind_of_trouble_has_its_own_status() {
    let expired = r#"{"error":{"code":400,"message":"API key expired. Please renew the API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}"#;
    for (answer, status, code) in [
        (Scripted::whole(400, expired), 503, "no_usable_key"),
        (
            error(
                402,
                "RESOURCE_EXHAUSTED",
                "Your prepayment credits are depleted.",
            ),
            429,
            "insufficient_quota",
        ),
        (
            error(
                404,
                "NOT_FOUND",
                "This model models/x is no longer available to new users.",
            ),
            404,
            "model_not_found",
        ),
        (
            error(
                400,
                "FAILED_PRECONDITION",
                "User location is not supported for the API use.",
            ),
            400,
            "unsupported_location",
        ),
        (
            error(504, "DEADLINE_EXCEEDED", "Deadline expired"),
            504,
            "upstream_timeout",
        ),
        (Scripted::whole(302, ""), 502, "upstream_error"),
    ] {
        let shown = format!("{answer:?}");
        let host = FakeHost::new([answer.clone(), answer.clone(), answer]);
        let failure = unary(&host, &gateway(&host, &[])).unwrap_err();
        let told = failure.to_error();
        assert_eq!(failure.status().as_u16(), status, "{shown}: {told:?}");
        assert_eq!(told.code.as_deref(), Some(code), "{shown}");
        assert!(!told.message.is_empty(), "{shown}");
    }
}
