//! Parameters that OpenAI's generating endpoints share, checked.
//!
//! Each is named by the caller, since the same thing has several names. What a model accepts of them
//! is decided later, where a draft is fitted to it.

use std::{borrow::Cow, ops::RangeInclusive};

use serde::Deserialize;

use crate::{
    invalid_request::{Code, Quoted, Refusal},
    json::{Bounded, Text, TextOr},
    prompt::Effort,
};

/// Most stop sequences: Gemini takes 5, OpenAI 4 (G6).
const MAX_STOP_SEQUENCES: usize = 5;

/// What OpenAI takes for a penalty (G8).
pub(crate) const PENALTIES: RangeInclusive<f64> = -2.0..=2.0;

/// A string or a list of strings.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Stop<'a>(#[serde(borrow)] TextOr<'a, Bounded<Text<'a>, MAX_STOP_SEQUENCES>>);

impl Stop<'_> {
    /// The sequences. Empty strings would stop every answer at once and are dropped (G6).
    pub(crate) fn sequences(&self) -> Vec<Cow<'_, str>> {
        let list: Vec<&str> = match &self.0 {
            TextOr::Text(text) => vec![text],
            TextOr::Other(list) => list.iter().map(|text| &**text).collect(),
        };
        let list = list.into_iter().filter(|text| !text.is_empty());
        list.map(Cow::Borrowed).collect()
    }
}

/// At least 1, and at most what Gemini's int32 holds.
///
/// # Errors
/// A [`Refusal`] at `field` for less than 1.
pub(crate) fn positive(field: &str, value: Option<i64>) -> Result<Option<u32>, Refusal> {
    match value {
        Some(value) if value < 1 => Err(Refusal::new(
            Code::InvalidValue,
            field,
            format_args!("must be at least 1, not {value}"),
        )),
        value => Ok(value.and_then(|value| u32::try_from(value.min(i64::from(i32::MAX))).ok())),
    }
}

/// A value within what the client's API allows.
///
/// # Errors
/// A [`Refusal`] at `field` for another.
pub(crate) fn in_range<T: PartialOrd + std::fmt::Display>(
    field: &str,
    value: Option<T>,
    range: RangeInclusive<T>,
) -> Result<Option<T>, Refusal> {
    match value {
        Some(value) if !range.contains(&value) => Err(Refusal::new(
            Code::InvalidValue,
            field,
            format_args!(
                "must be between {} and {}, not {value}",
                range.start(),
                range.end()
            ),
        )),
        value => Ok(value),
    }
}

/// The low 32 bits: equal seeds stay equal, which is all that a seed promises (G7).
pub(crate) fn wrap_seed(seed: i64) -> i32 {
    let [a, b, c, d, ..] = seed.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

/// OpenAI's `reasoning_effort`, however it is called (R1).
///
/// # Errors
/// A [`Refusal`] of an unknown word, for `path`.
pub(crate) fn read_effort(effort: Option<&str>, path: &str) -> Result<Option<Effort>, Refusal> {
    let effort = match effort {
        None => return Ok(None),
        Some("none") => Effort::None,
        Some("minimal") => Effort::Minimal,
        Some("low") => Effort::Low,
        Some("medium") => Effort::Medium,
        Some("high") => Effort::High,
        Some("xhigh" | "max") => Effort::XHigh,
        Some(effort) => {
            return Err(Refusal::new(
                Code::InvalidValue,
                path,
                format_args!(
                    "unknown effort {}; use one of `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`",
                    Quoted(effort)
                ),
            ));
        }
    };
    Ok(Some(effort))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::InvalidRequest;

    fn message<T>(result: Result<T, Refusal>) -> Option<String> {
        result
            .err()
            .map(|refusal| InvalidRequest::from(refusal).message)
    }

    #[test]
    fn numbers_below_one_are_refused_and_large_ones_lowered_g1() {
        assert_eq!(positive("n", Some(1)), Ok(Some(1)));
        assert_eq!(positive("n", Some(i64::MAX)), Ok(Some(2_147_483_647)));
        assert_eq!(positive("n", None), Ok(None));
        for value in [0, -1, i64::MIN] {
            let expected = format!("`n`: must be at least 1, not {value}");
            assert_eq!(message(positive("n", Some(value))), Some(expected));
        }
    }

    #[test]
    fn values_outside_the_range_are_refused() {
        assert_eq!(in_range("penalty", Some(-2.0), PENALTIES), Ok(Some(-2.0)));
        assert_eq!(
            message(in_range("penalty", Some(2.5), PENALTIES)).as_deref(),
            Some("`penalty`: must be between -2 and 2, not 2.5")
        );
        assert!(in_range("logprobs", Some(6), 0..=5).is_err());
    }

    #[test]
    fn stop_is_one_string_or_several_and_never_empty_g6() {
        for (json, expected) in [
            (r#""a""#, &["a"][..]),
            (r#"["a","","b"]"#, &["a", "b"]),
            (r#""""#, &[]),
            ("[]", &[]),
        ] {
            let stop: Stop<'_> = serde_json::from_str(json).unwrap();
            assert_eq!(stop.sequences(), expected, "{json}");
        }
        let many = r#"["1","2","3","4","5","6"]"#;
        assert!(serde_json::from_str::<Stop<'_>>(many).is_err());
    }

    #[test]
    fn seeds_wrap_g7() {
        for (seed, expected) in [(7, 7), (-1, -1), (1 << 32, 0), ((1 << 32) + 7, 7)] {
            assert_eq!(wrap_seed(seed), expected);
        }
    }
}
