//! How long each kind of 429 lasts.

use std::fmt::Write as _;

use super::*;
use crate::lessons::{LearnedLimit, QuotaKind};
use crate::record::Tier;

/// A 429 with these `(quotaId, quotaValue)`, this `retryDelay` and this end of the message.
fn quota_body(
    violations: &[(&str, Option<&str>)],
    retry_delay: Option<&str>,
    message: &str,
) -> String {
    let mut details = String::new();
    let violations: Vec<_> = violations
        .iter()
        .map(|(id, value)| {
            let value = value.map(|value| format!(r#","quotaValue":"{value}""#)).unwrap_or_default();
            format!(
                r#"{{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"{id}","quotaDimensions":{{"location":"global","model":"gemini-2.5-flash"}}{value}}}"#
            )
        })
        .collect();
    let list = violations.join(",");
    write!(
        details,
        r#"{{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{list}]}}"#
    )
    .unwrap();
    if let Some(delay) = retry_delay {
        write!(
            details,
            r#",{{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{delay}"}}"#
        )
        .unwrap();
    }
    let message = format!(
        "You exceeded your current quota, please check your plan and billing details. {message}"
    );
    body(429, "RESOURCE_EXHAUSTED", &message, &details)
}

const MINUTE: &str = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier";
const DAY: &str = "GenerateRequestsPerDayPerProjectPerModel-FreeTier";

/// Cause and length in milliseconds of a cooling for one model.
fn cooling_of(body: &str) -> (CoolingCause, u64) {
    match classify(429, body.as_bytes(), NOW).verdict {
        Verdict::Cool {
            scope: Scope::Model,
            until,
            cause,
        }
        | Verdict::ModelUnavailable { until, cause } => (cause, until.0 - NOW.0),
        other => panic!("{other:?} for {body}"),
    }
}

#[test]
fn a_minute_quota_cools_for_the_delay_gemini_asks_for() {
    for (delay, message, millis) in [
        (Some("26s"), "", 26_000),
        (Some("38.96s"), "Please retry in 99s.", 38_960),
        (Some("21599.960323804s"), "", 21_599_960),
        (
            None,
            "* Quota exceeded, limit: 10\nPlease retry in 48.93s.",
            48_930,
        ),
        (Some("0s"), "Please retry in 561.2ms.", 1000),
        (Some("soon"), "", 65_000),
        (Some("-5s"), "", 65_000),
        (None, "", 65_000),
        (Some("99999999999999999999s"), "", 25 * 3_600_000),
    ] {
        let body = quota_body(&[(MINUTE, Some("10"))], delay, message);
        assert_eq!(
            cooling_of(&body),
            (CoolingCause::MinuteQuota, millis),
            "{delay:?} {message}"
        );
        let retry_after = classify(429, body.as_bytes(), NOW).retry_after;
        assert_eq!(retry_after.unwrap().as_millis(), u128::from(millis));
    }
}

#[test]
fn a_day_quota_cools_until_midnight_in_los_angeles_whatever_the_delay_says_u11() {
    let midnight = 19 * 3_600_000;
    for body in [
        quota_body(
            &[(DAY, Some("20"))],
            Some("58s"),
            "limit: 20. Please retry in 58.8s.",
        ),
        quota_body(
            &[(MINUTE, Some("5")), (DAY, Some("20")), (MINUTE, Some("9"))],
            Some("5s"),
            "",
        ),
        quota_body(
            &[(
                "GenerateContentInputTokensPerModelPerDay-FreeTier",
                Some("1000000"),
            )],
            None,
            "",
        ),
    ] {
        assert_eq!(
            cooling_of(&body),
            (CoolingCause::DayQuota, midnight),
            "{body}"
        );
    }
    let classified = classify(
        429,
        quota_body(&[(DAY, Some("20"))], None, "").as_bytes(),
        NOW,
    );
    assert_eq!(
        classified.quota,
        Some(Quota {
            id: DAY.to_owned(),
            window: QuotaWindow::Day
        })
    );
}

#[test]
fn a_day_quota_lasts_to_midnight_also_on_the_days_when_clocks_change() {
    let body = quota_body(&[(DAY, Some("20"))], Some("5s"), "");
    for (start_of_day, hours) in [
        (1_782_889_200_000, 24), // 2026-07-01T07:00:00Z
        (1_772_956_800_000, 23), // 2026-03-08T08:00:00Z: clocks go forward
        (1_793_516_400_000, 25), // 2026-11-01T07:00:00Z: clocks go back
    ] {
        for minute in [0, 1, 60, 119, 120, 180, 22 * 60] {
            let now = UnixMillis(start_of_day + minute * 60_000);
            let Verdict::Cool {
                scope,
                until,
                cause,
            } = classify(429, body.as_bytes(), now).verdict
            else {
                panic!("no cooling");
            };
            assert_eq!((scope, cause), (Scope::Model, CoolingCause::DayQuota));
            assert_eq!(until.0, start_of_day + hours * 3_600_000, "{minute}");
            assert!(until.saturating_since(now) <= MAX_COOLING);
        }
    }
}

#[test]
fn a_quota_of_zero_closes_the_model_for_a_day_instead_of_the_key_until_midnight() {
    let old = body(
        429,
        "RESOURCE_EXHAUSTED",
        "Quota exceeded for quota metric 'Generate Content API requests per minute'",
        r#"{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","metadata":{"quota_limit":"GenerateContentRequestsPerMinutePerProjectPerRegion","quota_limit_value":"0"}}"#,
    );
    for body in [
        quota_body(
            &[(DAY, None), (MINUTE, None)],
            Some("35s"),
            "limit: 0, model: gemini-2.5-pro",
        ),
        quota_body(&[(DAY, None), (MINUTE, None)], Some("35s"), ""),
        quota_body(&[(MINUTE, Some("0"))], Some("35s"), ""),
        quota_body(&[], Some("35s"), "limit: 0, model: gemini-2.5-pro"),
        body(
            429,
            "RESOURCE_EXHAUSTED",
            "Gemini 2.5 Pro Preview doesn't have a free quota tier.",
            "",
        ),
        old,
    ] {
        assert_eq!(
            cooling_of(&body),
            (CoolingCause::NoQuotaForModel, 86_400_000),
            "{body}"
        );
        assert!(matches!(
            classify(429, body.as_bytes(), NOW).verdict,
            Verdict::ModelUnavailable { .. }
        ));
    }
}

#[test]
fn a_429_that_names_no_quota_cools_for_its_delay_or_half_a_minute() {
    let exhausted = "Resource has been exhausted (e.g. check quota).";
    for (body, expected) in [
        (
            body(429, "RESOURCE_EXHAUSTED", exhausted, ""),
            (CoolingCause::Unexplained, 30_000),
        ),
        (String::new(), (CoolingCause::Unexplained, 30_000)),
        ("too many".into(), (CoolingCause::Unexplained, 30_000)),
        (
            quota_body(&[("Unheard", Some("5"))], None, ""),
            (CoolingCause::Unexplained, 30_000),
        ),
        (
            quota_body(&[("Unheard", Some("5"))], Some("7s"), ""),
            (CoolingCause::RateLimited, 7_000),
        ),
        (
            body(
                429,
                "RESOURCE_EXHAUSTED",
                "Your quota will reset after 5h59m59s.",
                &error_info("QUOTA_EXHAUSTED"),
            ),
            (CoolingCause::RateLimited, 21_599_000),
        ),
    ] {
        assert_eq!(cooling_of(&body), expected, "{body}");
    }
}

#[test]
fn a_429_teaches_what_it_says_of_the_project() {
    let body = quota_body(&[(DAY, Some("20"))], Some("5s"), "");
    let lessons = classify(429, body.as_bytes(), NOW).lessons;
    assert_eq!(
        lessons,
        Lessons {
            tier: Some(Tier::Free),
            project: None,
            model: Some("gemini-2.5-flash".to_owned()),
            limits: vec![LearnedLimit {
                kind: QuotaKind::RequestsPerDay,
                limit: 20
            }],
        }
    );
    assert!(classify(503, b"", NOW).lessons.is_empty());
}
