//! Calls of the conversation that came back without their signature (§3.5).
//!
//! Gemini signs the first call of a turn only (§3.1), so the others are not looked for.

use super::{
    message::{Block, Content},
    request::Fields,
    signature::Signature,
};
use crate::json::Object;

/// Most that are told: Gemini wants the calls of the current turn signed, so this covers as many
/// steps of an agent, and each id may cost a look-up.
const MAX_UNSIGNED_CALLS: usize = 64;

/// Ids of such calls, newest last.
pub(super) fn unsigned_calls<'a>(fields: &'a Fields<'_>) -> Vec<&'a str> {
    let messages = fields.messages().iter().rev();
    let answers = messages.filter(|message| message.role.as_deref() == Some("assistant"));
    let unsigned = answers.filter_map(|message| match &message.content {
        Some(Content::Blocks(blocks)) => unsigned_call(blocks),
        _ => None,
    });
    let mut ids: Vec<&str> = unsigned.take(MAX_UNSIGNED_CALLS).collect();
    ids.reverse();
    ids
}

/// The first call of a message, unless its signature is in front of it.
fn unsigned_call<'a>(blocks: &'a [Object<Block<'_>>]) -> Option<&'a str> {
    let mut signed = false;
    for block in blocks {
        let signature = match block.r#type.as_deref() {
            Some("tool_use") if signed => return None,
            Some("tool_use") => return block.id.as_deref(),
            Some("thinking") => block.signature.as_deref(),
            Some("redacted_thinking") => block.data.as_deref(),
            _ => None,
        };
        signed |= signature
            .and_then(Signature::read)
            .is_some_and(|signature| signature.fits_call());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anthropic::MessagesRequest;

    #[test]
    fn calls_without_signature_are_named_newest_last_3_5() {
        let body = r#"{"model":"m","max_tokens":9,"messages":[
            {"role":"user","content":"a"},
            {"role":"assistant","content":[
                {"type":"tool_use","id":"c1","name":"f","input":{}},
                {"type":"tool_use","id":"c2","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1"},{"type":"tool_result","tool_use_id":"c2"}]},
            {"role":"assistant","content":[
                {"type":"thinking","thinking":"","signature":"gemini.call.Ci"},
                {"type":"tool_use","id":"c3","name":"f","input":{}},
                {"type":"tool_use","id":"c4","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"c3"},{"type":"tool_result","tool_use_id":"c4"}]},
            {"role":"assistant","content":[
                {"type":"thinking","thinking":"","signature":"EqQB"},
                {"type":"text","text":"So"},
                {"type":"tool_use","id":"c5","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"c5"}]}]}"#;
        let request = MessagesRequest::parse(body.as_bytes()).unwrap();
        assert_eq!(unsigned_calls(&request.fields), ["c1", "c5"]);
    }

    #[test]
    fn only_the_newest_are_looked_for() {
        let calls: Vec<String> = (0..100)
            .map(|index| {
                format!(
                    r#"{{"role":"assistant","content":[{{"type":"tool_use","id":"c{index}","name":"f","input":{{}}}}]}}"#
                )
            })
            .collect();
        let body = format!(
            r#"{{"model":"m","max_tokens":9,"messages":[{}]}}"#,
            calls.join(",")
        );
        let request = MessagesRequest::parse(body.as_bytes()).unwrap();
        let ids = unsigned_calls(&request.fields);
        assert_eq!((ids.len(), ids[0], ids[63]), (64, "c36", "c99"));
    }
}
