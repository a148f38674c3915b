//! An admin's own rules for errors.

use serde::{Deserialize, Serialize};

/// Most rules of one pool: each error is held against all of them.
pub const MAX_RULES: usize = 64;

/// Longest text of a rule, in bytes.
pub const MAX_RULE_TEXT_BYTES: usize = 256;

/// `{status, contains, action}`: the first rule that matches an error decides, before the table.
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
        /// For this long, in seconds.
        seconds: u32,
    },
    /// The key is dead until an admin acts, and another one is tried.
    Disable,
}

/// A rule that cannot be used. `rule` counts from one, as people do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRule {
    /// Too many.
    #[error("{count} rules; {MAX_RULES} are allowed")]
    TooMany {
        /// How many there are.
        count: usize,
    },
}

/// Checks what serde cannot: numbers and lengths.
///
/// # Errors
/// [`InvalidRule`] names the first rule that cannot be used.
pub fn validate_rules(rules: &[Rule]) -> Result<(), InvalidRule> {
    if rules.len() > MAX_RULES {
        return Err(InvalidRule::TooMany { count: rules.len() });
    }
    Ok(())
}
