//! Errors of the request, the model, the service and the way there; bodies of every shape.

use super::*;
use crate::verdict::{FaultCause, Retry};

#[test]
fn errors_of_the_request_go_to_its_sender_and_leave_the_key_alone_u7_e8() {
    for (status, message) in [
        (
            400,
            "Invalid JSON payload received. Unknown name \"const\" at 'tools[0]': Cannot find field.",
        ),
        (
            400,
            "The input token count (1250074) exceeds the maximum number of tokens allowed (1048576).",
        ),
        (400, ""),
        (
            404,
            "models/nope is not found for API version v1beta, or is not supported for generateContent.",
        ),
        // Also for a model that exists and has no such method: the key must not lose the model for that. Of
        // `batchEmbedContents`, whose errors speak of its sister.
        (
            404,
            "models/nope is not found for API version v1beta, or is not supported for embedContent. Call ListModels to see the list.",
        ),
        (409, "x"),
        (413, "Request payload is too large"),
        (418, "x"),
    ] {
        let classified = classify(
            status,
            body(status, "INVALID_ARGUMENT", message, "").as_bytes(),
            NOW,
        );
        assert_eq!(
            (classified.verdict, classified.verdict.retry()),
            (Verdict::Client, Retry::No),
            "{message}"
        );
    }
    // The status decides and the body explains; the type that Google gives it is never asked for, since
    // errors of streaming calls claim to be events and are not (U7).
    for (status, body) in [
        (400, ""),
        (404, "not found"),
        (413, "<html><title>413</title></html>"),
        (400, "{\"error\":"),
    ] {
        assert_eq!(
            classify(status, body.as_bytes(), NOW).verdict,
            Verdict::Client,
            "{status} {body}"
        );
    }
}

