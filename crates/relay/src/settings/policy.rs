//! How the deployment's own pool chooses and judges, from variables.
//!
//! Stored pools have the same decisions in their configuration; nothing here applies to them.

use gempool_pool::{Policy, QuotaLimit, Rule, validate_rules};
use serde::de::DeserializeOwned;

use super::variables::{AFFINITY, EMERGENCY, PROFILE, QUOTAS, RULES, STRATEGY};
use super::{Reader, SettingsError};

/// Most quota limits in a variable: more would be an unnoticed paste, not a decision.
const ENTRIES_MAX: usize = 64;

/// The policy of the deployment's own pool.
///
/// # Errors
/// The first variable that cannot be used.
pub(super) fn policy(read: &Reader<'_>) -> Result<Policy, SettingsError> {
    Ok(Policy {
        strategy: read.parsed(STRATEGY)?,
        profile: read.with(PROFILE, named)?,
        affinity: read.with(AFFINITY, named)?,
        emergency: read.with(EMERGENCY, named)?,
        rules: read.with(RULES, rules)?,
        quotas: read.with(QUOTAS, quota_limits)?,
    })
}

/// A value of a closed set by the name that stored configurations have for it.
fn named<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

/// A JSON list; empty text is an empty one.
fn rules(text: &str) -> Result<Vec<Rule>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let rules: Vec<Rule> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    validate_rules(&rules).map_err(|error| error.to_string())?;
    Ok(rules)
}

/// `model=5rpm/250000tpm/100rpd`, several separated by commas.
fn quota_limits(text: &str) -> Result<Vec<QuotaLimit>, String> {
    let entries = text.split(',').map(str::trim);
    let entries = entries.filter(|entry| !entry.is_empty()).map(quota_limit);
    let limits: Vec<QuotaLimit> = entries.collect::<Result<_, _>>()?;
    if limits.len() > ENTRIES_MAX {
        return Err(format!("more than {ENTRIES_MAX} entries"));
    }
    Ok(limits)
}

fn quota_limit(entry: &str) -> Result<QuotaLimit, String> {
    let wrong = || {
        format!(
            "`{entry}` is not of the form `model=5rpm/250000tpm/100rpd`, of which parts may be absent"
        )
    };
    let (model, limits) = entry.split_once('=').ok_or_else(wrong)?;
    let mut limit = QuotaLimit {
        model: model.trim().to_ascii_lowercase(),
        ..QuotaLimit::default()
    };
    for part in limits.split('/').map(str::trim) {
        let at = part
            .find(|letter: char| !letter.is_ascii_digit())
            .ok_or_else(wrong)?;
        let (number, unit) = part.split_at(at);
        let small = || number.parse().map_err(|_| wrong());
        match unit {
            "rpm" if limit.rpm.is_none() => limit.rpm = Some(small()?),
            "rpd" if limit.rpd.is_none() => limit.rpd = Some(small()?),
            "tpm" if limit.tpm.is_none() => {
                limit.tpm = Some(number.parse().map_err(|_| wrong())?);
            }
            _ => return Err(wrong()),
        }
    }
    if limit.model.is_empty() {
        return Err(wrong());
    }
    Ok(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_in_any_order_and_parts_may_be_absent() {
        let limits =
            quota_limits("Gemini-2.5-Pro = 5rpm/250000tpm/100rpd, gemini-2.5-*=20rpd,").unwrap();
        let known = QuotaLimit {
            model: "gemini-2.5-pro".to_owned(),
            rpm: Some(5),
            tpm: Some(250_000),
            rpd: Some(100),
        };
        let pattern = QuotaLimit {
            model: "gemini-2.5-*".to_owned(),
            rpd: Some(20),
            ..QuotaLimit::default()
        };
        assert_eq!(limits, [known, pattern]);
        assert_eq!(quota_limits(""), Ok(Vec::new()));
    }

    #[test]
    fn nonsense_is_shown_with_the_form() {
        for text in [
            "gemini",
            "gemini=",
            "=5rpm",
            "gemini=5",
            "gemini=rpm",
            "gemini=5rpm/6rpm",
            "gemini=5rph",
            "gemini=-5rpm",
            "gemini=99999999999rpm",
        ] {
            let problem = quota_limits(text).unwrap_err();
            assert!(
                problem.contains("5rpm/250000tpm/100rpd"),
                "{text}: {problem}"
            );
        }
        assert!(quota_limits(&"a=1rpm,".repeat(ENTRIES_MAX + 1)).is_err());
    }
}
