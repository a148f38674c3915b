//! The script format: which requests get something else than the default answer, and what.
//!
//! It only describes; `rules` matches and `fault` acts. The JSON form is documented in the README.

use std::collections::BTreeMap;
use std::convert::Infallible;

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    Answer(Answer),
    /// A status and a body.
    Respond(Respond),
    /// Events as given.
    Stream(Stream),
    /// The answer that would have come, broken.
    Fault(Fault),
}

/// Content of a generated answer; a stream has one event per text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// Answer texts, one event each; one part each in a unary answer.
    pub text: Vec<String>,
    /// Thought texts, before the answer.
    pub thoughts: Vec<String>,
    /// Of the last event; `null` leaves it out.
    pub finish_reason: Option<String>,
    /// Blocks the prompt: no candidates at all.
    pub block_reason: Option<String>,
    /// Estimated from the request when absent.
    pub prompt_tokens: Option<u64>,
    /// Estimated from `thoughts` when absent.
    pub thought_tokens: Option<u64>,
    /// `cachedContentTokenCount`.
    pub cached_tokens: u64,
    /// Milliseconds before each event but the first.
    pub delay_ms: u64,
    /// Cuts the body into pieces of this many bytes, each sent on its own; 0 sends event by event.
    pub chunk_bytes: usize,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            text: Vec::new(),
            thoughts: Vec::new(),
            finish_reason: Some("STOP".to_owned()),
            block_reason: None,
            prompt_tokens: None,
            thought_tokens: None,
            cached_tokens: 0,
            delay_ms: 0,
            chunk_bytes: 0,
        }
    }
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

/// How an answer breaks. A number of bytes beyond the body's means its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// TCP reset instead of an answer.
    ResetBeforeHeaders,
    /// The connection ends (FIN) instead of an answer.
    Close,
    /// Nothing comes, not even headers, until the client leaves.
    StallBeforeHeaders,
    /// Headers come late.
    DelayHeaders {
        /// Milliseconds.
        ms: u64,
    },
    /// TCP reset inside the body.
    ResetAfterBytes {
        /// Of the body.
        bytes: usize,
    },
    /// Nothing more comes, and the connection stays.
    StallAfterBytes {
        /// Of the body.
        bytes: usize,
    },
    /// The connection ends (FIN) inside the body, against its framing.
    TruncateAfterBytes {
        /// Of the body.
        bytes: usize,
    },
    /// The body ends early with right framing.
    EndAfterBytes {
        /// Of the body.
        bytes: usize,
    },
    /// One event is not JSON; in a unary answer, the body.
    MalformedEvent {
        /// Which event, from 0; the last when absent.
        #[serde(default)]
        at: Option<usize>,
    },
    /// One event, or the unary answer, has a text of this size.
    HugeEvent {
        /// Of the text, at most 128 MiB.
        bytes: usize,
    },
    /// The body comes in small pieces.
    Drip {
        /// Of one piece.
        bytes: usize,
        /// Milliseconds before each piece but the first.
        ms: u64,
    },
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
        let Self::Respond(respond) = self else {
            return Ok(());
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
