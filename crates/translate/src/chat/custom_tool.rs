//! Tools with free text for input, wrapped as functions with one string (T12).
//!
//! Gemini has no such tools. In answers the wrapping comes off where the call is written.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::prompt::values;

/// The only parameter.
#[derive(Serialize)]
struct Arguments<'a> {
    input: &'a str,
}

/// The arguments of a call with this input.
pub(super) fn arguments<'a>(input: &str) -> Cow<'a, RawValue> {
    to_raw_value(&Arguments { input }).map_or_else(|_| values::empty_object(), Cow::Owned)
}
