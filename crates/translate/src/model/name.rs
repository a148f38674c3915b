//! The name of a Gemini model, safe to put into a URL path.
//!
//! It knows no list of models, no aliases and no suffixes; it proves only the shape (U14, SEC-017).

use std::{fmt, str::FromStr};

use crate::invalid_request::{Code, InvalidRequest, Quoted, Refusal};

/// Longest model name, in bytes (SEC-017). The longest in recorded model lists has 45.
const MAX_LENGTH: usize = 64;

/// What clients put in front of a model's own name (U14).
const PREFIXES: [&str; 3] = ["models/", "google/", "gemini/"];

/// `name` without what clients put in front of it, however often.
pub(super) fn strip_vendor(mut name: &str) -> &str {
    while let Some(rest) = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        name = rest;
    }
    name
}

/// A model's name without prefix: `^[a-z0-9][a-z0-9._-]{0,63}$` and no `..`.
///
/// No character of it needs escaping in a URL path and none can end the path segment, so a client
/// can choose the model but never the method or the host.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelName(String);

impl ModelName {
    /// The bare name, `gemini-2.5-flash` for instance.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ModelName {
    type Err = InvalidRequest;

    /// Strips `models/`, `google/` and `gemini/`, and lowers ASCII capitals: Google's names have
    /// none, and clients' menus do.
    ///
    /// # Errors
    /// [`InvalidRequest`] with `param` `model` if what remains is not a model's name.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let lower = name.to_ascii_lowercase();
        let lower = strip_vendor(&lower);
        let starts_well = lower.starts_with(|first: char| first.is_ascii_alphanumeric());
        let all_allowed = lower
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        if starts_well && all_allowed && lower.len() <= MAX_LENGTH && !lower.contains("..") {
            return Ok(Self(lower.to_owned()));
        }
        Err(Refusal::new(
            Code::InvalidValue,
            "model",
            format_args!(
                "{} is not the name of a model; use letters, digits, `.`, `_` and `-`, at most {MAX_LENGTH}",
                Quoted(name)
            ),
        )
        .into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_prefixes_and_lowers_case() {
        let longest = "g".repeat(64);
        for (name, expected) in [
            ("gemini-2.5-flash", "gemini-2.5-flash"),
            ("models/gemini-2.5-flash", "gemini-2.5-flash"),
            ("google/gemini-3.8-flash", "gemini-3.8-flash"),
            ("gemini/models/Gemini-3.1-Pro", "gemini-3.1-pro"),
            ("gemma-3n_e4b-it", "gemma-3n_e4b-it"),
            (&longest, &longest),
        ] {
            assert_eq!(name.parse::<ModelName>().unwrap().as_str(), expected);
        }
    }

    #[test]
    fn refuses_what_could_leave_the_path_segment() {
        let too_long = "g".repeat(65);
        for name in [
            "",
            "models/",
            "../files",
            "a..b",
            "x:generateContent?key=1",
            "a/b",
            "a%2fb",
            "a#b",
            "a?b",
            "a b",
            "a\r\nb",
            ".hidden",
            "-dash",
            "gemini-é",
            &too_long,
        ] {
            let error = name.parse::<ModelName>().unwrap_err();
            assert_eq!(error.param.as_deref(), Some("model"), "{name}");
        }
    }
}
