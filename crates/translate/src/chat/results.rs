//! Results of tools to Gemini's function responses (M6–M8, P9).
//!
//! Their order and number are not looked at here.

use std::borrow::Cow;

use super::{
    content::{Allowed, convert_content},
    message::Message,
    signatures::bare_id,
};
use crate::{
    gemini::request::{Data, FunctionResponse, FunctionResponsePart, Part},
    invalid_request::{Code, Quoted, Refusal},
    json::TextOr,
    media::Budget,
    prompt::{CallNames, values},
};

/// What a result may hold beside its text
/// (<https://ai.google.dev/gemini-api/docs/function-calling#multimodal>, November 2026). Anything
/// else goes beside the result, which every model takes.
const INSIDE_RESULTS: [&str; 5] = [
    "image/png",
    "image/jpeg",
    "image/webp",
    "application/pdf",
    "text/plain",
];

/// A result and what goes beside it.
pub(super) struct ConvertedResult<'a> {
    pub(super) response: Part<'a>,
    pub(super) attachments: Vec<Part<'a>>,
}

/// A message of role `tool`.
///
/// # Errors
/// A [`Refusal`] whose path is relative to the message: above all, for an id that no call before has.
pub(super) fn convert_tool_result<'a>(
    message: &'a Message<'_>,
    names: &CallNames<'a>,
    budget: &mut Budget,
) -> Result<ConvertedResult<'a>, Refusal> {
    let Some(id) = message.tool_call_id.as_deref().map(bare_id) else {
        return Err(Refusal::missing("tool_call_id", "the id of the call"));
    };
    let Some(name) = names.get(id) else {
        return Err(Refusal::new(
            Code::InvalidValue,
            "tool_call_id",
            format_args!(
                "no call before this message has the id {}; send the assistant's message with `tool_calls` too",
                Quoted(id)
            ),
        ));
    };
    if message.content.is_none() {
        return Err(Refusal::missing("content", "a string or an array of parts"));
    }
    convert_result(message, Some(id), name, budget)
}

/// A message of role `function`, the older form: it names what was called (M7).
///
/// # Errors
/// A [`Refusal`] whose path is relative to the message.
pub(super) fn convert_function_result<'a>(
    message: &'a Message<'_>,
    budget: &mut Budget,
) -> Result<ConvertedResult<'a>, Refusal> {
    let name = message.name.as_deref().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refusal::missing("name", "the name of the function"))?;
    convert_result(message, None, name, budget)
}

fn convert_result<'a>(
    message: &'a Message<'_>,
    id: Option<&'a str>,
    name: &'a str,
    budget: &mut Budget,
) -> Result<ConvertedResult<'a>, Refusal> {
    let (mut texts, mut inside, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    match &message.content {
        None => {}
        Some(TextOr::Text(text)) => texts.push(Cow::Borrowed(&**text)),
        Some(content) => {
            let mut parts = Vec::new();
            convert_content(content, Allowed::Attachments, budget, &mut parts)?;
            for part in parts {
                match part.data {
                    Data::Text(text) => texts.push(text),
                    Data::InlineData(inline_data)
                        if INSIDE_RESULTS.contains(&&*inline_data.mime_type) =>
                    {
                        inside.push(FunctionResponsePart { inline_data });
                    }
                    _ => beside.push(part),
                }
            }
        }
    }
    let response = match texts.as_slice() {
        // An image alone needs no empty text.
        [] if !(inside.is_empty() && beside.is_empty()) => values::empty_object(),
        [Cow::Borrowed(text)] => values::result(text),
        // Each part is a text of its own, so they must not run into each other.
        texts => Cow::Owned(values::result(&texts.join("\n")).into_owned()),
    };
    let response = FunctionResponse {
        id: id.map(Cow::Borrowed),
        name: Cow::Borrowed(name),
        response,
        parts: inside,
    };
    Ok(ConvertedResult {
        response: Data::FunctionResponse(response).into(),
        attachments: beside,
    })
}
