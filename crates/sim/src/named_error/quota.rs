//! Quotas that are used up: 429 with the quotas by name.

use serde_json::{Value, json};

use super::Mention;
use crate::google_error::GoogleError;

/// Seconds that an error asks to wait when the script does not say.
const DEFAULT_RETRY_S: f64 = 26.0;

/// A quota, as error bodies name it.
pub(super) struct QuotaName {
    metric: &'static str,
    id: &'static str,
}

pub(super) const REQUESTS_PER_MINUTE: QuotaName = QuotaName {
    metric: "generate_content_free_tier_requests",
    id: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
};
pub(super) const REQUESTS_PER_DAY: QuotaName = QuotaName {
    metric: "generate_content_free_tier_requests",
    id: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
};
pub(super) const TOKENS_PER_MINUTE: QuotaName = QuotaName {
    metric: "generate_content_free_tier_input_token_count",
    id: "GenerateContentInputTokensPerModelPerMinute-FreeTier",
};
pub(super) const TOKENS_PER_DAY: QuotaName = QuotaName {
    metric: "generate_content_free_tier_input_token_count",
    id: "GenerateContentInputTokensPerModelPerDay-FreeTier",
};

/// A quota that is used up. Google sends `RetryInfo` for every kind of quota.
pub(super) fn used_up(mention: Mention<'_>, quotas: &[QuotaName], usual_limit: u64) -> GoogleError {
    exhausted(mention, quotas, Some(mention.limit.unwrap_or(usual_limit)))
}

/// A tier without access lists every quota and gives none a value.
pub(super) fn limit_zero(mention: Mention<'_>) -> GoogleError {
    let quotas = [
        REQUESTS_PER_DAY,
        REQUESTS_PER_MINUTE,
        TOKENS_PER_MINUTE,
        TOKENS_PER_DAY,
    ];
    exhausted(mention, &quotas, None)
}

fn exhausted(mention: Mention<'_>, quotas: &[QuotaName], limit: Option<u64>) -> GoogleError {
    let model = mention.model;
    let retry_s = mention.retry_s.unwrap_or(DEFAULT_RETRY_S);
    let mut message = "You exceeded your current quota, please check your plan and billing details. \
        For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. \
        To monitor your current usage, head to: https://ai.dev/rate-limit. "
        .to_owned();
    let mut violations = Vec::new();
    for QuotaName { metric, id } in quotas {
        let metric = format!("generativelanguage.googleapis.com/{metric}");
        message.push_str(&format!(
            "\n* Quota exceeded for metric: {metric}, limit: {}, model: {model}",
            limit.unwrap_or(0)
        ));
        let mut violation = json!({
            "quotaMetric": metric,
            "quotaId": id,
            "quotaDimensions": {"location": "global", "model": model},
        });
        if let (Some(limit), Value::Object(fields)) = (limit, &mut violation) {
            fields.insert("quotaValue".to_owned(), Value::String(limit.to_string()));
        }
        violations.push(violation);
    }
    message.push_str(&format!("\nPlease retry in {retry_s:.9}s."));
    GoogleError::new(429, "RESOURCE_EXHAUSTED", message)
        .with(
            "Help",
            json!({"links": [{
                "description": "Learn more about Gemini API quotas",
                "url": "https://ai.google.dev/gemini-api/docs/rate-limits"
            }]}),
        )
        .with("QuotaFailure", json!({"violations": violations}))
        // The detail is cut to whole seconds where the message is not (recorded).
        .with(
            "RetryInfo",
            json!({"retryDelay": format!("{}s", retry_s.trunc())}),
        )
}
