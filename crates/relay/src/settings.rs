//! The deployment's variables, read once and turned into typed settings.
//!
//! Names, meaning, unit and default of each variable stand in one table, [`VARIABLES`]; `spin.toml`, the
//! README and the native host's help agree with it (a test sees to that). Nothing is read here: values
//! come in as text.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use gempool_pool::{KeySpec, Strategy, parse_keys, parse_list};
use gempool_translate::{Aliases, Features, InvalidRequest, ModelSpec, SafetySetting, Suffixes};

use crate::client_keys::ClientKeys;
use crate::upstream_url::UpstreamUrl;

/// One deployment variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Name as the manifest spells it; environment variables have it in upper case.
    pub name: &'static str,
    /// True when its value must never be shown.
    pub secret: bool,
    /// Value when unset or empty; `""` means that there is none.
    pub default: &'static str,
    /// What it does, in one line, with its unit.
    pub meaning: &'static str,
}

const KEYS: &str = "gemini_api_keys";
const CLIENT_KEYS: &str = "valid_auth_tokens";
const STRATEGY: &str = "load_balance_strategy";
const BASE_URL: &str = "gemini_base_url";
const ATTEMPTS: &str = "max_attempts";
const FIRST_BYTE: &str = "first_byte_timeout_ms";
const IDLE: &str = "idle_timeout_ms";
const TOTAL: &str = "total_timeout_ms";
const HEARTBEAT: &str = "heartbeat_ms";
const FIRST_HEARTBEAT: &str = "first_heartbeat_ms";
const FAKE_STREAMING: &str = "fake_streaming";
const SAFETY: &str = "safety_threshold";
const KEY_IN_URL: &str = "client_key_in_url";
const CONTINUATIONS: &str = "continuations";
const ALIASES: &str = "model_aliases";
const SUFFIXES: &str = "model_suffixes";
const MASTER_KEY: &str = "master_key";
const MASTER_KEY_PREVIOUS: &str = "master_key_previous";

/// Every variable that the gateway reads.
pub const VARIABLES: [Variable; 18] = [
    Variable {
        name: KEYS,
        secret: true,
        default: "",
        meaning: "Gemini API keys, separated by commas or line ends; `KEY*3` gives a key three times the share",
    },
    Variable {
        name: CLIENT_KEYS,
        secret: true,
        default: "",
        meaning: "keys that clients must present, separated by commas or line ends; none set lets nobody in",
    },
    Variable {
        name: STRATEGY,
        secret: false,
        default: "weighted",
        meaning: "how a key is chosen: `weighted`, `round-robin` or `random`",
    },
    Variable {
        name: BASE_URL,
        secret: false,
        default: "https://generativelanguage.googleapis.com",
        meaning: "origin of the Gemini API; https, or http on loopback",
    },
    Variable {
        name: ATTEMPTS,
        secret: false,
        default: "3",
        meaning: "different keys tried per request before the first byte, 1 to 10",
    },
    Variable {
        name: FIRST_BYTE,
        secret: false,
        default: "120000",
        meaning: "longest wait for the first part of a streamed answer, in milliseconds",
    },
    Variable {
        name: IDLE,
        secret: false,
        default: "120000",
        meaning: "longest silence inside an answer, in milliseconds",
    },
    Variable {
        name: TOTAL,
        secret: false,
        default: "600000",
        meaning: "longest time for one attempt and for a whole stream, in milliseconds",
    },
    Variable {
        name: HEARTBEAT,
        secret: false,
        default: "5000",
        meaning: "a comment is sent to the client after this silence in a stream, in milliseconds",
    },
    Variable {
        name: FIRST_HEARTBEAT,
        secret: false,
        default: "20000",
        meaning: "a stream for which Gemini has nothing yet is begun with a comment after this time, in milliseconds",
    },
    Variable {
        name: FAKE_STREAMING,
        secret: false,
        default: "off",
        meaning: "`on` asks Gemini for whole answers and streams them to the client when they are there",
    },
    Variable {
        name: SAFETY,
        secret: false,
        default: "",
        meaning: "threshold of every harm category, for requests that set none: `OFF`, `BLOCK_NONE`, `BLOCK_ONLY_HIGH`, `BLOCK_MEDIUM_AND_ABOVE` or `BLOCK_LOW_AND_ABOVE`",
    },
    Variable {
        name: KEY_IN_URL,
        secret: false,
        default: "off",
        meaning: "`on` also takes client keys as `?key=` or `?apikey=`, which end up in the logs of everything in between",
    },
    Variable {
        name: CONTINUATIONS,
        secret: false,
        default: "0",
        meaning: "how often a streamed answer that breaks off, or reaches the model's own limit, is gone on with, 0 to 5; each costs the prompt again",
    },
    Variable {
        name: ALIASES,
        secret: false,
        default: "",
        meaning: "other names for models, `gpt-4o=gemini-2.5-flash,claude-*=gemini-3.1-pro`; a `*` at the end stands for any rest",
    },
    Variable {
        name: SUFFIXES,
        secret: false,
        default: "all",
        meaning: "which wishes a model's name may carry: `all`, `none`, or a list of `search`, `image`, `thinking`, `effort`, `fake`, `anti-trunc`",
    },
    Variable {
        name: MASTER_KEY,
        secret: true,
        default: "",
        meaning: "what stored secrets are sealed with: 32 bytes as 64 hex digits or base64; the native host makes one in a file beside the store, see `--master-key-file`",
    },
    Variable {
        name: MASTER_KEY_PREVIOUS,
        secret: true,
        default: "",
        meaning: "the master key before this one, while what it sealed is sealed anew",
    },
];

