//! Which exceeded quota counts, when a 429 names one or several.
//!
//! It does not say for how long; `classify.rs` does, from what is found here.

use crate::google_error::{GoogleError, Violation};

/// A message says so of a quota the project does not have; "limit: 0.5" or "limit: 05" never occur.
const ZERO_LIMIT: &str = "limit: 0";

/// The exceeded quota that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Google's id, as `GenerateRequestsPerDayPerProjectPerModel-FreeTier`; empty if only the message speaks of it.
    pub id: String,
    /// What kind of quota it is.
    pub window: QuotaWindow,
}

/// Kinds of quota, weakest first: of several exceeded at once the greatest decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuotaWindow {
    /// An id of unknown form.
    Other,
    /// Per minute, or shorter.
    Minute,
    /// Per day.
    Day,
    /// A quota of zero: the project has no access to the model. Google then lists windows of both lengths.
    Zero,
}

/// The quota that decides, or `None` if the error names none.
pub(crate) fn decisive_quota(error: &GoogleError) -> Option<Quota> {
    let named = error
        .violations
        .iter()
        .map(|violation| Quota {
            id: violation.quota_id.clone(),
            window: window_of(violation),
        })
        .max_by_key(|quota| quota.window);
    if says_zero_limit(&error.message) {
        let id = named.map(|quota| quota.id).unwrap_or_default();
        return Some(Quota {
            id,
            window: QuotaWindow::Zero,
        });
    }
    named
}

/// Ids seen until November 2026: `Generate{Requests,ContentInputTokens}Per{Minute,Day}Per…[-FreeTier]` in several orders, so
/// only the part that names the window is looked at.
fn window_of(violation: &Violation) -> QuotaWindow {
    if violation.is_zero {
        return QuotaWindow::Zero;
    }
    if violation.quota_id.contains("PerDay") {
        return QuotaWindow::Day;
    }
    if violation.quota_id.contains("PerMinute") || violation.quota_id.contains("PerSecond") {
        return QuotaWindow::Minute;
    }
    QuotaWindow::Other
}

fn says_zero_limit(message: &str) -> bool {
    message.match_indices(ZERO_LIMIT).any(|(at, phrase)| {
        let after = message.get(at + phrase.len()..).unwrap_or_default();
        !after.starts_with(|character: char| character.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decisive(message: &str, ids: &[(&str, bool)]) -> Option<QuotaWindow> {
        let violation = |(id, is_zero): &(&str, bool)| Violation {
            quota_id: (*id).to_owned(),
            is_zero: *is_zero,
            ..Violation::default()
        };
        let error = GoogleError {
            message: message.to_owned(),
            violations: ids.iter().map(violation).collect(),
            ..GoogleError::default()
        };
        decisive_quota(&error).map(|quota| quota.window)
    }

    #[test]
    fn the_longest_lasting_of_several_decides() {
        let minute = (
            "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
            false,
        );
        let tokens = ("GenerateContentPaidTierInputTokensPerModelPerMinute", false);
        let day = ("GenerateContentInputTokensPerModelPerDay-FreeTier", false);
        let zero = ("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", true);
        for (ids, expected) in [
            (&[][..], None),
            (&[("SomethingNew", false)], Some(QuotaWindow::Other)),
            (&[minute], Some(QuotaWindow::Minute)),
            (
                &[tokens, ("SomethingNew", false)],
                Some(QuotaWindow::Minute),
            ),
            (
                &[("GenerateRequestsPerSecondPerProject", false)],
                Some(QuotaWindow::Minute),
            ),
            (&[minute, day, tokens], Some(QuotaWindow::Day)),
            (&[day, zero], Some(QuotaWindow::Zero)),
        ] {
            assert_eq!(decisive("", ids), expected, "{ids:?}");
        }
    }

    #[test]
    fn a_limit_of_zero_in_the_message_outweighs_the_ids() {
        let day = ("GenerateRequestsPerDayPerProjectPerModel-FreeTier", false);
        for (message, zero) in [
            (
                "* Quota exceeded for metric: m, limit: 0, model: gemini-2.5-pro",
                true,
            ),
            ("limit: 20\nlimit: 0", true),
            ("limit: 20, model: x", false),
            ("limit: 00 limit: 01", false),
        ] {
            assert_eq!(
                decisive(message, &[day]) == Some(QuotaWindow::Zero),
                zero,
                "{message}"
            );
        }
        assert_eq!(decisive("limit: 0", &[]), Some(QuotaWindow::Zero));
    }
}
