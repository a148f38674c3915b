//! What an error tells about a key beyond its verdict: tier, project, limits.
//!
//! Only from fields that Google fills and sentences that Google begins: no client may have its words learned. What
//! is done with a lesson is `quota_book.rs` and the pool.

use crate::google_error::{GoogleError, Violation};
use crate::record::Tier;

/// Most limits learned from one error: a 429 lists each exceeded quota once, and there are four kinds.
const MAX_LIMITS: usize = 4;

/// Longest project number, in digits: Google's have twelve, a `u64` has twenty.
const MAX_PROJECT_DIGITS: usize = 20;

/// Longest model name learned, in bytes: that much is told apart elsewhere too.
const MAX_MODEL_BYTES: usize = 128;

/// Beginnings of messages in which Google names the key's project, in lower case, and what stands before the number
/// (bodies in public issue trackers, November 2026).
const PROJECT_SENTENCES: [(&str, &str); 4] = [
    (
        "generative language api has not been used in project ",
        "in project ",
    ),
    ("gemini api has not been used in project ", "in project "),
    (
        "quota exceeded for quota metric '",
        "for consumer 'project_number:",
    ),
    (
        "permission denied: consumer 'project_number:",
        "project_number:",
    ),
];

/// Beginnings of the ids of quotas for what this gateway asks for. Others, as of batches, say nothing of its requests.
const QUOTA_FAMILIES: [&str; 2] = ["Generate", "Embed"];

/// What an error tells about the key's project. Empty for most errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lessons {
    /// Free or paid.
    pub tier: Option<Tier>,
    /// Google's number of the key's project, decimal digits.
    pub project: Option<String>,
    /// What Google calls the model whose quota is exceeded. It may be another name than the request's (an alias, a
    /// retired preview): whoever cools the model of the request cools this one too.
    pub model: Option<String>,
    /// The exceeded limits. They hold for the model of the request.
    pub limits: Vec<LearnedLimit>,
}

/// A limit of a project for a model, as a refusal told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LearnedLimit {
    /// What is counted, and over which time.
    pub kind: QuotaKind,
    /// How much of it is allowed.
    pub limit: u64,
}

/// What a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuotaKind {
    /// Requests in a minute.
    RequestsPerMinute,
    /// Input tokens in a minute.
    TokensPerMinute,
    /// Requests in a day of Los Angeles.
    RequestsPerDay,
    /// Input tokens in a day of Los Angeles.
    TokensPerDay,
}

impl Lessons {
    /// Whether nothing was learned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn of(error: &GoogleError) -> Self {
        let model = error
            .violations
            .iter()
            .find_map(|violation| violation.model.as_ref())
            .filter(|model| model.len() <= MAX_MODEL_BYTES);
        Self {
            tier: tier(&error.violations),
            project: project(error),
            model: model.cloned(),
            limits: error
                .violations
                .iter()
                .filter_map(limit)
                .take(MAX_LIMITS)
                .collect(),
        }
    }
}

/// Ids of free projects end in `-FreeTier`; the same ids without it are those of paid ones.
fn tier(violations: &[Violation]) -> Option<Tier> {
    let mut ids = violations.iter().map(|violation| &violation.quota_id);
    if ids.clone().any(|id| id.contains("FreeTier")) {
        return Some(Tier::Free);
    }
    ids.any(|id| kind_of(id).is_some()).then_some(Tier::Paid)
}

/// What the quota of this id counts, if it is one for a single model.
fn kind_of(id: &str) -> Option<QuotaKind> {
    let is_ours = QUOTA_FAMILIES.iter().any(|family| id.starts_with(family));
    if !is_ours || !id.contains("PerModel") {
        return None;
    }
    match (
        id.contains("InputTokens"),
        id.contains("Requests"),
        id.contains("PerMinute"),
        id.contains("PerDay"),
    ) {
        (true, false, true, false) => Some(QuotaKind::TokensPerMinute),
        (true, false, false, true) => Some(QuotaKind::TokensPerDay),
        (false, true, true, false) => Some(QuotaKind::RequestsPerMinute),
        (false, true, false, true) => Some(QuotaKind::RequestsPerDay),
        _ => None,
    }
}

/// A limit of zero is none to count against: the model is closed, which the verdict says.
fn limit(violation: &Violation) -> Option<LearnedLimit> {
    Some(LearnedLimit {
        kind: kind_of(&violation.quota_id)?,
        limit: violation.value.filter(|value| *value > 0)?,
    })
}

fn project(error: &GoogleError) -> Option<String> {
    let consumer = error.consumer.as_deref();
    if let Some(number) = consumer.and_then(|consumer| consumer.strip_prefix("projects/")) {
        return number_at_start(number).filter(|digits| digits.len() == number.len());
    }
    let message = error.message.trim_start().to_ascii_lowercase();
    let (_, before) = PROJECT_SENTENCES
        .iter()
        .find(|(start, _)| message.starts_with(start))?;
    let (_, rest) = message.split_once(before)?;
    number_at_start(rest)
}

