//! What the model said earlier, to Gemini parts (M5, §3.10).
//!
//! Thoughts are not sent back (M17); a signature of ours is put on the part that it belongs to.
//!
//! | blocks of tools that Anthropic ran | what becomes of them |
//! |---|---|
//! | code execution: the code, and what it printed | text, as answers of gempool tell it |
//! | web search, web fetch, tool search, MCP: calls and results | dropped: the text after them says what was found, and the results are encrypted or of another service |

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    message::{Block, Content, Ran},
    signature::Signature,
    user::{kind, not_content, out_of_place, push_text, required_text},
};
use crate::{
    answer::{Output, code_text},
    gemini::request::{Data, FunctionCall, Part},
    invalid_request::{Code, Quoted, Refusal},
    json::{Object, Text},
    prompt::CallNames,
};

/// The parts of an assistant's turn, none if nothing of it is left. Calls are noted in `calls`.
///
/// # Errors
/// A [`Refusal`] whose path is relative to the message.
pub(super) fn convert_assistant<'a>(
    content: &'a Content<'_>,
    calls: &mut CallNames<'a>,
) -> Result<Vec<Part<'a>>, Refusal> {
    let mut parts = Vec::new();
    match content {
        Content::Text(text) => push_text(&mut parts, text),
        Content::Ran(_) => return Err(not_content("content")),
        Content::Blocks(blocks) => {
            let mut signature = None;
            for (index, block) in blocks.iter().enumerate() {
                convert_block(block, calls, &mut signature, &mut parts)
                    .map_err(|refusal| refusal.within(format_args!("content[{index}]")))?;
            }
        }
    }
    Ok(parts)
}

/// `signature` is the last one that has not found its part yet.
fn convert_block<'a>(
    block: &'a Object<Block<'_>>,
    calls: &mut CallNames<'a>,
    signature: &mut Option<Signature<'a>>,
    parts: &mut Vec<Part<'a>>,
) -> Result<(), Refusal> {
    match kind(block, "text")? {
        "text" => {
            let text = required_text(block)?;
            if !text.is_empty() {
                let mut part = Part::text(text);
                part.thought_signature = signature
                    .take_if(|signature| signature.fits_text(text))
                    .map(Signature::into_gemini);
                parts.push(part);
            }
        }
        "thinking" => {
            *signature = block
                .signature
                .as_deref()
                .and_then(Signature::read)
                .or(signature.take());
        }
        "redacted_thinking" => {
            *signature = block
                .data
                .as_deref()
                .and_then(Signature::read)
                .or(signature.take());
        }
        "tool_use" => {
            let mut part: Part<'a> = Data::FunctionCall(convert_call(block, calls)?).into();
            part.thought_signature = signature
                .take_if(|signature| signature.fits_call())
                .map(Signature::into_gemini);
            parts.push(part);
        }
        "server_tool_use" => {
            if let Some(text) = ran_code(block) {
                parts.push(Part::text(text));
            }
        }
        "code_execution_tool_result" | "bash_code_execution_tool_result" => {
            if let Some(text) = printed(block.content.as_ref()) {
                parts.push(Part::text(text));
            }
        }
        "text_editor_code_execution_tool_result"
        | "web_search_tool_result"
        | "web_fetch_tool_result"
        | "tool_search_tool_result"
        | "mcp_tool_use"
        | "mcp_tool_result" => {}
        // The summary of what was said before it; without one it says nothing.
        "compaction" => match &block.content {
            Some(Content::Text(text)) => push_text(parts, text),
            Some(Content::Blocks(_) | Content::Ran(_)) => {
                return Err(Refusal::new(
                    Code::InvalidType,
                    "content",
                    "expected a string",
                ));
            }
            None => {}
        },
        known @ ("image" | "document" | "search_result" | "tool_result" | "container_upload") => {
            return Err(out_of_place(
                known,
                "it belongs into a message of role `user`",
            ));
        }
        unknown => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!(
                    "unknown type {}; an assistant's message holds `text`, `thinking`, \
                     `redacted_thinking`, `tool_use` and blocks of server tools",
                    Quoted(unknown)
                ),
            ));
        }
    }
    Ok(())
}

fn convert_call<'a>(
    block: &'a Block<'_>,
    calls: &mut CallNames<'a>,
) -> Result<FunctionCall<'a>, Refusal> {
    let not_empty = |text: &&str| !text.is_empty();
    let id = block.id.as_deref().filter(not_empty);
    let id = id.ok_or_else(|| Refusal::missing("id", "the id of the call"))?;
    let name = block.name.as_deref().filter(not_empty);
    let name = name.ok_or_else(|| Refusal::missing("name", "the name of the tool"))?;
    let input = block.input;
    let input =
        input.ok_or_else(|| Refusal::missing("input", "an object, `{}` if there is none"))?;
    if !input.get().starts_with('{') {
        return Err(Refusal::new(
            Code::InvalidType,
            "input",
            "expected an object",
        ));
    }
    calls.insert(id, name);
    Ok(FunctionCall {
        id: Some(Cow::Borrowed(id)),
        name: Cow::Borrowed(name),
        args: Cow::Borrowed(input),
    })
}

/// The code of a code execution as text.
fn ran_code(block: &Block<'_>) -> Option<String> {
    /// `{"code":…}` of Python, `{"command":…}` of a shell.
    #[derive(Deserialize)]
    struct Input<'a> {
        #[serde(borrow)]
        code: Option<Text<'a>>,
        command: Option<Text<'a>>,
    }

    let input: Object<Input<'_>> = serde_json::from_str(block.input?.get()).ok()?;
    let (language, code) = match block.name.as_deref()? {
        "code_execution" => ("python", input.code.as_deref()?),
        "bash_code_execution" => ("bash", input.command.as_deref()?),
        _ => return None,
    };
    code_text(&Output::Code { language, code })
}

/// What code printed, as text; `None` if that is nothing.
fn printed(content: Option<&Content<'_>>) -> Option<String> {
    let Content::Ran(Ran { stdout, stderr }) = content? else {
        return None;
    };
    let texts = [stdout.as_deref(), stderr.as_deref()].map(Option::unwrap_or_default);
    code_text(&Output::CodeResult {
        ok: true,
        output: &texts.concat(),
    })
}
