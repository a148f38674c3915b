//! A call in an answer: an entry of `tool_calls`, or the older `function_call` (C1–C5, T12, T14).
//!
//! Whole answers and streams write the same; a stream adds the index.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{extra_content::ExtraContent, style::Style};
use crate::{
    answer::Call,
    json::{Object, Text},
};

/// An entry of `tool_calls`.
#[derive(Serialize)]
pub(super) struct ToolCall<'a> {
    /// Counts over the whole stream of a choice, which is how clients put deltas together (X4).
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u32>,
    id: &'a str,
    #[serde(flatten)]
    tool: Tool<'a>,
    /// The signature that has to come back with the call (§3.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    extra_content: Option<ExtraContent<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Tool<'a> {
    Function { function: FunctionCall<'a> },
    Custom { custom: CustomCall<'a> },
}

/// `function` of a call, and `function_call` of old.
#[derive(Serialize)]
pub(super) struct FunctionCall<'a> {
    name: &'a str,
    /// JSON as text, as Gemini wrote it.
    arguments: &'a str,
    /// Where there is no entry of `tool_calls` to put it on; one of the places that signatures are
    /// read back from (§3.4).
    #[serde(skip_serializing_if = "Option::is_none")]
    thought_signature: Option<&'a str>,
}

#[derive(Serialize)]
struct CustomCall<'a> {
    name: &'a str,
    input: Cow<'a, str>,
}

impl<'a> ToolCall<'a> {
    /// `index` is for streams.
    pub(super) fn new(
        index: Option<u32>,
        call: &'a Call<'_>,
        signature: Option<&'a str>,
        style: &Style,
    ) -> Self {
        let tool = if style.is_custom(&call.name) {
            Tool::Custom {
                custom: CustomCall {
                    name: &call.name,
                    input: custom_input(call),
                },
            }
        } else {
            Tool::Function {
                function: FunctionCall::new(call, None),
            }
        };
        Self {
            index,
            id: &call.id,
            tool,
            extra_content: signature.map(ExtraContent::signed),
        }
    }
}

impl<'a> FunctionCall<'a> {
    /// With the signature, unless that is said elsewhere.
    pub(super) fn new(call: &'a Call<'_>, thought_signature: Option<&'a str>) -> Self {
        Self {
            name: &call.name,
            arguments: call.arguments(),
            thought_signature,
        }
    }
}

/// A custom tool is declared to Gemini as a function with one text, `input` (T12). A model that
/// calls it otherwise is passed on as it is.
fn custom_input<'a>(call: &'a Call<'_>) -> Cow<'a, str> {
    #[derive(Deserialize)]
    struct Wrapped<'a> {
        #[serde(borrow)]
        input: Text<'a>,
    }

    match serde_json::from_str::<Object<Wrapped<'a>>>(call.arguments()) {
        Ok(Object(Wrapped { input })) => input.into(),
        Err(_) => Cow::Borrowed(call.arguments()),
    }
}
