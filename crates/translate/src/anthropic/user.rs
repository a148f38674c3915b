//! What users and system messages hold, to Gemini parts.
//!
//! Results of calls come first in their turn, in the client's order, and everything else after
//! them: Gemini wants results right after the calls (M9).

use super::{
    attachment::convert_attachment,
    message::{Block, Content},
    result::convert_result,
};
use crate::{
    gemini::request::Part,
    invalid_request::{Code, Quoted, Refusal},
    json::Object,
    media::Budget,
    prompt::CallNames,
};

/// The parts of a user's turn, none if it says nothing.
///
/// # Errors
/// A [`Refusal`] whose path is relative to the message.
pub(super) fn convert_user<'a>(
    content: &'a Content<'_>,
    calls: &CallNames<'a>,
    budget: &mut Budget,
) -> Result<Vec<Part<'a>>, Refusal> {
    let mut results = Vec::new();
    let mut others = Vec::new();
    match content {
        Content::Text(text) => push_text(&mut others, text),
        Content::Ran(_) => return Err(not_content("content")),
        Content::Blocks(blocks) => {
            for (index, block) in blocks.iter().enumerate() {
                convert_block(block, calls, budget, &mut results, &mut others)
                    .map_err(|refusal| refusal.within(format_args!("content[{index}]")))?;
            }
        }
    }
    results.append(&mut others);
    Ok(results)
}

fn convert_block<'a>(
    block: &'a Object<Block<'_>>,
    calls: &CallNames<'a>,
    budget: &mut Budget,
    results: &mut Vec<Part<'a>>,
    others: &mut Vec<Part<'a>>,
) -> Result<(), Refusal> {
    match kind(block, "text")? {
        "tool_result" => results.push(convert_result(block, calls, budget, others)?),
        "container_upload" => {
            return Err(Refusal::new(
                Code::UnsupportedValue,
                "type",
                "there is no container to upload to; send the file as an `image` or `document` \
                 block",
            ));
        }
        kind => convert_attachment(block, kind, budget, others)?,
    }
    Ok(())
}

/// Appends the texts of a system prompt.
///
/// # Errors
/// A [`Refusal`] whose path starts with `field`.
pub(super) fn convert_system<'a>(
    content: &'a Content<'_>,
    field: &str,
    parts: &mut Vec<Part<'a>>,
) -> Result<(), Refusal> {
    match content {
        Content::Text(text) => push_text(parts, text),
        Content::Ran(_) => return Err(not_content(field)),
        Content::Blocks(blocks) => {
            for (index, block) in blocks.iter().enumerate() {
                let text = kind(block, "text").and_then(|kind| match kind {
                    "text" => required_text(block),
                    _ => Err(out_of_place(kind, "a system prompt holds `text` only")),
                });
                let text =
                    text.map_err(|refusal| refusal.within(format_args!("{field}[{index}]")))?;
                push_text(parts, text);
            }
        }
    }
    Ok(())
}

/// Appends `text` unless it is empty, which Gemini may refuse (M16).
pub(super) fn push_text<'a>(parts: &mut Vec<Part<'a>>, text: &'a str) {
    if !text.is_empty() {
        parts.push(Part::text(text));
    }
}

/// The type of a block.
pub(super) fn kind<'a>(block: &'a Object<Block<'_>>, example: &str) -> Result<&'a str, Refusal> {
    block
        .r#type
        .as_deref()
        .ok_or_else(|| Refusal::missing("type", format_args!("`{example}` for instance")))
}

/// The text of a `text` block.
pub(super) fn required_text<'a>(block: &'a Block<'_>) -> Result<&'a str, Refusal> {
    let text = block.text.as_deref();
    text.ok_or_else(|| Refusal::missing("text", "a string"))
}

/// A block that Anthropic defines, but not here.
pub(super) fn out_of_place(kind: &str, rule: &str) -> Refusal {
    Refusal::new(
        Code::InvalidValue,
        "type",
        format_args!("a block of type {} cannot stand here; {rule}", Quoted(kind)),
    )
}

/// An object where content belongs.
pub(super) fn not_content(field: &str) -> Refusal {
    Refusal::new(
        Code::InvalidType,
        field,
        "expected a string or an array of content blocks, found an object",
    )
}
