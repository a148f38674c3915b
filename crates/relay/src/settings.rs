//! The deployment's variables, read once and turned into typed settings.
//!
//! Names, meaning, unit and default of each variable stand in one table, [`VARIABLES`]. Nothing is read here: values
//! come in as text.

mod egress;
mod policy;
mod reader;
mod safety;
mod switch;
mod variables;

use std::time::Duration;

use gempool_pool::{KeySpec, Policy, parse_keys, parse_list};
use gempool_state::{MasterKey, PoolId};
use gempool_translate::{Aliases, Features, InvalidRequest, ModelSpec, SafetySetting, Suffixes};

use crate::client_keys::ClientKeys;

use reader::Reader;
use variables::{
    ALIASES, ATTEMPTS, CLIENT_KEYS, CONTINUATIONS, CONTRIBUTE, FAKE_STREAMING, FIRST_BYTE,
    FIRST_HEARTBEAT, HEARTBEAT, IDLE, KEY_IN_URL, KEYS, MASTER_KEY, MASTER_KEY_PREVIOUS, SAFETY,
    SUFFIXES, TOTAL,
};

pub use egress::EgressSetting;
pub use reader::SettingsError;
pub(crate) use safety::safety_settings;
pub use switch::Switch;
pub use variables::{VARIABLES, Variable};

/// Most attempts of one request.
const ATTEMPTS_MAX: usize = 10;

/// Most continuations of one answer: five times the longest answer of a model is a book.
const CONTINUATIONS_MAX: u32 = 5;

/// How often an answer is gone on with when the model's name asks for it (`anti-trunc/`): what the systems
/// that made the name known do.
const CONTINUATIONS_BY_NAME: u32 = 3;

/// What the deployment decided. Missing keys are not an error: the gateway then says what to set.
#[derive(Debug)]
pub struct Settings {
    /// Keys of the deployment's own pool, possibly none.
    pub keys: Vec<KeySpec>,
    /// Who may use that pool, possibly nobody.
    pub client_keys: ClientKeys,
    /// How it chooses and judges.
    pub policy: Policy,
    /// What stored secrets are sealed with; without it nothing is stored but marks and counters.
    pub master_key: Option<MasterKey>,
    /// The one before it, while what it sealed is sealed anew.
    pub master_key_previous: Option<MasterKey>,
    /// The stored pool that may be used by whoever brings a key.
    pub contribute_pool: Option<PoolId>,
    /// The ways to Gemini, at least one.
    pub egresses: Vec<EgressSetting>,
    /// Different keys per request.
    pub max_attempts: usize,
    /// Wait for the first part of a stream.
    pub first_byte_timeout: Duration,
    /// Silence inside an answer.
    pub idle_timeout: Duration,
    /// One attempt, and one stream.
    pub total_timeout: Duration,
    /// Silence before a heartbeat comment.
    pub heartbeat: Duration,
    /// Silence before a stream that has not begun is begun with a comment.
    pub first_heartbeat: Duration,
    /// Whether streams are made of whole answers.
    pub fake_streaming: Switch,
    /// Other names for models.
    pub aliases: Aliases,
    /// Which wishes a model's name may carry.
    pub suffixes: Suffixes,
    /// How often a cut answer is gone on with.
    pub continuations: u32,
    /// Whether a client key may be in the URL.
    pub client_key_in_url: Switch,
    /// Thresholds for requests that set none; empty leaves it to Google.
    pub safety: Vec<SafetySetting>,
}

impl Settings {
    /// Reads every variable through `value` (by its lower-case name); `None` and blank text mean unset.
    ///
    /// # Errors
    /// The first variable whose value cannot be used.
    pub fn parse(value: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let read = Reader::new(&value);
        Ok(Self {
            keys: read.with(KEYS, parse_keys)?,
            client_keys: ClientKeys::new(parse_list(&read.text(CLIENT_KEYS))),
            policy: policy::policy(&read)?,
            master_key: read.optional(MASTER_KEY)?,
            master_key_previous: read.optional(MASTER_KEY_PREVIOUS)?,
            contribute_pool: read.optional(CONTRIBUTE)?,
            egresses: egress::egresses(&read)?,
            max_attempts: read.number(ATTEMPTS, 1..=ATTEMPTS_MAX)?,
            first_byte_timeout: read.duration(FIRST_BYTE)?,
            idle_timeout: read.duration(IDLE)?,
            total_timeout: read.duration(TOTAL)?,
            heartbeat: read.duration(HEARTBEAT)?,
            first_heartbeat: read.duration(FIRST_HEARTBEAT)?,
            fake_streaming: read.parsed(FAKE_STREAMING)?,
            aliases: read.parsed(ALIASES)?,
            suffixes: read.parsed(SUFFIXES)?,
            continuations: read.number(CONTINUATIONS, 0..=CONTINUATIONS_MAX)?,
            client_key_in_url: read.parsed(KEY_IN_URL)?,
            safety: read.with(SAFETY, safety_settings)?,
        })
    }

    /// The model that a client's name means, and what the name asks for beside it. Names of the pool, `aliases`, come
    /// before those of the deployment.
    pub(crate) fn model(&self, name: &str, aliases: &Aliases) -> Result<ModelSpec, InvalidRequest> {
        let resolved = match aliases.resolve(name) {
            unchanged if unchanged == name => self.aliases.resolve(name),
            resolved => resolved,
        };
        ModelSpec::parse(resolved, self.suffixes)
    }

    /// How often a cut answer is gone on with.
    pub(crate) fn continues(&self, features: Features) -> u32 {
        if features.continuation {
            self.continuations.max(CONTINUATIONS_BY_NAME)
        } else {
            self.continuations
        }
    }

    /// Whether a stream is to be made of a whole answer (X15).
    pub(crate) fn fakes_stream(&self, features: Features) -> bool {
        features.fake_stream || self.fake_streaming == Switch::On
    }

    /// The environment variables that must be set before the deployment's own pool can serve anyone.
    pub fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if self.keys.is_empty() {
            missing.push("GEMINI_API_KEYS");
        }
        if self.client_keys.is_empty() {
            missing.push("VALID_AUTH_TOKENS");
        }
        missing
    }
}

#[cfg(test)]
mod tests;
