//! Input items to Gemini contents (M1–M17, §3.10).
//!
//! What the model said in one go (text, calls, pictures) becomes one turn, and so do the results of
//! its calls, since Gemini wants all results of a turn together (M6). Users' messages are not merged:
//! Gemini accepts them, and merging would hide the client's own structure (M10). System messages in
//! mid-conversation keep their place as user turns, which keeps their meaning and the cacheable
//! prefix (M2). Pairing calls with results is the assembler's.

#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::value::RawValue;

use super::{
    call_names::full_name,
    content::{Allowed, convert_content},
    custom_tool, encrypted_content,
    item::{Item, Kind},
    results::convert_output,
    value::required_text,
};
use crate::{
    gemini::request::{Content, Data, FunctionCall, FunctionResponse, Part, Role},
    invalid_request::{Code, Quoted, Refusal},
    json::Object,
    media,
    media::Budget,
    prompt::values,
};

/// How the ids of reasoning items begin, ours and OpenAI's.
const REASONING_PREFIX: &str = "rs_";

/// What items become.
#[derive(Debug, Default)]
pub(super) struct Conversation<'a> {
    /// Text of the messages that instruct before anybody speaks.
    pub(super) instructions: Vec<Part<'a>>,
    pub(super) turns: Vec<Content<'a>>,
    /// Full names of the functions called so far, by id of the call.
    names: BTreeMap<&'a str, Cow<'a, str>>,
    /// Signatures by id of their call.
    signatures: BTreeMap<&'a str, &'a str>,
    budget: Budget,
}

/// The whole input as one text.
pub(super) fn convert_text(text: &str) -> Conversation<'_> {
    Conversation {
        turns: vec![Content::user_or_blank(match text {
            "" => Vec::new(),
            text => vec![Part::text(text)],
        })],
        ..Conversation::default()
    }
}

/// Converts items.
///
/// # Errors
/// A [`Refusal`] whose path starts with `input[`.
pub(super) fn convert_items<'a>(
    items: &'a [Object<Item<'_>>],
) -> Result<Conversation<'a>, Refusal> {
    let mut conversation = Conversation {
        signatures: signatures(items),
        ..Conversation::default()
    };
    for (index, item) in items.iter().enumerate() {
        conversation
            .add(item)
            .map_err(|refusal| refusal.within(format_args!("input[{index}]")))?;
    }
    Ok(conversation)
}

