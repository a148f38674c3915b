//! Errors that are about the key or its project, and words that only look so.

use super::*;
use crate::verdict::{DeathCause, Retry};

#[test]
fn keys_that_google_refuses_for_good_are_dead() {
    let cases = [
        (
            400,
            "API key not valid. Please pass a valid API key.",
            "API_KEY_INVALID",
            DeathCause::Invalid,
        ),
        (
            400,
            "API key not valid. Please pass a valid API key.",
            "",
            DeathCause::Invalid,
        ),
        (
            400,
            "Some new wording.",
            "API_KEY_INVALID",
            DeathCause::Invalid,
        ),
        (
            400,
            "API key expired. Please renew the API key.",
            "API_KEY_INVALID",
            DeathCause::Expired,
        ),
        (
            400,
            "API Key not found. Please pass a valid API key.",
            "API_KEY_INVALID",
            DeathCause::NotFound,
        ),
        (
            401,
            "Request had invalid authentication credentials.",
            "ACCESS_TOKEN_TYPE_UNSUPPORTED",
            DeathCause::Rejected,
        ),
        (
            401,
            "Request is missing required authentication credential.",
            "CREDENTIALS_MISSING",
            DeathCause::Rejected,
        ),
        (
            403,
            "Your API key was reported as leaked. Please use another API key.",
            "",
            DeathCause::Leaked,
        ),
        (
            403,
            "Permission denied: Consumer 'api_key:K' has been suspended.",
            "CONSUMER_SUSPENDED",
            DeathCause::Suspended,
        ),
        (
            403,
            "Permission denied: Consumer 'api_key:K' has been suspended.",
            "",
            DeathCause::Suspended,
        ),
        (
            403,
            "Consumer invalid.",
            "CONSUMER_INVALID",
            DeathCause::ProjectDenied,
        ),
        (
            403,
            "Your project has been denied access. Please contact support.",
            "",
            DeathCause::ProjectDenied,
        ),
    ];
    for (status, message, reason, cause) in cases {
        let body = body(status, "X", message, &error_info(reason));
        for body in [
            body.clone(),
            format!("[{body}]"),
            body.replace("\"@type\"", "\" @type\""),
        ] {
            let classified = classify(status, body.as_bytes(), NOW);
            assert_eq!(classified.verdict, Verdict::Dead { cause }, "{body}");
            assert_eq!(classified.verdict.retry(), Retry::NextKey);
            assert_eq!(classified.message, message);
        }
    }
    assert_eq!(
        classify(401, b"", NOW).verdict,
        Verdict::Dead {
            cause: DeathCause::Rejected
        }
    );
}

#[test]
fn what_an_owner_can_mend_cools_the_whole_key() {
    let cases = [
        (
            403,
            "Generative Language API has not been used in project 1 before or it is disabled.",
            "",
            CoolingCause::ServiceDisabled,
            900,
        ),
        (
            403,
            "Billing is off",
            "BILLING_DISABLED",
            CoolingCause::ServiceDisabled,
            900,
        ),
        (
            403,
            "x",
            "API_KEY_ANDROID_APP_BLOCKED",
            CoolingCause::KeyRestricted,
            900,
        ),
        (
            403,
            "x",
            "API_KEY_IOS_APP_BLOCKED",
            CoolingCause::KeyRestricted,
            900,
        ),
        (
            403,
            "Requests to this API x are blocked.",
            "",
            CoolingCause::KeyRestricted,
            900,
        ),
        (
            403,
            "API has not been used in project 1 before",
            "SERVICE_DISABLED",
            CoolingCause::ServiceDisabled,
            900,
        ),
        (
            403,
            "Requests to this API x are blocked.",
            "API_KEY_SERVICE_BLOCKED",
            CoolingCause::KeyRestricted,
            900,
        ),
        (
            403,
            "Requests from referer <empty> are blocked.",
            "API_KEY_HTTP_REFERRER_BLOCKED",
            CoolingCause::KeyRestricted,
            900,
        ),
        (
            403,
            "Requests from referer <empty> are blocked.",
            "",
            CoolingCause::KeyRestricted,
            900,
        ),
        (
            403,
            "x",
            "API_KEY_IP_ADDRESS_BLOCKED",
            CoolingCause::KeyRestricted,
            900,
        ),
        (
            400,
            "Gemini API free tier is not available in your country. Please enable billing",
            "",
            CoolingCause::FreeTierCountry,
            86_400,
        ),
        (
            402,
            "Your prepayment credits are depleted. Please go",
            "",
            CoolingCause::CreditsDepleted,
            3600,
        ),
        (
            429,
            "Your prepayment credits are depleted. Please go",
            "",
            CoolingCause::CreditsDepleted,
            3600,
        ),
        (
            429,
            "Your project has exceeded its monthly spending cap. Please go",
            "",
            CoolingCause::CreditsDepleted,
            3600,
        ),
        (
            402,
            "Another wording",
            "",
            CoolingCause::CreditsDepleted,
            3600,
        ),
    ];
    for (status, message, reason, cause, seconds) in cases {
        let classified = classify(
            status,
            body(status, "X", message, &error_info(reason)).as_bytes(),
            NOW,
        );
        let until = NOW.saturating_add(Duration::from_secs(seconds));
        assert_eq!(
            classified.verdict,
            Verdict::Cool {
                scope: Scope::Key,
                until,
                cause
            },
            "{message}"
        );
        assert_eq!(classified.verdict.retry(), Retry::NextKey);
    }
}

#[test]
fn a_client_cannot_kill_a_key_by_having_google_quote_its_words() {
    for words in [
        "API key not valid. Please pass a valid API key.",
        "api key expired",
        "Your API key was reported as leaked",
        "Permission denied: Consumer 'x' has been suspended",
        "API_KEY_INVALID",
        "Your prepayment credits are depleted",
    ] {
        let quoted =
            format!("Invalid JSON payload received. Unknown name \"{words}\": Cannot find field.");
        let violation = format!(
            r#"{{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{{"description":{}}}]}}"#,
            serde_json::to_string(&quoted).unwrap()
        );
        let body = body(400, "INVALID_ARGUMENT", &quoted, &violation);
        assert_eq!(
            classify(400, body.as_bytes(), NOW).verdict,
            Verdict::Client,
            "{words}"
        );
    }
}

#[test]
fn debug_leaves_out_the_message_because_it_may_hold_a_key() {
    let body = body(
        403,
        "PERMISSION_DENIED",
        "Permission denied: Consumer 'api_key:AIza-secret' has been suspended.",
        "",
    );
    assert!(!format!("{:?}", classify(403, body.as_bytes(), NOW)).contains("secret"));
}