#[test]
fn the_rest_of_the_table() {
    let page = "\n<!DOCTYPE html><html><head><title>Sorry...</title></head><body>We're sorry but your computer or network may be sending automated queries.</body></html>";
    let json = |status: u16, name: &str, message: &str, reason: &str| {
        body(status, name, message, &error_info(reason))
    };
    let sorry = Verdict::Egress {
        cause: EgressCause::SorryPage,
    };
    let location = Verdict::Egress {
        cause: EgressCause::Location,
    };
    let fault = |cause: FaultCause| Verdict::ModelFault { cause };
    #[rustfmt::skip]
    let cases = [
        (400, json(400, "FAILED_PRECONDITION", "User location is not supported for the API use.", ""), location, Retry::No),
        (400, json(400, "INVALID_ARGUMENT", "Multiple authentication credentials received. Please pass only one.", ""), Verdict::GatewayFault, Retry::No),
        (403, json(403, "PERMISSION_DENIED", "The caller does not have permission", ""), Verdict::Forbidden, Retry::NextKeyOnce),
        (403, json(403, "PERMISSION_DENIED", "Permission 'x' denied on resource 'y'", "IAM_PERMISSION_DENIED"), Verdict::Forbidden, Retry::NextKeyOnce),
        (403, String::new(), Verdict::Forbidden, Retry::NextKeyOnce),
        (403, json(403, "PERMISSION_DENIED", "You do not have permission to access the File abc123 or it may not exist.", ""), Verdict::Foreign, Retry::No),
        (403, json(403, "PERMISSION_DENIED", "CachedContent not found (or permission denied)", ""), Verdict::Foreign, Retry::No),
        (404, json(404, "NOT_FOUND", "Not found: cache content metadata 8754.", ""), Verdict::Client, Retry::No),
        // What a free key hears of a batch. A location says FAILED_PRECONDITION too.
        (400, json(400, "FAILED_PRECONDITION", "Precondition check failed.", ""), Verdict::Forbidden, Retry::NextKeyOnce),
        (401, "<html>proxy login</html>".into(), Verdict::Forbidden, Retry::NextKeyOnce),
        (403, page.into(), sorry, Retry::No),
        (429, page.into(), sorry, Retry::No),
        (429, "<html>429</html>".into(), sorry, Retry::No),
        (429, json(429, "RESOURCE_EXHAUSTED", "No capacity available for model x", "MODEL_CAPACITY_EXHAUSTED"), fault(FaultCause::Overloaded), Retry::AfterDelay),
        (499, json(499, "CANCELLED", "The operation was cancelled.", ""), Verdict::Canceled, Retry::No),
        (500, json(500, "INTERNAL", "Internal error encountered.", ""), fault(FaultCause::Internal), Retry::AfterDelay),
        (500, json(500, "UNAVAILABLE", "The model is overloaded.", ""), fault(FaultCause::Overloaded), Retry::AfterDelay),
        (500, String::new(), fault(FaultCause::Internal), Retry::AfterDelay),
        (502, "<html>".into(), fault(FaultCause::Unreachable), Retry::AfterDelay),
        (503, json(503, "UNAVAILABLE", "The model is overloaded.", ""), fault(FaultCause::Overloaded), Retry::AfterDelay),
        (503, "upstream connect error".into(), fault(FaultCause::Overloaded), Retry::AfterDelay),
        (504, json(504, "DEADLINE_EXCEEDED", "Deadline expired", ""), fault(FaultCause::Deadline), Retry::NextKeyOnce),
        (408, String::new(), fault(FaultCause::Deadline), Retry::NextKeyOnce),
        (599, String::new(), fault(FaultCause::Internal), Retry::AfterDelay),
        (302, "<a href=x>moved</a>".into(), fault(FaultCause::Unreachable), Retry::AfterDelay),
        (0, String::new(), fault(FaultCause::Unreachable), Retry::AfterDelay),
        (200, r#"{"candidates":[]}"#.into(), Verdict::Success, Retry::No),
        (204, String::new(), Verdict::Success, Retry::No),
    ];
    for (status, body, verdict, retry) in cases {
        let found = classify(status, body.as_bytes(), NOW).verdict;
        assert_eq!((found, found.retry()), (verdict, retry), "{status} {body}");
    }
}

#[test]
fn an_error_inside_a_stream_counts_by_its_own_code() {
    let body = format!(
        "[{}]",
        body(503, "UNAVAILABLE", "The model is overloaded.", "")
    );
    let classified = classify(200, body.as_bytes(), NOW);
    assert_eq!(
        classified.verdict,
        Verdict::ModelFault {
            cause: FaultCause::Overloaded
        }
    );
    assert_eq!(
        (classified.status, classified.google_status.as_deref()),
        (503, Some("UNAVAILABLE"))
    );
    // Otherwise the real status counts.
    assert_eq!(
        classify(500, body.replace("UNAVAILABLE", "X").as_bytes(), NOW).status,
        500
    );
}

#[test]
fn a_model_closed_to_new_users_is_unavailable_for_this_key_only() {
    let body = body(
        404,
        "NOT_FOUND",
        "This model models/gemini-2.5-pro is no longer available to new users.",
        "",
    );
    let classified = classify(404, body.as_bytes(), NOW);
    let until = NOW.saturating_add(Duration::from_hours(24));
    let cause = CoolingCause::ModelClosedToNewUsers;
    assert_eq!(
        classified.verdict,
        Verdict::ModelUnavailable { until, cause }
    );
}

#[test]
fn long_bodies_are_read_and_repeated_only_in_part() {
    let long = "\u{fc}".repeat(MAX_ERROR_MESSAGE_BYTES);
    let classified = classify(
        400,
        body(400, "INVALID_ARGUMENT", &format!("x{long}"), "").as_bytes(),
        NOW,
    );
    assert_eq!(classified.message.len(), MAX_ERROR_MESSAGE_BYTES - 1);
    let huge = body(503, "X", &"x".repeat(MAX_ERROR_BODY_BYTES), "");
    assert_eq!(classify(503, huge.as_bytes(), NOW).message, "");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_fail_and_no_cooling_is_longer_than_the_longest(
        status in proptest::prelude::any::<u16>(),
        body in ".{0,200}",
        now in proptest::prelude::any::<u64>(),
    ) {
        let now = UnixMillis(now);
        let quoted = serde_json::to_string(&body).unwrap();
        for body in [body, format!(r#"{{"error":{{"message":{quoted},"details":[{{"@type":"RetryInfo","retryDelay":{quoted}}}]}}}}"#)] {
            if let Verdict::Cool { until, .. } = classify(status, body.as_bytes(), now).verdict {
                proptest::prop_assert!(until.saturating_since(now) <= MAX_COOLING);
            }
        }
    }
}
