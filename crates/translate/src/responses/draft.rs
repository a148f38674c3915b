//! A request to a draft.
//!
//! It puts the parts together; each part is converted in a module of its own.

#[cfg(test)]
mod tests;

use super::{
    ResponsesRequest,
    input::{convert_items, convert_text},
    sampling::{convert_sampling, convert_service_tier},
    settings::{read_reasoning, read_text},
    tool_choice,
    tools::convert_tools,
};
use crate::{
    gemini::request::Part,
    invalid_request::Refusal,
    json::TextOr,
    prompt::{Draft, OutputFormat, ThinkingWish},
};

/// What the client means.
///
/// # Errors
/// A [`Refusal`] for what is wrong inside the request.
pub(super) fn draft<'a>(request: &'a ResponsesRequest<'_>) -> Result<Draft<'a>, Refusal> {
    let fields = request.fields();
    let conversation = match &fields.input {
        Some(TextOr::Text(text)) => convert_text(text),
        Some(TextOr::Other(items)) => convert_items(items)?,
        // Was refused when the request was read.
        None => convert_text(""),
    };
    let mut instructions = Vec::new();
    if let Some(text) = fields
        .instructions
        .as_deref()
        .filter(|text| !text.is_empty())
    {
        instructions.push(Part::text(text));
    }
    instructions.extend(conversation.instructions);
    let mut tools = convert_tools(request.tools())?;
    if let Some(choice) = fields.tool_choice {
        tool_choice::apply(choice, request.names(), &mut tools)?;
    }
    Ok(Draft {
        instructions,
        turns: conversation.turns,
        tools: tools.tools,
        modalities: tools.modalities,
        image: tools.image,
        output: fields.text.map_or(Ok(OutputFormat::Text), read_text)?,
        thinking: match fields.reasoning {
            Some(reasoning) => read_reasoning(reasoning)?,
            None => ThinkingWish::default(),
        },
        sampling: convert_sampling(fields, request.included())?,
        service_tier: convert_service_tier(fields.service_tier.as_deref())?,
        // OpenAI stores unless told not to, Google must only if told to (G13).
        store: fields.store.unwrap_or(false),
        ..Draft::default()
    })
}
