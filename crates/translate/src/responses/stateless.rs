//! Refuses what only a server that keeps something could do, and says what to do instead (§8.1).
//!
//! Quietly ignoring it would answer without the conversation that the client believes to be there.

use super::request::Fields;
use crate::invalid_request::{Code, Refusal};

/// # Errors
/// The first field that needs state. `null` and `false` ask for nothing.
pub(super) fn refuse(fields: &Fields<'_>) -> Result<(), Refusal> {
    let wishes = [
        (
            "previous_response_id",
            fields.previous_response_id.is_some(),
            "gempool keeps no responses; send the whole conversation in `input`",
        ),
        (
            "conversation",
            fields.conversation.is_some(),
            "gempool keeps no conversations; send the whole conversation in `input`",
        ),
        (
            "prompt",
            fields.prompt.is_some(),
            "gempool keeps no prompt templates; send `instructions` and `input`",
        ),
        (
            "background",
            fields.background == Some(true),
            "gempool keeps no responses to be fetched later; use `stream: true` for long answers",
        ),
    ];
    match wishes.iter().find(|(_, wished, _)| *wished) {
        Some((field, _, problem)) => Err(Refusal::new(Code::UnsupportedParameter, *field, problem)),
        None => Ok(()),
    }
}
