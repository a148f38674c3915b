//! Tools with free text for input, wrapped as functions with one string (T12).
//!
//! Gemini has no such tools. In answers the wrapping comes off where the call is written. A grammar
//! cannot be enforced; it is told to the model in words.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{
    json,
    value::{RawValue, to_raw_value},
};

use super::tools::required_name;
use crate::{
    invalid_request::{Code, Quoted, Refusal},
    json::{Object, Text},
    prompt::{Function, values},
};

/// `custom` of a tool.
#[derive(Debug, Deserialize)]
pub(super) struct CustomTool<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    description: Option<Text<'a>>,
    format: Option<Object<Format<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Format<'a> {
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    grammar: Option<Object<Grammar<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Grammar<'a> {
    #[serde(borrow)]
    syntax: Option<Text<'a>>,
    definition: Option<Text<'a>>,
}

impl CustomTool<'_> {
    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The tool as a function.
    ///
    /// # Errors
    /// A [`Refusal`] whose path is relative to `custom`.
    pub(super) fn convert(&self) -> Result<Function<'_>, Refusal> {
        let name = required_name(self.name())?;
        let hint = match &self.format {
            Some(format) => format
                .describe()
                .map_err(|refusal| refusal.within("format"))?,
            None => None,
        };
        let hint = hint.unwrap_or_else(|| "The input, as plain text.".to_owned());
        let parameters = json!({
            "type": "object",
            "properties": { "input": { "type": "string", "description": hint } },
            "required": ["input"],
        });
        Ok(Function {
            name: Cow::Borrowed(name),
            description: self.description.as_deref().map(Cow::Borrowed),
            parameters: to_raw_value(&parameters).ok().map(Cow::Owned),
        })
    }
}

impl Format<'_> {
    /// What the model is told about the format; nothing of plain text.
    fn describe(&self) -> Result<Option<String>, Refusal> {
        match self.r#type.as_deref() {
            Some("text") => Ok(None),
            Some("grammar") => {
                let grammar = self.grammar.as_deref();
                let told = grammar.map(Grammar::describe).transpose();
                let told = told.map_err(|refusal| refusal.within("grammar"))?;
                told.map(Some)
                    .ok_or_else(|| Refusal::missing("grammar", "an object with `definition`"))
            }
            Some(kind) => Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!("unknown format {}; use `text` or `grammar`", Quoted(kind)),
            )),
            None => Err(Refusal::missing("type", "`text` or `grammar`")),
        }
    }
}

impl Grammar<'_> {
    fn describe(&self) -> Result<String, Refusal> {
        let syntax = match self.syntax.as_deref() {
            Some(syntax @ ("lark" | "regex")) => syntax,
            Some(syntax) => {
                return Err(Refusal::new(
                    Code::InvalidValue,
                    "syntax",
                    format_args!("unknown syntax {}; use `lark` or `regex`", Quoted(syntax)),
                ));
            }
            None => return Err(Refusal::missing("syntax", "`lark` or `regex`")),
        };
        let definition = self.definition.as_deref();
        let definition = definition.ok_or_else(|| Refusal::missing("definition", "a string"))?;
        Ok(format!(
            "The input, as plain text that matches this grammar ({syntax}):\n{definition}"
        ))
    }
}

/// The only parameter.
#[derive(Serialize)]
struct Arguments<'a> {
    input: &'a str,
}

/// The arguments of a call with this input.
pub(super) fn arguments<'a>(input: &str) -> Cow<'a, RawValue> {
    to_raw_value(&Arguments { input }).map_or_else(|_| values::empty_object(), Cow::Owned)
}