/// Ids of the calls that came back without their signature, in order.
pub(super) fn unsigned_calls<'a>(items: &'a [Object<Item<'_>>]) -> Vec<&'a str> {
    let signed = signatures(items);
    let calls = items
        .iter()
        .filter(|item| matches!(item.kind(), Some(Kind::FunctionCall | Kind::CustomToolCall)));
    calls
        .filter_map(|item| item.call_id.as_ref()?.as_text("call_id").ok())
        .filter(|id| !signed.contains_key(id))
        .collect()
}

/// What reasoning items carry. What another server made of its reasoning means nothing to Gemini
/// (§3.8), nor does a summary (M17).
fn signatures<'a>(items: &'a [Object<Item<'_>>]) -> BTreeMap<&'a str, &'a str> {
    let reasoning = items
        .iter()
        .filter(|item| item.kind() == Some(Kind::Reasoning));
    reasoning
        .filter_map(|item| item.encrypted_content.as_ref()?.as_text("").ok())
        .filter_map(encrypted_content::open)
        .collect()
}

impl<'a> Conversation<'a> {
    fn add(&mut self, item: &'a Item<'_>) -> Result<(), Refusal> {
        let Some(kind) = item.kind() else {
            let name = item.r#type.as_deref().unwrap_or_default();
            return Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!("unknown type {}; use `message` for instance", Quoted(name)),
            ));
        };
        if let Some(id) = &item.id {
            id.as_text("id")?;
        }
        match kind {
            Kind::Message => self.add_message(item),
            Kind::FunctionCall => {
                let arguments = required_text(item.arguments.as_ref(), "arguments")?;
                self.add_call(item, values::arguments(arguments))
            }
            Kind::CustomToolCall => {
                let input = required_text(item.input.as_ref(), "input")?;
                self.add_call(item, custom_tool::wrap(input))
            }
            Kind::CallOutput => self.add_output(item),
            Kind::Image => self.add_image(item),
            // Their signatures were read before; there is nothing else in them for the model.
            Kind::Reasoning => match &item.encrypted_content {
                Some(content) => content.as_text("encrypted_content").map(drop),
                None => Ok(()),
            },
            Kind::Reference => refer(item),
            Kind::ServerTool => Ok(()),
            Kind::Refused(why) => {
                let name = item.r#type.as_deref().unwrap_or_default();
                let problem = format_args!("an item of type {} {why}", Quoted(name));
                Err(Refusal::new(Code::UnsupportedValue, "type", problem))
            }
        }
    }

    fn add_message(&mut self, item: &'a Item<'_>) -> Result<(), Refusal> {
        let what = "`user`, `assistant`, `system` or `developer`";
        let Some(role) = item.role.as_deref() else {
            return Err(Refusal::missing("role", what));
        };
        let allowed = match role {
            "system" | "developer" => Allowed::Text,
            "user" => Allowed::TextAndMedia,
            "assistant" => Allowed::TextAndRefusals,
            _ => {
                let problem = format_args!("unknown role {}; use {what}", Quoted(role));
                return Err(Refusal::new(Code::InvalidValue, "role", problem));
            }
        };
        let content = item
            .content
            .as_ref()
            .ok_or_else(|| Refusal::missing("content", "a string or an array of content parts"))?;
        let mut parts = Vec::new();
        convert_content("content", content, allowed, &mut self.budget, &mut parts)?;
        match allowed {
            Allowed::Text if self.turns.is_empty() => self.instructions.append(&mut parts),
            Allowed::Text if parts.is_empty() => {}
            Allowed::Text | Allowed::TextAndMedia => self.turns.push(Content::user_or_blank(parts)),
            // An assistant that said nothing is left out (M5).
            Allowed::TextAndRefusals => self.model_said(parts),
        }
        Ok(())
    }

    fn add_call(&mut self, item: &'a Item<'_>, args: Cow<'a, RawValue>) -> Result<(), Refusal> {
        let id = required_text(item.call_id.as_ref(), "call_id")?;
        let name = read_name(item)?.ok_or_else(|| Refusal::missing("name", "a string"))?;
        self.names.insert(id, name.clone());
        let mut part = Part::from(Data::FunctionCall(FunctionCall {
            id: Some(Cow::Borrowed(id)),
            name,
            args,
        }));
        part.thought_signature = self.signatures.get(id).map(|text| Cow::Borrowed(*text));
        self.model_said(vec![part]);
        Ok(())
    }

    fn add_output(&mut self, item: &'a Item<'_>) -> Result<(), Refusal> {
        let id = required_text(item.call_id.as_ref(), "call_id")?;
        // Results may name their function themselves, for calls that are no longer in the input.
        let name = match self.names.get(id) {
            Some(name) => name.clone(),
            None => read_name(item)?.ok_or_else(|| {
                let problem = "is not the id of an earlier call in the input";
                Refusal::new(Code::InvalidValue, "call_id", problem)
            })?,
        };
        let output = item
            .output
            .as_ref()
            .ok_or_else(|| Refusal::missing("output", "a string or an array of content parts"))?;
        let outcome = convert_output(output, &mut self.budget)?;
        let response = Part::from(Data::FunctionResponse(FunctionResponse {
            id: Some(Cow::Borrowed(id)),
            name,
            response: outcome.response,
            parts: outcome.inside,
        }));
        match self
            .turns
            .last_mut()
            .filter(|turn| is_result(turn.parts.first()))
        {
            Some(turn) => {
                // All results first, then what goes beside them.
                let results = turn.parts.iter().take_while(|part| is_result(Some(part)));
                let end = results.count();
                turn.parts.insert(end, response);
                turn.parts.extend(outcome.beside);
            }
            None => {
                let mut parts = vec![response];
                parts.extend(outcome.beside);
                self.turns.push(Content::user(parts));
            }
        }
        Ok(())
    }

    /// A picture that the model made goes back as its own, so that it can be asked to change it.
    /// Clients that rely on the server to have it send none.
    fn add_image(&mut self, item: &'a Item<'_>) -> Result<(), Refusal> {
        let Some(result) = &item.result else {
            return Ok(());
        };
        let media_type = match &item.output_format {
            Some(format) => match format.as_text("output_format")? {
                "jpeg" => "image/jpeg",
                "webp" => "image/webp",
                _ => "image/png",
            },
            None => "image/png",
        };
        self.budget.take_image()?;
        let data = media::from_base64(media_type, result.as_text("result")?)
            .map_err(|refusal| refusal.within("result"))?;
        self.model_said(vec![data.into()]);
        Ok(())
    }

    fn model_said(&mut self, mut parts: Vec<Part<'a>>) {
        match self.turns.last_mut() {
            _ if parts.is_empty() => {}
            Some(turn) if turn.role == Role::Model => turn.parts.append(&mut parts),
            _ => self.turns.push(Content::model(parts)),
        }
    }
}

/// Only a turn of results begins with one.
fn is_result(part: Option<&Part<'_>>) -> bool {
    matches!(part.map(|part| &part.data), Some(Data::FunctionResponse(_)))
}

/// The full name of the function; `None` if the item names none.
fn read_name<'a>(item: &'a Item<'_>) -> Result<Option<Cow<'a, str>>, Refusal> {
    let namespace = match &item.namespace {
        Some(namespace) => Some(namespace.as_text("namespace")?),
        None => None,
    };
    let Some(name) = &item.name else {
        return Ok(None);
    };
    match name.as_text("name")? {
        "" => Err(Refusal::missing("name", "a string that is not empty")),
        name => Ok(Some(full_name(namespace, name))),
    }
}

/// A reference to reasoning stands for nothing that is missed: its text is not for the model (M17),
/// and the signature of its call is kept by the call's id. Anything else that is referred to is gone.
fn refer(item: &Item<'_>) -> Result<(), Refusal> {
    let id = required_text(item.id.as_ref(), "id")?;
    if id.starts_with(REASONING_PREFIX) {
        return Ok(());
    }
    let problem = "refers to an item, and gempool keeps none";
    let refusal = Refusal::new(Code::UnsupportedValue, "id", problem);
    Err(refusal.with_hint(
        "send the item itself; clients do that when they are told not to store (`store: false`)",
    ))
}
