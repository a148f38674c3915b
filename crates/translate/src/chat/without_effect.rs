//! Fields that have no effect, and must make sense all the same (G11, G12).
//!
//! Their types are checked where they are read; here are the values.

use super::request::Fields;
use crate::{
    invalid_request::{Code, Quoted, Refusal},
    json::Text,
};

/// # Errors
/// A [`Refusal`] that names the field.
pub(super) fn check_without_effect(fields: &Fields<'_>) -> Result<(), Refusal> {
    one_of(
        "verbosity",
        fields.verbosity.as_ref(),
        &["low", "medium", "high"],
    )?;
    one_of(
        "prompt_cache_retention",
        fields.prompt_cache_retention.as_ref(),
        &["in_memory", "in-memory", "24h"],
    )
}

fn one_of(field: &str, value: Option<&Text<'_>>, known: &[&str]) -> Result<(), Refusal> {
    match value {
        Some(value) if !known.contains(&&**value) => Err(Refusal::new(
            Code::InvalidValue,
            field,
            format_args!(
                "unknown value {}; use one of `{}`",
                Quoted(value),
                known.join("`, `")
            ),
        )),
        _ => Ok(()),
    }
}
