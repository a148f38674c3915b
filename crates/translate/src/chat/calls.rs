//! Calls that an assistant made to Gemini's calls, each with its signature (T12, T16, T17, §3.4).
//!
//! Whether the calls are answered is not looked at here, and calls without a signature stay without.

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    custom_tool,
    message::Message,
    signatures::{ExtraContent, ProviderFields, Signature, bare_id, encrypted},
};
use crate::{
    gemini::request::{Data, FunctionCall, Part},
    invalid_request::{Code, Quoted, Refusal},
    json::{Bounded, Object, Text},
    prompt::{CallNames, values},
};

/// Most calls in one message: as many as there may be tools.
const MAX_CALLS: usize = 512;

/// What a message's `tool_calls` is.
pub(super) type ToolCalls<'a> = Bounded<Object<ToolCall<'a>>, MAX_CALLS>;

#[derive(Debug, Deserialize)]
pub(super) struct ToolCall<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    r#type: Option<Text<'a>>,
    function: Option<Object<CalledFunction<'a>>>,
    custom: Option<Object<CalledCustom<'a>>>,
    extra_content: Option<Object<ExtraContent<'a>>>,
    thought_signature: Option<Text<'a>>,
    provider_specific_fields: Option<Object<ProviderFields<'a>>>,
}

/// Also what the older `function_call` of a message is.
#[derive(Debug, Deserialize)]
pub(super) struct CalledFunction<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    /// JSON in a string.
    arguments: Option<Text<'a>>,
    thought_signature: Option<Text<'a>>,
    provider_specific_fields: Option<Object<ProviderFields<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CalledCustom<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    input: Option<Text<'a>>,
}

impl ToolCall<'_> {
    /// The id by which results name the call.
    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref().map(bare_id).filter(|id| !id.is_empty())
    }

    /// The first of the places that holds a signature, Google's own first.
    fn signature(&self) -> Option<Signature<'_>> {
        let function = self.function.as_deref();
        let extra = self.extra_content.as_ref();
        let fields = self.provider_specific_fields.as_ref();
        extra
            .and_then(|extra| extra.signature())
            .or_else(|| Signature::field(self.thought_signature.as_ref()))
            .or_else(|| fields.and_then(|fields| fields.signature()))
            .or_else(|| Some(function?.signature()?.within("function")))
            .or_else(|| Signature::in_id(self.id.as_deref()))
    }
}

impl CalledFunction<'_> {
    fn signature(&self) -> Option<Signature<'_>> {
        let fields = self.provider_specific_fields.as_ref();
        Signature::field(self.thought_signature.as_ref())
            .or_else(|| fields.and_then(|fields| fields.signature()))
    }
}

/// Appends the calls of an assistant's message to `parts`, and puts the signatures of the message
/// where they belong.
///
/// # Errors
/// A [`Refusal`] whose path is relative to the message.
pub(super) fn convert_calls<'a>(
    message: &'a Message<'_>,
    names: &mut CallNames<'a>,
    parts: &mut Vec<Part<'a>>,
) -> Result<(), Refusal> {
    let first_call = parts.len();
    for (index, call) in message.tool_calls().iter().enumerate() {
        let part = convert_call(call, names)
            .map_err(|refusal| refusal.within(format_args!("tool_calls[{index}]")))?;
        parts.push(part);
    }
    if let Some(function) = message.function_call.as_deref() {
        if !message.tool_calls().is_empty() {
            return Err(Refusal::new(
                Code::InvalidValue,
                "function_call",
                "cannot be given together with `tool_calls`",
            ));
        }
        let part =
            convert_function_call(function).map_err(|refusal| refusal.within("function_call"))?;
        parts.push(part);
    }
    sign(message, parts, first_call)
}

fn convert_call<'a>(
    call: &'a ToolCall<'_>,
    names: &mut CallNames<'a>,
) -> Result<Part<'a>, Refusal> {
    let Some(id) = call.id() else {
        return Err(Refusal::missing("id", "a string that the result repeats"));
    };
    // Some clients leave the type out, where only functions can be meant.
    let (name, args) = match call.r#type.as_deref() {
        None | Some("function") => {
            let function = call.function.as_deref();
            let name = function.and_then(|function| function.name.as_deref());
            let arguments = function.and_then(|function| function.arguments.as_deref());
            let name = required_name(name, "function.name")?;
            (name, values::arguments(arguments.unwrap_or_default()))
        }
        Some("custom") => {
            let custom = call.custom.as_deref();
            let name = required_name(custom.and_then(|it| it.name.as_deref()), "custom.name")?;
            let input = custom.and_then(|it| it.input.as_deref());
            let input = input.ok_or_else(|| Refusal::missing("custom.input", "a string"))?;
            (name, custom_tool::arguments(input))
        }
        Some(kind) => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!("unknown type {}; use `function` or `custom`", Quoted(kind)),
            ));
        }
    };
    names.insert(id, name);
    let signature = call.signature().map(|found| found.check()).transpose()?;
    let call = FunctionCall {
        id: Some(Cow::Borrowed(id)),
        name: Cow::Borrowed(name),
        args,
    };
    Ok(Part {
        thought_signature: signature,
        ..Part::from(Data::FunctionCall(call))
    })
}

