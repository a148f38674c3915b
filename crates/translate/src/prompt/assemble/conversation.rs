//! Makes a conversation one that Gemini accepts: never empty, never ending where it must not.

use crate::{
    gemini::request::{Content, Part, Role},
    model::LastTurn,
};

/// What stands in for a turn without content, which Gemini would refuse (M3, M16).
const BLANK: &str = " ";

/// What asks a model that refuses to continue its own turn to go on all the same (M11).
const CONTINUE: &str = "Continue.";

/// Gives a conversation the last turn that the model wants.
pub(super) fn close(contents: &mut Vec<Content<'_>>, last_turn: LastTurn) {
    let ends_with_model = contents
        .last()
        .is_some_and(|content| content.role == Role::Model);
    if contents.is_empty() {
        contents.push(Content::user(vec![Part::text(BLANK)]));
    } else if ends_with_model && last_turn == LastTurn::UserOnly {
        contents.push(Content::user(vec![Part::text(CONTINUE)]));
    }
}