/// Shortest time that a variable may set: below, timers would fire before a loopback round trip ends.
const DURATION_MIN: Duration = Duration::from_millis(10);
/// Longest: an hour, the longest that a Gemini request may run (`X-Server-Timeout`, 2026-11).
const DURATION_MAX: Duration = Duration::from_secs(3_600);

/// Most continuations of one answer: five times the longest answer of a model is a book.
const CONTINUATIONS_MAX: u32 = 5;

/// How often an answer is gone on with when the model's name asks for it (`anti-trunc/`): what the systems
/// that made the name known do.
const CONTINUATIONS_BY_NAME: u32 = 3;

/// What the deployment decided. Missing keys are not an error: the gateway then says what to set.
#[derive(Debug)]
pub struct Settings {
    /// Keys of the pool, possibly none.
    pub keys: Vec<KeySpec>,
    /// Who may use it, possibly nobody.
    pub client_keys: ClientKeys,
    /// How a key is chosen.
    pub strategy: Strategy,
    /// Where Gemini is.
    pub upstream: UpstreamUrl,
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

/// A setting that is on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// It is.
    On,
    /// It is not.
    Off,
}

impl FromStr for Switch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "on" | "true" | "1" => Ok(Self::On),
            "off" | "false" | "0" => Ok(Self::Off),
            other => Err(format!("`{other}` is neither `on` nor `off`")),
        }
    }
}

/// A variable whose value cannot be used. The text names the variable and never its value if it is secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("variable `{name}`: {problem}")]
pub struct SettingsError {
    /// Which one.
    pub name: &'static str,
    /// What is wrong and what to do.
    pub problem: String,
}

impl Settings {
    /// Reads every variable through `value` (by its lower-case name); `None` and blank text mean unset.
    ///
    /// # Errors
    /// The first variable whose value cannot be used.
    pub fn parse(value: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let text = |name: &'static str| -> String {
            value(name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
                .unwrap_or_else(|| default_of(name).to_owned())
        };
        let heartbeat = duration(HEARTBEAT, &text(HEARTBEAT))?;
        Ok(Self {
            keys: parse_keys(&text(KEYS)).map_err(|error| problem(KEYS, error))?,
            client_keys: ClientKeys::new(parse_list(&text(CLIENT_KEYS))),
            strategy: parsed(STRATEGY, &text(STRATEGY))?,
            upstream: parsed(BASE_URL, &text(BASE_URL))?,
            max_attempts: attempts(&text(ATTEMPTS))?,
            first_byte_timeout: duration(FIRST_BYTE, &text(FIRST_BYTE))?,
            idle_timeout: duration(IDLE, &text(IDLE))?,
            total_timeout: duration(TOTAL, &text(TOTAL))?,
            heartbeat,
            first_heartbeat: duration(FIRST_HEARTBEAT, &text(FIRST_HEARTBEAT))?,
            fake_streaming: parsed(FAKE_STREAMING, &text(FAKE_STREAMING))?,
            aliases: parsed(ALIASES, &text(ALIASES))?,
            suffixes: parsed(SUFFIXES, &text(SUFFIXES))?,
            continuations: continuations(&text(CONTINUATIONS))?,
            client_key_in_url: parsed(KEY_IN_URL, &text(KEY_IN_URL))?,
            safety: safety(&text(SAFETY))?,
        })
    }

