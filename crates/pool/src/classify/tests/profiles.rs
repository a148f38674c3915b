//! What the two profiles make of the same bodies.

use super::*;
use crate::profile::Profile;
use crate::verdict::{DeathCause, FaultCause};

const HOUR: u64 = 3_600_000;
const MINUTE: u64 = 60_000;

fn verdict(profile: Profile, status: u16, body: &str) -> Verdict {
    let policy = Policy {
        profile,
        ..Policy::default()
    };
    super::super::classify(status, body.as_bytes(), NOW, &policy).verdict
}

fn cooled(scope: Scope, millis: u64, cause: CoolingCause) -> Verdict {
    Verdict::Cool {
        scope,
        until: UnixMillis(NOW.0 + millis),
        cause,
    }
}

fn fixed(millis: u64) -> Verdict {
    cooled(Scope::Key, millis, CoolingCause::Fixed)
}

fn dead(cause: DeathCause) -> Verdict {
    Verdict::Dead { cause }
}

#[test]
fn fixed_looks_at_the_status_where_google_looks_at_the_meaning() {
    let quota = |id: &str| {
        let failure = format!(
            r#"{{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{{"quotaMetric":"m","quotaId":"{id}","quotaValue":"20"}}]}},{{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"26s"}}"#
        );
        body(
            429,
            "RESOURCE_EXHAUSTED",
            "You exceeded your current quota.",
            &failure,
        )
    };
    let say = |status: u16, name: &str, message: &str| body(status, name, message, "");
    let fault = |cause: FaultCause| Verdict::ModelFault { cause };
    let model = |millis, cause| cooled(Scope::Model, millis, cause);
    #[rustfmt::skip]
    let cases = [
        (401, say(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."), dead(DeathCause::Rejected), dead(DeathCause::Rejected)),
        (401, String::new(), dead(DeathCause::Rejected), dead(DeathCause::Rejected)),
        (403, say(403, "PERMISSION_DENIED", "The caller does not have permission"), Verdict::Forbidden, dead(DeathCause::Forbidden)),
        (403, say(403, "PERMISSION_DENIED", "Your API key was reported as leaked."), dead(DeathCause::Leaked), dead(DeathCause::Leaked)),
        (403, say(403, "PERMISSION_DENIED", "Generative Language API has not been used in project 1 before."), cooled(Scope::Key, 15 * MINUTE, CoolingCause::ServiceDisabled), dead(DeathCause::Forbidden)),
        (429, quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier"), model(26_000, CoolingCause::MinuteQuota), fixed(24 * HOUR)),
        (429, quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"), model(19 * HOUR, CoolingCause::DayQuota), fixed(24 * HOUR)),
        (429, String::new(), model(30_000, CoolingCause::Unexplained), fixed(24 * HOUR)),
        (503, say(503, "UNAVAILABLE", "The model is overloaded."), fault(FaultCause::Overloaded), fixed(24 * HOUR)),
        (502, String::new(), fault(FaultCause::Unreachable), fixed(5 * MINUTE)),
        (504, say(504, "DEADLINE_EXCEEDED", "Deadline expired"), fault(FaultCause::Deadline), fixed(5 * MINUTE)),
        (500, say(500, "INTERNAL", "Internal error encountered."), fault(FaultCause::Internal), fixed(10 * MINUTE)),
        (599, String::new(), fault(FaultCause::Internal), fixed(10 * MINUTE)),
        (402, String::new(), cooled(Scope::Key, HOUR, CoolingCause::CreditsDepleted), Verdict::Client),
        (408, String::new(), fault(FaultCause::Deadline), Verdict::Client),
    ];
    for (status, body, by_meaning, by_status) in cases {
        assert_eq!(
            verdict(Profile::Google, status, &body),
            by_meaning,
            "{body}"
        );
        assert_eq!(verdict(Profile::Fixed, status, &body), by_status, "{body}");
    }
}

#[test]
fn both_see_invalid_keys_refused_addresses_and_errors_of_clients_alike() {
    let say = |status: u16, message: &str| body(status, "X", message, "");
    let sorry = "<html>Your network may be sending automated queries</html>";
    let location = Verdict::Egress {
        cause: EgressCause::Location,
    };
    let robots = Verdict::Egress {
        cause: EgressCause::SorryPage,
    };
    #[rustfmt::skip]
    let cases = [
        (400, say(400, "API key not valid. Please pass a valid API key."), dead(DeathCause::Invalid)),
        (400, say(400, "API key expired. Please renew the API key."), dead(DeathCause::Expired)),
        (400, say(400, "API Key not found. Please pass a valid API key."), dead(DeathCause::NotFound)),
        (400, say(400, "User location is not supported for the API use."), location),
        (403, sorry.to_owned(), robots),
        (429, sorry.to_owned(), robots),
        (403, "<html>proxy login</html>".to_owned(), Verdict::Forbidden),
        (403, say(403, "You do not have permission to access the File x or it may not exist."), Verdict::Foreign),
        (400, say(400, "Multiple authentication credentials received."), Verdict::GatewayFault),
        (400, say(400, "Invalid JSON payload received."), Verdict::Client),
        (404, say(404, "models/x is not found for API version v1beta"), Verdict::Client),
        (413, String::new(), Verdict::Client),
        (499, String::new(), Verdict::Canceled),
        (200, "{}".to_owned(), Verdict::Success),
    ];
    for (status, body, expected) in cases {
        for profile in [Profile::Google, Profile::Fixed] {
            assert_eq!(
                verdict(profile, status, &body),
                expected,
                "{profile:?} {body}"
            );
        }
    }
}

#[test]
fn no_region_error_and_no_error_of_a_client_touches_a_key() {
    for profile in [Profile::Google, Profile::Fixed] {
        for message in [
            "User location is not supported for the API use.",
            "Invalid JSON payload received. Unknown name \"API key not valid\".",
            "The input token count (2) exceeds the maximum number of tokens allowed (1).",
        ] {
            let body = body(400, "FAILED_PRECONDITION", message, "");
            let verdict = verdict(profile, 400, &body);
            assert!(
                matches!(verdict, Verdict::Client | Verdict::Egress { .. }),
                "{verdict:?}"
            );
        }
    }
}
