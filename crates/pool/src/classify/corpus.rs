//! The verdict table against a folder of recorded bodies, where there is one beside the project.
//!
//! The bodies are not part of the project; without them this says so and passes.

use std::path::Path;

use serde_json::Value;

use super::*;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");

/// 2026-07-01T12:00:00Z.
const NOW: UnixMillis = UnixMillis(1_782_907_200_000);

/// What each recorded error means: the start of the fixture's name, and the verdict as [`name_of`] writes it. The
/// longest start that fits counts.
const EXPECTED: &[(&str, &str)] = &[
    ("error_400_", "client"),
    ("error_400_api_key_expired", "dead Expired"),
    ("error_400_api_key_invalid", "dead Invalid"),
    ("error_400_api_key_not_found", "dead NotFound"),
    (
        "error_400_free_tier_country_billing",
        "cool Key FreeTierCountry",
    ),
    ("error_400_invalid_key", "dead Invalid"),
    ("error_400_location", "egress Location"),
    ("error_400_multiple_credentials", "gateway fault"),
    ("error_401_", "dead Rejected"),
    ("error_402_prepay_depleted", "cool Key CreditsDepleted"),
    ("error_403_caller_no_permission", "forbidden"),
    ("error_403_iam_vertex", "forbidden"),
    ("error_403_leaked", "dead Leaked"),
    ("error_403_project_denied", "dead ProjectDenied"),
    ("error_403_referrer_blocked", "cool Key KeyRestricted"),
    ("error_403_service_blocked", "cool Key KeyRestricted"),
    ("error_403_service_disabled", "cool Key ServiceDisabled"),
    ("error_403_suspended", "dead Suspended"),
    ("error_404_", "client"),
    (
        "error_404_model_retired_new_users",
        "unavailable ModelClosedToNewUsers",
    ),
    ("error_429_bare", "cool Model Unexplained"),
    ("error_429_quota_no_details", "cool Model Unexplained"),
    ("error_429_html_sorry_page", "egress SorryPage"),
    ("error_429_limit_zero", "unavailable NoQuotaForModel"),
    ("error_429_model_capacity_exhausted", "fault Overloaded"),
    (
        "error_429_old_rate_limit_exceeded_quota_limit_value_0",
        "unavailable NoQuotaForModel",
    ),
    ("error_429_paid_tokens_per_minute", "cool Model MinuteQuota"),
    ("error_429_per_day", "cool Model DayQuota"),
    ("error_429_per_minute", "cool Model MinuteQuota"),
    ("error_429_prepay_depleted_old", "cool Key CreditsDepleted"),
    ("error_429_quota_exhausted", "cool Model RateLimited"),
    ("error_429_vercel_minimal", "cool Model MinuteQuota"),
    ("error_499_", "canceled"),
    ("error_500_", "fault Internal"),
    ("error_503_", "fault Overloaded"),
    ("error_504_", "fault Deadline"),
    ("error_context_cache_not_found", "client"),
    ("error_firebase_unknown_model", "client"),
    ("error_http_error_generic", "client"),
];

fn name_of(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Cool { scope, cause, .. } => format!("cool {scope:?} {cause:?}"),
        Verdict::ModelUnavailable { cause, .. } => format!("unavailable {cause:?}"),
        Verdict::Dead { cause } => format!("dead {cause:?}"),
        Verdict::ModelFault { cause } => format!("fault {cause:?}"),
        Verdict::Egress { cause } => format!("egress {cause:?}"),
        Verdict::Forbidden => "forbidden".into(),
        Verdict::Foreign => "foreign".into(),
        Verdict::PassOver => "pass over".into(),
        Verdict::Client => "client".into(),
        Verdict::GatewayFault => "gateway fault".into(),
        Verdict::Canceled => "canceled".into(),
        Verdict::Success => "success".into(),
        Verdict::Empty => "empty".into(),
        Verdict::Network => "network".into(),
    }
}

#[test]
fn every_recorded_error_gets_its_verdict() {
    let folder = Path::new(FOLDER);
    let Ok(index) = std::fs::read(folder.join("index.json")) else {
        println!("skipped: no recorded bodies at {FOLDER}");
        return;
    };
    let index: Value = serde_json::from_slice(&index).unwrap();
    let fixtures = index["fixtures"].as_array().cloned().unwrap_or_default();
    let mut seen = 0;
    let mut wrong = Vec::new();
    for fixture in &fixtures {
        let (name, file) = (
            fixture["name"].as_str().unwrap(),
            fixture["file"].as_str().unwrap(),
        );
        if !name.starts_with("error_") {
            continue;
        }
        let body = std::fs::read(folder.join(file)).unwrap();
        let status = fixture["http_status"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok());
        let found =
            name_of(&classify(status.unwrap_or(200), &body, NOW, &Policy::default()).verdict);
        let expected = EXPECTED
            .iter()
            .filter(|(start, _)| name.starts_with(start))
            .max_by_key(|(start, _)| start.len());
        seen += 1;
        if expected.map(|(_, verdict)| *verdict) != Some(&found) {
            wrong.push(format!("{name}: {found}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen > 0, "{FOLDER} has an index without errors");
}
