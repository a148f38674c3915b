//! Refuses what would change the meaning of an answer and is not translated yet.
//!
//! One place, so that supporting a feature starts with removing its lines here. Fields that are
//! ignored on purpose are listed in `request`.

use super::request::Fields;
use crate::invalid_request::Refusal;

/// # Errors
/// The first field that asks for something unsupported.
pub(super) fn refuse(fields: &Fields<'_>) -> Result<(), Refusal> {
    let present = [
        (
            "reasoning_effort",
            fields.reasoning_effort.is_some(),
            "setting the reasoning effort is",
        ),
        (
            "google",
            fields.google.is_some(),
            "Google's extra settings are",
        ),
        (
            "extra_body",
            fields.extra_body.is_some(),
            "extra settings are",
        ),
    ];
    match present.iter().find(|(_, present, _)| *present) {
        Some((field, _, what)) => Err(Refusal::not_supported_yet(*field, what)),
        None => Ok(()),
    }
}
