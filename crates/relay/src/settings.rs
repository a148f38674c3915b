//! The deployment's variables, read once and turned into typed settings.
//!
//! Names, meaning, unit and default of each variable stand in one table, [`VARIABLES`]; `spin.toml`, the
//! README and the native host's help agree with it (a test sees to that). Nothing is read here: values
//! come in as text.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use gempool_pool::{KeySpec, Strategy, parse_keys, parse_list};

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

/// Every variable that the gateway reads.
pub const VARIABLES: [Variable; 9] = [
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
];

/// Shortest time that a variable may set: below, timers would fire before a loopback round trip ends.
const DURATION_MIN: Duration = Duration::from_millis(10);
/// Longest: an hour, the longest that a Gemini request may run (`X-Server-Timeout`, 2026-11).
const DURATION_MAX: Duration = Duration::from_secs(3_600);

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
        })
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

fn attempts(text: &str) -> Result<usize, SettingsError> {
    text.parse()
        .ok()
        .filter(|attempts| (1..=10).contains(attempts))
        .ok_or_else(|| problem(ATTEMPTS, format!("`{text}` is not a number from 1 to 10")))
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
