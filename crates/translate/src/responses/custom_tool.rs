//! Custom tools as functions with one text, and back (T12).
//!
//! Gemini has no tool with free text as input. A grammar cannot be enforced there either, so the
//! model is told it in the description.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    invalid_request::{Code, Quoted, Refusal},
    json::{Object, Text},
};

/// The schema of the function. The key is OpenAI's name of a custom tool's text.
const PARAMETERS: &str = r#"{"type":"object","properties":{"input":{"type":"string","description":"The whole input of the tool, as plain text."}},"required":["input"]}"#;

/// `format` of a custom tool.
#[derive(Debug, Deserialize)]
pub(super) struct Format<'a> {
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    /// `lark` or `regex`
    syntax: Option<Text<'a>>,
    definition: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
struct Arguments<'a> {
    #[serde(borrow)]
    input: Cow<'a, str>,
}

/// The schema to declare.
pub(super) fn parameters<'a>() -> Option<Cow<'a, RawValue>> {
    RawValue::from_string(PARAMETERS.to_owned())
        .ok()
        .map(Cow::Owned)
}

/// The description to declare: the client's, and the grammar if there is one.
///
/// # Errors
/// A [`Refusal`] for a format that OpenAI does not define.
pub(super) fn describe<'a>(
    description: Option<&'a str>,
    format: Option<&Object<Format<'_>>>,
) -> Result<Option<Cow<'a, str>>, Refusal> {
    let description = description.map(Cow::Borrowed);
    let Some(format) = format else {
        return Ok(description);
    };
    let grammar = format
        .grammar()
        .map_err(|refusal| refusal.within("format"))?;
    Ok(match (description, grammar) {
        (description, None) => description,
        (None, Some(grammar)) => Some(Cow::Owned(grammar)),
        (Some(description), Some(grammar)) => {
            Some(Cow::Owned(format!("{description}\n\n{grammar}")))
        }
    })
}

impl Format<'_> {
    fn grammar(&self) -> Result<Option<String>, Refusal> {
        match self.r#type.as_deref() {
            Some("text") => Ok(None),
            Some("grammar") => {
                let Some(definition) = self.definition.as_deref() else {
                    return Err(Refusal::missing("definition", "a grammar"));
                };
                match self.syntax.as_deref() {
                    Some(syntax @ ("lark" | "regex")) => Ok(Some(format!(
                        "The input must match this {syntax} grammar:\n{definition}"
                    ))),
                    Some(other) => Err(Refusal::new(
                        Code::InvalidValue,
                        "syntax",
                        format_args!("unknown syntax {}; use `lark` or `regex`", Quoted(other)),
                    )),
                    None => Err(Refusal::missing("syntax", "`lark` or `regex`")),
                }
            }
            Some(other) => Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!("unknown type {}; use `text` or `grammar`", Quoted(other)),
            )),
            None => Err(Refusal::missing("type", "`text` or `grammar`")),
        }
    }
}

/// The arguments of an earlier call with this text.
pub(super) fn wrap<'a>(input: &str) -> Cow<'a, RawValue> {
    let arguments = Arguments {
        input: Cow::Borrowed(input),
    };
    match to_raw_value(&arguments) {
        Ok(raw) => Cow::Owned(raw),
        // Cannot happen: a string serializes.
        Err(_) => Cow::Borrowed(RawValue::NULL),
    }
}

/// The text of a call; the arguments as they are if the model did not keep to the schema, so that
/// nothing is lost.
pub(super) fn unwrap(arguments: &str) -> Cow<'_, str> {
    match serde_json::from_str::<Object<Arguments<'_>>>(arguments) {
        Ok(Object(arguments)) => arguments.input,
        Err(_) => Cow::Borrowed(arguments),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_is_wrapped_and_unwrapped_t12() {
        for input in ["", "*** Begin Patch\n\"é\"", "{}"] {
            assert_eq!(unwrap(wrap(input).get()), input);
        }
        for arguments in ["{}", r#"{"input":7}"#, r#"{"patch":"x"}"#] {
            assert_eq!(unwrap(arguments), arguments);
        }
    }

    #[test]
    fn the_schema_is_json() {
        assert_eq!(parameters().unwrap().get(), PARAMETERS);
    }
}
