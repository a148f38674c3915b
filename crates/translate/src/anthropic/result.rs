//! What a client's tool returned, to a function response (M6, M8, P9).
//!
//! Texts make the response. Images and documents go along with it; those that only have an address
//! follow it in the same turn, since a response holds inline data only. For models that take no data
//! in responses, the fitting of the draft moves the rest there too.

use std::borrow::Cow;

use super::{
    attachment::{convert_document, convert_image, search_result_text},
    message::{Block, Content},
    user::{kind, not_content, required_text},
};
use crate::{
    gemini::request::{Data, FunctionResponse, FunctionResponsePart, Part},
    invalid_request::{Code, Quoted, Refusal},
    json::Object,
    media::Budget,
    prompt::{CallNames, values},
};

/// What may go along with a response
/// (<https://ai.google.dev/gemini-api/docs/function-calling#multimodal>, November 2026). Anything else
/// follows it, which every model takes.
const INSIDE_RESPONSES: [&str; 5] = [
    "image/png",
    "image/jpeg",
    "image/webp",
    "application/pdf",
    "text/plain",
];

/// The part of a `tool_result` block. What cannot be in it is appended to `others`.
///
/// # Errors
/// A [`Refusal`] whose path is relative to the block, also for a result of a call that was not made.
pub(super) fn convert_result<'a>(
    block: &'a Block<'_>,
    calls: &CallNames<'a>,
    budget: &mut Budget,
    others: &mut Vec<Part<'a>>,
) -> Result<Part<'a>, Refusal> {
    let id = block.tool_use_id.as_deref().filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Refusal::missing("tool_use_id", "the id of the call"))?;
    let Some(name) = calls.get(id) else {
        return Err(Refusal::new(
            Code::InvalidValue,
            "tool_use_id",
            format_args!(
                "{} is not the id of an earlier `tool_use` block",
                Quoted(id)
            ),
        ));
    };
    let mut returned = Returned::default();
    match &block.content {
        None => {}
        Some(Content::Text(text)) => returned.texts.push(Cow::Borrowed(text)),
        Some(Content::Ran(_)) => return Err(not_content("content")),
        Some(Content::Blocks(blocks)) => {
            for (index, block) in blocks.iter().enumerate() {
                returned
                    .add(block, budget)
                    .map_err(|refusal| refusal.within(format_args!("content[{index}]")))?;
            }
        }
    }
    let nothing_said = returned.texts.is_empty();
    let something_shown = !(returned.data.is_empty() && returned.others.is_empty());
    let response = match returned.text() {
        text if block.is_error == Some(true) => values::failure(&text),
        // An image alone needs no empty text.
        _ if nothing_said && something_shown => values::empty_object(),
        Cow::Borrowed(text) => values::result(text),
        Cow::Owned(text) => Cow::Owned(values::result(&text).into_owned()),
    };
    others.append(&mut returned.others);
    Ok(Data::FunctionResponse(FunctionResponse {
        id: Some(Cow::Borrowed(id)),
        name: Cow::Borrowed(name),
        response,
        parts: returned.data,
    })
    .into())
}

/// What the blocks of a result amount to.
#[derive(Default)]
struct Returned<'a> {
    texts: Vec<Cow<'a, str>>,
    data: Vec<FunctionResponsePart<'a>>,
    others: Vec<Part<'a>>,
}

impl<'a> Returned<'a> {
    fn add(&mut self, block: &'a Object<Block<'_>>, budget: &mut Budget) -> Result<(), Refusal> {
        match kind(block, "text")? {
            "text" => self.texts.push(Cow::Borrowed(required_text(block)?)),
            "image" => {
                let data = convert_image(block, budget)?;
                self.add_data(data.into());
            }
            "document" => {
                let mut parts = Vec::new();
                convert_document(block, budget, &mut parts)?;
                parts.into_iter().for_each(|part| self.add_data(part));
            }
            "search_result" => self.texts.push(Cow::Owned(search_result_text(block)?)),
            // What a search for tools found: the model has all tools already.
            "tool_reference" => {
                let name = block.tool_name.as_deref();
                let name = name.ok_or_else(|| Refusal::missing("tool_name", "a string"))?;
                self.texts.push(Cow::Owned(format!("tool: {name}")));
            }
            other => {
                return Err(Refusal::new(
                    Code::InvalidValue,
                    "type",
                    format_args!(
                        "a result cannot hold {}; use `text`, `image`, `document` or \
                         `search_result`",
                        Quoted(other)
                    ),
                ));
            }
        }
        Ok(())
    }

    fn add_data(&mut self, part: Part<'a>) {
        match part.data {
            Data::Text(text) => self.texts.push(text),
            Data::InlineData(inline_data)
                if INSIDE_RESPONSES.contains(&&*inline_data.mime_type) =>
            {
                self.data.push(FunctionResponsePart { inline_data });
            }
            _ => self.others.push(part),
        }
    }

    /// One text as it is, several a line each.
    fn text(&mut self) -> Cow<'a, str> {
        match self.texts.as_mut_slice() {
            [] => Cow::Borrowed(""),
            [text] => std::mem::take(text),
            texts => Cow::Owned(texts.join("\n")),
        }
    }
}
