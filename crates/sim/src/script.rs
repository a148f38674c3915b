//! The script format: which requests get something else than the default answer, and what.
//!
//! It only describes; `rules` matches and `fault` acts. The JSON form is documented in the README.

mod answer;
mod fault;

use std::collections::BTreeMap;
use std::convert::Infallible;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::answer::{Answer, FunctionCall, Media};
pub use self::fault::Fault;
use crate::call::Method;
use crate::named_error::NamedError;

/// Rules, of which the first that matches a request decides.
// Not `Deserialize`, because that would go round the checks of `Script::new`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Script {
    rules: Vec<Rule>,
}

/// A script that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// Not JSON, or not of the documented form.
    #[error("script is not of the documented form: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A `respond` without content.
    #[error("rule {rule}: `respond` needs `body` or `error`, and not both")]
    AmbiguousResponse {
        /// Index of the rule.
        rule: usize,
    },
    /// A status outside 200 to 599.
    #[error("rule {rule}: status {status} is not one that an answer can have")]
    InvalidStatus {
        /// Index of the rule.
        rule: usize,
        /// What was asked for.
        status: u16,
    },
    /// A further candidate with members that only a whole answer has.
    #[error("rule {rule}: a candidate has content members only, no {member:?}")]
    NotACandidate {
        /// Index of the rule.
        rule: usize,
        /// What it has too much.
        member: &'static str,
    },
    /// A raw part that is not an object.
    #[error("rule {rule}: each of `parts` is an object")]
    InvalidPart {
        /// Index of the rule.
        rule: usize,
    },
    /// A header that HTTP does not allow.
    #[error("rule {rule}: header {name:?} is not a valid header")]
    InvalidHeader {
        /// Index of the rule.
        rule: usize,
        /// Its name.
        name: String,
    },
}

impl From<Infallible> for ScriptError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// When and what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which requests.
    #[serde(rename = "match", default)]
    pub when: Match,
    /// What they get.
    pub then: Then,
}

/// Conditions, all of which must hold; absent ones do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Match {
    /// The API key.
    pub key: Option<String>,
    /// The model, without `models/`.
    pub model: Option<String>,
    /// The method.
    pub method: Option<Method>,
    /// The first matching request to act on, counted from 1. Alone it means exactly that one.
    pub nth: Option<u64>,
    /// How many matching requests to act on.
    pub times: Option<u64>,
}

/// What a matching request gets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// A generated answer with given content, in the shape that the method asks for.
    Answer(Box<Answer>),
    /// A status and a body.
    Respond(Respond),
    /// Events as given.
    Stream(Stream),
    /// The answer that would have come, broken.
    Fault(Fault),
}

/// A response with given content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Respond {
    /// 200 when absent, or what the named error has.
    pub status: Option<u16>,
    /// Set after, and instead of, the usual headers.
    pub headers: BTreeMap<String, String>,
    /// A JSON string is sent as it is, anything else as indented JSON.
    pub body: Option<Value>,
    /// A real error by name, in place of a body.
    pub error: Option<NamedError>,
    /// Seconds that the named error asks to wait.
    pub retry_s: Option<f64>,
    /// Milliseconds before the headers.
    pub delay_ms: u64,
}

/// Events with given content, whatever method was called.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Stream {
    /// A JSON object becomes one event; a string is sent as it is, with no framing.
    pub events: Vec<Value>,
    /// Milliseconds before each event but the first.
    pub delay_ms: u64,
    /// As in [`Answer`].
    pub chunk_bytes: usize,
}

impl Script {
    /// A script of these rules.
    ///
    /// # Errors
    /// [`ScriptError`] for a rule that cannot be acted on.
    pub fn new(rules: Vec<Rule>) -> Result<Self, ScriptError> {
        for (index, rule) in rules.iter().enumerate() {
            rule.then.validate(index)?;
        }
        Ok(Self { rules })
    }

    /// A script from its JSON form.
    ///
    /// # Errors
    /// [`ScriptError`] when it is not of that form or cannot be acted on.
    pub fn from_json(text: &str) -> Result<Self, ScriptError> {
        Self::new(serde_json::from_str(text)?)
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

impl TryFrom<Value> for Script {
    type Error = ScriptError;

    fn try_from(value: Value) -> Result<Self, ScriptError> {
        Self::new(serde_json::from_value(value)?)
    }
}

impl TryFrom<&str> for Script {
    type Error = ScriptError;

    fn try_from(text: &str) -> Result<Self, ScriptError> {
        Self::from_json(text)
    }
}

impl Then {
    fn validate(&self, rule: usize) -> Result<(), ScriptError> {
        let respond = match self {
            Self::Answer(answer) => return answer.validate(rule),
            Self::Respond(respond) => respond,
            Self::Stream(_) | Self::Fault(_) => return Ok(()),
        };
        if respond.body.is_some() == respond.error.is_some() {
            return Err(ScriptError::AmbiguousResponse { rule });
        }
        if let Some(status) = respond.status
            && !(200..=599).contains(&status)
        {
            return Err(ScriptError::InvalidStatus { rule, status });
        }
        for (name, value) in &respond.headers {
            let is_valid = http::HeaderName::from_bytes(name.as_bytes()).is_ok()
                && http::HeaderValue::from_str(value).is_ok();
            if !is_valid {
                return Err(ScriptError::InvalidHeader {
                    rule,
                    name: name.clone(),
                });
            }
        }
        Ok(())
    }
}
