//! The client's mistakes: what was wrong, where, and what to do about it.
//!
//! This says nothing about HTTP: every [`InvalidRequest`] is a 400 in the client's dialect, and the
//! edge renders it.

use std::fmt::{self, Display};

/// A request that cannot be translated, with the path of the field at fault.
///
/// The message names the field in backticks and never repeats prompt text, so it may be logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvalidRequest {
    /// Human wording: what is wrong and what would be right.
    pub message: String,
    /// Path of the field, as OpenAI writes it: `messages[2].content[0].image_url.url`. `None` when
    /// the body as a whole is at fault.
    pub param: Option<String>,
    /// One of OpenAI's own codes, `invalid_value` for instance.
    pub code: Option<&'static str>,
}

/// Kinds of mistake, by the codes that OpenAI's API uses for them
/// (<https://platform.openai.com/docs/guides/error-codes>, bodies seen up to November 2026).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    MissingParameter,
    InvalidType,
    InvalidValue,
    InvalidJson,
    UnsupportedParameter,
    UnsupportedValue,
    TooLong,
}

impl Code {
    fn as_str(self) -> &'static str {
        match self {
            Self::MissingParameter => "missing_required_parameter",
            Self::InvalidType => "invalid_type",
            Self::InvalidValue => "invalid_value",
            Self::InvalidJson => "invalid_json",
            Self::UnsupportedParameter => "unsupported_parameter",
            Self::UnsupportedValue => "unsupported_value",
            Self::TooLong => "array_above_max_length",
        }
    }
}

/// An [`InvalidRequest`] in the making: each layer that it passes puts its own path in front.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    code: Code,
    path: String,
    problem: String,
}

impl Refusal {
    /// A problem at `path`, which is relative to what the caller converts; "" is that thing itself.
    pub(crate) fn new(code: Code, path: impl Into<String>, problem: impl Display) -> Self {
        Self {
            code,
            path: path.into(),
            problem: problem.to_string(),
        }
    }

    /// A field that must be there; `what` says what belongs into it.
    pub(crate) fn missing(path: impl Into<String>, what: impl Display) -> Self {
        Self::new(
            Code::MissingParameter,
            path,
            format_args!("is required: {what}"),
        )
    }

    /// Says what to do instead.
    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.problem.push_str("; ");
        self.problem.push_str(hint);
        self
    }

    /// Puts `parent` in front of the path: `url` within `image_url` is `image_url.url`.
    pub(crate) fn within(mut self, parent: impl Display) -> Self {
        let parent = parent.to_string();
        let joined = parent.is_empty() || self.path.is_empty() || self.path.starts_with('[');
        let dot = if joined { "" } else { "." };
        self.path = format!("{parent}{dot}{}", self.path);
        self
    }
}

impl From<Refusal> for InvalidRequest {
    fn from(refusal: Refusal) -> Self {
        let Refusal {
            code,
            path,
            problem,
        } = refusal;
        Self {
            message: if path.is_empty() {
                problem
            } else {
                format!("`{path}`: {problem}")
            },
            param: (!path.is_empty()).then_some(path),
            code: Some(code.as_str()),
        }
    }
}

/// Shows a value from the client in backticks, clipped, so that a message stays a line.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

/// Longest piece of a client's value that a message repeats, in characters: long enough for names
/// of roles, types and most models, too short for a prompt.
const MAX_QUOTED_CHARS: usize = 40;

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(MAX_QUOTED_CHARS) {
            Some((end, _)) => write!(f, "`{}…`", self.0.get(..end).unwrap_or_default()),
            None => write!(f, "`{}`", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_the_path_from_the_inside_out() {
        let refusal = Refusal::new(Code::InvalidValue, "url", "must be a data URL")
            .within("image_url")
            .within("content[0]")
            .within("messages[2]");
        let error = InvalidRequest::from(refusal);
        assert_eq!(
            error.param.as_deref(),
            Some("messages[2].content[0].image_url.url")
        );
        assert_eq!(
            error.to_string(),
            "`messages[2].content[0].image_url.url`: must be a data URL"
        );
    }

    #[test]
    fn a_problem_of_the_whole_body_has_no_param() {
        let error = InvalidRequest::from(Refusal::new(Code::InvalidJson, "", "not JSON"));
        assert_eq!((error.param, error.message.as_str()), (None, "not JSON"));
    }

    #[test]
    fn clips_what_it_quotes() {
        assert_eq!(Quoted("wizard").to_string(), "`wizard`");
        assert_eq!(
            Quoted(&"é".repeat(90)).to_string(),
            format!("`{}…`", "é".repeat(40))
        );
    }
}