fn number_at_start(text: &str) -> Option<String> {
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let digits = text.get(..end)?;
    (1..=MAX_PROJECT_DIGITS)
        .contains(&digits.len())
        .then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lessons(message: &str, details: &str) -> Lessons {
        let message = serde_json::to_string(message).unwrap();
        let body = format!(r#"{{"error":{{"message":{message},"details":[{details}]}}}}"#);
        Lessons::of(&GoogleError::parse(body.as_bytes()).unwrap())
    }

    fn quota(id: &str, rest: &str) -> Lessons {
        lessons(
            "You exceeded your current quota.",
            &format!(
                r#"{{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{{"quotaId":"{id}"{rest}}}]}}"#
            ),
        )
    }

    #[test]
    fn the_id_of_a_quota_tells_tier_and_limit() {
        use QuotaKind::{RequestsPerDay, RequestsPerMinute, TokensPerDay, TokensPerMinute};
        for (id, tier, kind) in [
            (
                "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
                Some(Tier::Free),
                Some(RequestsPerMinute),
            ),
            (
                "GenerateRequestsPerMinutePerProjectPerModel",
                Some(Tier::Paid),
                Some(RequestsPerMinute),
            ),
            (
                "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
                Some(Tier::Free),
                Some(RequestsPerDay),
            ),
            (
                "GenerateContentInputTokensPerModelPerMinute-FreeTier",
                Some(Tier::Free),
                Some(TokensPerMinute),
            ),
            (
                "GenerateContentPaidTierInputTokensPerModelPerMinute",
                Some(Tier::Paid),
                Some(TokensPerMinute),
            ),
            (
                "GenerateContentInputTokensPerModelPerDay",
                Some(Tier::Paid),
                Some(TokensPerDay),
            ),
            (
                "EmbedContentRequestsPerMinutePerUserPerProjectPerModel-FreeTier",
                Some(Tier::Free),
                Some(RequestsPerMinute),
            ),
            // Not of one model, or of something else.
            ("GenerateRequestsPerMinutePerProject", None, None),
            ("BatchRequestsPerMinutePerProjectPerModel", None, None),
            ("GenerateImagesPerMinutePerProjectPerModel", None, None),
            ("SomethingNew", None, None),
        ] {
            let found = quota(id, r#","quotaMetric":"m","quotaValue":"15""#);
            let limits: Vec<_> = kind
                .map(|kind| LearnedLimit { kind, limit: 15 })
                .into_iter()
                .collect();
            assert_eq!((found.tier, found.limits), (tier, limits), "{id}");
        }
    }

    #[test]
    fn a_limit_is_learned_only_from_a_number_above_zero() {
        let id = "GenerateRequestsPerDayPerProjectPerModel-FreeTier";
        for (value, limit) in [
            (r#","quotaValue":"250""#, Some(250)),
            (r#","quotaValue":250"#, Some(250)),
            (r#","quotaValue":"0""#, None),
            (r#","quotaValue":"-1""#, None),
            (r#","quotaValue":"99999999999999999999""#, None),
            (r#","quotaValue":"many""#, None),
            ("", None),
        ] {
            let found = quota(id, value).limits.first().map(|limit| limit.limit);
            assert_eq!(found, limit, "{value}");
        }
    }

    #[test]
    fn the_dimensions_name_the_true_model() {
        let dimensions = r#","quotaDimensions":{"location":"global","model":"gemini-2.0-pro-exp"}"#;
        assert_eq!(
            quota("Any", dimensions).model.as_deref(),
            Some("gemini-2.0-pro-exp")
        );
        let long = format!(r#","quotaDimensions":{{"model":"{}"}}"#, "x".repeat(129));
        assert_eq!(quota("Any", &long).model, None);
    }

    #[test]
    fn google_names_the_project_in_its_own_fields_and_sentences() {
        let info = |consumer: &str| {
            format!(
                r#"{{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"X","metadata":{{"consumer":"{consumer}"}}}}"#
            )
        };
        for (message, details, project) in [
            ("", info("projects/123456789012"), Some("123456789012")),
            ("", info("projects/my-project"), None),
            ("", info("projects/12x"), None),
            ("", info("api_key:AIza-secret"), None),
            ("", info(&format!("projects/{}", "1".repeat(21))), None),
            (
                "Generative Language API has not been used in project 123 before or it is disabled.",
                String::new(),
                Some("123"),
            ),
            (
                "Quota exceeded for quota metric 'Generate requests' and limit 'x' of service 'y' for consumer 'project_number:77'.",
                String::new(),
                Some("77"),
            ),
            (
                "Permission denied: Consumer 'project_number:5' has been suspended.",
                String::new(),
                Some("5"),
            ),
        ] {
            let found = lessons(message, &details).project;
            assert_eq!(found.as_deref(), project, "{message} {details}");
        }
    }

    #[test]
    fn nothing_is_learned_from_words_that_a_client_had_quoted() {
        for words in [
            "has not been used in project 666",
            "for consumer 'project_number:666'",
            "projects/666",
            "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
        ] {
            let message = format!("Invalid JSON payload received. Unknown name \"{words}\"");
            let details = format!(
                r#"{{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{{"description":"{words}"}}]}}"#
            );
            assert!(lessons(&message, &details).is_empty(), "{words}");
        }
    }
}