/// The older form has no id: what follows it is its result (M7).
fn convert_function_call<'a>(function: &'a CalledFunction<'_>) -> Result<Part<'a>, Refusal> {
    let name = required_name(function.name.as_deref(), "name")?;
    let signature = function
        .signature()
        .map(|found| found.check())
        .transpose()?;
    let arguments = function.arguments.as_deref().unwrap_or_default();
    let call = FunctionCall {
        id: None,
        name: Cow::Borrowed(name),
        args: values::arguments(arguments),
    };
    Ok(Part {
        thought_signature: signature,
        ..Part::from(Data::FunctionCall(call))
    })
}

fn required_name<'a>(name: Option<&'a str>, path: &str) -> Result<&'a str, Refusal> {
    name.filter(|name| !name.is_empty())
        .ok_or_else(|| Refusal::missing(path, "the name of what was called"))
}

/// Puts what the message itself holds onto its parts.
///
/// OpenRouter names the call of a signature. Any other belongs to the first call, since of parallel
/// calls only that has one, and to the last text where nothing was called. A signature that a call
/// has already goes nowhere else: Gemini bills every copy as the reasoning it stands for (LiteLLM
/// 1.109.1).
fn sign<'a>(
    message: &'a Message<'_>,
    parts: &mut [Part<'a>],
    first_call: usize,
) -> Result<(), Refusal> {
    let mut unplaced = Vec::new();
    for (id, signature) in message.signatures() {
        let checked = signature.check()?;
        let mut calls = parts.iter_mut().skip(first_call);
        match calls.find(|part| id.is_some() && call_id(part) == id) {
            Some(part) => {
                part.thought_signature.get_or_insert(checked);
            }
            None => unplaced.push(checked),
        }
    }
    let placed = |parts: &[Part<'_>], signature: &str| {
        let mut signatures = parts.iter().map(|part| part.thought_signature.as_deref());
        signatures.any(|placed| placed == Some(signature))
    };
    let Some(signature) = unplaced
        .into_iter()
        .find(|signature| !placed(parts, signature))
    else {
        return Ok(());
    };
    let signed = parts.iter().any(|part| part.thought_signature.is_some());
    let called = parts.len() > first_call;
    let target = if called && !signed {
        parts.get_mut(first_call)
    } else {
        parts.iter_mut().rfind(|part| is_text(part))
    };
    if let Some(part) = target {
        part.thought_signature = Some(signature);
    }
    Ok(())
}

fn is_text(part: &Part<'_>) -> bool {
    matches!(part.data, Data::Text(_))
}

fn call_id<'p>(part: &'p Part<'_>) -> Option<&'p str> {
    match &part.data {
        Data::FunctionCall(call) => call.id.as_deref(),
        _ => None,
    }
}

impl<'a> Message<'a> {
    pub(super) fn tool_calls(&self) -> &[Object<ToolCall<'a>>] {
        self.tool_calls.as_deref().unwrap_or_default()
    }

    /// What the message holds beside its calls, each with the id of its call if that is said.
    fn signatures(&self) -> impl Iterator<Item = (Option<&str>, Signature<'_>)> {
        let extra = self.extra_content.as_ref();
        let fields = self.provider_specific_fields.as_ref();
        let details = self.reasoning_details.as_deref().unwrap_or_default();
        let one = extra.and_then(|extra| extra.signature());
        let other = fields.and_then(|fields| fields.signature());
        let list = fields.into_iter().flat_map(|fields| fields.signatures());
        let nameless = one.into_iter().chain(other).chain(list);
        encrypted(details).chain(nameless.map(|found| (None, found)))
    }

    /// Ids of the calls of a message that holds no signature at all. Where one call has its
    /// signature, the others never had one (§3.1).
    pub(super) fn unsigned_calls(&self) -> impl Iterator<Item = &str> {
        let mut calls = self.tool_calls().iter();
        let signed =
            calls.any(|call| call.signature().is_some()) || self.signatures().next().is_some();
        let calls = self.tool_calls().iter().filter(move |_| !signed);
        calls.filter_map(|call| call.id())
    }
}
