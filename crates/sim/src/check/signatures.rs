//! Thought signatures of Gemini 3: there where they must be, and genuine (§3.2, §3.8).
//!
//! As in `turns`, contents of the model that follow each other are one step, of which the first call
//! is signed.

use serde_json::Value;

use super::contents::{is_of_model, parts, turns};
use super::{Asked, Checked};
use crate::model_traits::Kind;
use crate::refusal;
use crate::signature;

pub(super) fn check(asked: Asked<'_>, is_known: &dyn Fn(&str) -> bool) -> Checked {
    // Before 3 they are given and never looked at.
    if !asked.model.is_gemini_3() || asked.model.kind != Kind::Chat {
        return Ok(());
    }
    let turns = turns(asked.body);
    let signatures = turns.iter().flat_map(parts).filter_map(signature_of);
    for signature in signatures {
        if !signature::is_genuine(signature) && !is_known(signature) {
            return Err(refusal::corrupted_thought_signature());
        }
    }
    let asked_last = turns.iter().rposition(is_asked_by_user).unwrap_or_default();
    let mut is_in_signed_turn = false;
    for (index, content) in turns.iter().enumerate().skip(asked_last) {
        if !is_of_model(content) {
            is_in_signed_turn = false;
            continue;
        }
        let first = parts(content)
            .iter()
            .find(|part| part.get("functionCall").is_some());
        let Some(part) = first.filter(|_| !is_in_signed_turn) else {
            continue;
        };
        if signature_of(part).is_none() {
            let name = part.pointer("/functionCall/name").and_then(Value::as_str);
            return Err(refusal::missing_thought_signature(
                name.unwrap_or_default(),
                index + 1,
            ));
        }
        is_in_signed_turn = true;
    }
    Ok(())
}

fn signature_of(part: &Value) -> Option<&str> {
    part.get("thoughtSignature")
        .and_then(Value::as_str)
        .filter(|signature| !signature.is_empty())
}

/// A turn of the user that is not (also) results of calls begins what is checked. Whether results
/// with a text beside them begin it too is not documented; the strict reading is that they do not.
fn is_asked_by_user(content: &Value) -> bool {
    let parts = parts(content);
    !is_of_model(content)
        && !parts
            .iter()
            .any(|part| part.get("functionResponse").is_some())
}
