//! An admin's own rules for errors: which errors one matches, and what follows.
//!
//! Rules see what Google says, not what the client asked. The table that follows them is `verdict_table.rs`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::cooling::MAX_COOLING;
use crate::google_error::GoogleError;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, DeathCause, Scope, Verdict};

/// Most rules of one pool: each error is held against all of them, and a person reads them.
pub const MAX_RULES: usize = 64;

/// Longest text of a rule, in bytes: a sentence. [`MAX_RULES`] of them fit into a stored document of 64 KiB.
pub const MAX_RULE_TEXT_BYTES: usize = 256;

/// `{status, contains, action}`: the first rule that matches an error decides, before the table.
///
/// A text is looked for in Google's message, case ignored. Google quotes what clients send, so whoever may send
/// requests may also make a message contain any text. Where the action is [`RuleAction::Disable`], the text must
/// therefore be the *beginning* of the message, or an `ErrorInfo` reason as a whole (`API_KEY_INVALID`). For the other
/// actions it may stand anywhere in the message, because they pass by themselves; give a rule that cools a status
/// that clients cannot provoke (429, 5xx), or every client can cool keys with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The HTTP status; any if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What Google's message must contain, case ignored; anything if empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contains: String,
    /// What follows.
    pub action: RuleAction,
}

/// What follows from a rule that matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleAction {
    /// The client hears the error, the key is left alone.
    Stop,
    /// Another key is tried, this one is left alone.
    Continue,
    /// The key cools for the model, and another one is tried.
    Cool {
        /// For this long, in seconds; at most 25 hours.
        seconds: u32,
    },
    /// The key is dead until an admin acts, and another one is tried.
    Disable,
}

/// Rules that cannot be used. `rule` counts from one, as people do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRule {
    /// Too many.
    #[error("{count} rules; {MAX_RULES} are allowed")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// It would match every error.
    #[error("rule {rule} has neither a status nor a text, so it would match every error")]
    MatchesAll {
        /// Which.
        rule: usize,
    },
    /// Its status is none that an error has.
    #[error("rule {rule} has status {status}; errors have 300 to 599")]
    Status {
        /// Which.
        rule: usize,
        /// What stands there.
        status: u16,
    },
    /// Its text is too long.
    #[error("rule {rule} has a text of {bytes} bytes; {MAX_RULE_TEXT_BYTES} are allowed")]
    TextTooLong {
        /// Which.
        rule: usize,
        /// How long it is.
        bytes: usize,
    },
    /// Its cooling has no length, or too much of it.
    #[error("rule {rule} cools for {seconds} s; 1 to {} are allowed", MAX_COOLING.as_secs())]
    Seconds {
        /// Which.
        rule: usize,
        /// What stands there.
        seconds: u32,
    },
}

/// Checks what the types of a [`Rule`] allow and its use does not.
///
/// # Errors
/// [`InvalidRule`] names the first rule that cannot be used.
pub fn validate_rules(rules: &[Rule]) -> Result<(), InvalidRule> {
    if rules.len() > MAX_RULES {
        return Err(InvalidRule::TooMany { count: rules.len() });
    }
    (1..)
        .zip(rules)
        .try_for_each(|(number, rule)| rule.validate(number))
}

/// The verdict of the first rule that matches, if one does.
pub(crate) fn verdict_by_rule(
    rules: &[Rule],
    status: u16,
    error: &GoogleError,
    now: UnixMillis,
) -> Option<Verdict> {
    if rules.is_empty() {
        return None;
    }
    let message = error.message.trim_start().to_lowercase();
    let rule = rules
        .iter()
        .find(|rule| rule.matches(status, &message, &error.reasons))?;
    Some(match rule.action {
        RuleAction::Stop => Verdict::Client,
        RuleAction::Continue => Verdict::PassOver,
        RuleAction::Cool { seconds } => Verdict::Cool {
            scope: Scope::Model,
            until: now.saturating_add(Duration::from_secs(seconds.into()).min(MAX_COOLING)),
            cause: CoolingCause::ByRule,
        },
        RuleAction::Disable => Verdict::Dead {
            cause: DeathCause::ByRule,
        },
    })
}

impl Rule {
    fn validate(&self, rule: usize) -> Result<(), InvalidRule> {
        match self.status {
            None if self.contains.trim().is_empty() => {
                return Err(InvalidRule::MatchesAll { rule });
            }
            Some(status) if !(300..=599).contains(&status) => {
                return Err(InvalidRule::Status { rule, status });
            }
            None | Some(_) => {}
        }
        if self.contains.len() > MAX_RULE_TEXT_BYTES {
            return Err(InvalidRule::TextTooLong {
                rule,
                bytes: self.contains.len(),
            });
        }
        match self.action {
            RuleAction::Cool { seconds }
                if seconds == 0 || u64::from(seconds) > MAX_COOLING.as_secs() =>
            {
                Err(InvalidRule::Seconds { rule, seconds })
            }
            RuleAction::Stop
            | RuleAction::Continue
            | RuleAction::Cool { .. }
            | RuleAction::Disable => Ok(()),
        }
    }

    /// `message` is in lower case.
    fn matches(&self, status: u16, message: &str, reasons: &[String]) -> bool {
        if self.status.is_some_and(|wanted| wanted != status) {
            return false;
        }
        let text = self.contains.trim().to_lowercase();
        match self.action {
            RuleAction::Disable => {
                message.starts_with(&text)
                    || reasons.iter().any(|reason| reason.to_lowercase() == text)
            }
            RuleAction::Stop | RuleAction::Continue | RuleAction::Cool { .. } => {
                message.contains(&text)
            }
        }
    }
}

#[cfg(test)]
mod tests;