    /// The model that a client's name means, and what the name asks for beside it.
    pub(crate) fn model(&self, name: &str) -> Result<ModelSpec, InvalidRequest> {
        ModelSpec::parse(self.aliases.resolve(name), self.suffixes)
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

    /// The environment variables that must be set before anyone can be served.
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

fn default_of(name: &str) -> &'static str {
    VARIABLES
        .iter()
        .find(|variable| variable.name == name)
        .map_or("", |variable| variable.default)
}

fn parsed<T: FromStr<Err: fmt::Display>>(
    name: &'static str,
    text: &str,
) -> Result<T, SettingsError> {
    text.parse().map_err(|error: T::Err| problem(name, error))
}

/// The categories that Google lets one set (<https://ai.google.dev/api/generate-content#HarmCategory>,
/// read 2026-11; `CIVIC_INTEGRITY` is deprecated).
const HARM_CATEGORIES: [&str; 4] = [
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
];
/// Thresholds, same source.
const THRESHOLDS: [&str; 5] = [
    "OFF",
    "BLOCK_NONE",
    "BLOCK_ONLY_HIGH",
    "BLOCK_MEDIUM_AND_ABOVE",
    "BLOCK_LOW_AND_ABOVE",
];

fn safety(threshold: &str) -> Result<Vec<SafetySetting>, SettingsError> {
    if threshold.is_empty() {
        return Ok(Vec::new());
    }
    if !THRESHOLDS.contains(&threshold) {
        let text = format!("`{threshold}` is none of {}", THRESHOLDS.join(", "));
        return Err(problem(SAFETY, text));
    }
    let settings = HARM_CATEGORIES.map(|category| SafetySetting {
        category: category.to_owned(),
        threshold: threshold.to_owned(),
    });
    Ok(settings.into())
}

fn attempts(text: &str) -> Result<usize, SettingsError> {
    text.parse()
        .ok()
        .filter(|attempts| (1..=10).contains(attempts))
        .ok_or_else(|| problem(ATTEMPTS, format!("`{text}` is not a number from 1 to 10")))
}

fn continuations(text: &str) -> Result<u32, SettingsError> {
    text.parse()
        .ok()
        .filter(|count| *count <= CONTINUATIONS_MAX)
        .ok_or_else(|| {
            let text = format!("`{text}` is not a number from 0 to {CONTINUATIONS_MAX}");
            problem(CONTINUATIONS, text)
        })
}

fn duration(name: &'static str, text: &str) -> Result<Duration, SettingsError> {
    text.parse()
        .ok()
        .map(Duration::from_millis)
        .filter(|duration| (DURATION_MIN..=DURATION_MAX).contains(duration))
        .ok_or_else(|| {
            problem(
                name,
                format!(
                    "`{text}` is not a number of milliseconds from {} to {}",
                    DURATION_MIN.as_millis(),
                    DURATION_MAX.as_millis()
                ),
            )
        })
}

fn problem(name: &'static str, problem: impl fmt::Display) -> SettingsError {
    SettingsError {
        name,
        problem: problem.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        Settings::parse(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nothing_set_gives_the_documented_defaults_and_says_what_is_missing() {
        let settings = parse(&[]).unwrap();
        assert_eq!(settings.missing(), ["GEMINI_API_KEYS", "VALID_AUTH_TOKENS"]);
        assert_eq!(settings.max_attempts, 3);
        assert_eq!(settings.heartbeat, Duration::from_secs(5));
        assert_eq!(
            settings.upstream.origin(),
            "https://generativelanguage.googleapis.com"
        );
    }

    #[test]
    fn keys_and_client_keys_come_from_lists() {
        let settings = parse(&[(KEYS, "one, two\nthree"), (CLIENT_KEYS, "a\nb,a")]).unwrap();
        assert_eq!(settings.keys.len(), 3);
        assert_eq!(settings.client_keys.len(), 2);
        assert!(settings.missing().is_empty());
    }

    #[test]
    fn a_bad_value_is_refused_with_the_variable_and_the_way_out() {
        for (name, value, expected) in [
            (STRATEGY, "fastest", "fastest"),
            (ATTEMPTS, "0", "from 1 to 10"),
            (ATTEMPTS, "many", "from 1 to 10"),
            (HEARTBEAT, "5s", "milliseconds"),
            (TOTAL, "9999999999", "milliseconds"),
            (BASE_URL, "http://example.com", "https"),
            (FAKE_STREAMING, "maybe", "neither `on` nor `off`"),
            (SAFETY, "NONE", "BLOCK_NONE"),
            (CONTINUATIONS, "6", "from 0 to 5"),
            (ALIASES, "gpt-4o", "gpt-4o"),
            (SUFFIXES, "seach", "seach"),
        ] {
            let error = parse(&[(name, value)]).unwrap_err();
            assert_eq!(error.name, name);
            assert!(error.problem.contains(expected), "{error}");
        }
    }

    #[test]
    fn an_error_about_keys_never_shows_one() {
        let error = parse(&[(KEYS, "good-key-123456,bad key with spaces")]).unwrap_err();
        assert!(!error.to_string().contains("bad key"), "{error}");
        assert!(!error.to_string().contains("good-key"), "{error}");
    }
}
