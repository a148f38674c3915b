//! `tool_choice` in all its forms (T7–T12).
//!
//! Names are checked against the declared tools: Gemini's own message for an unknown one says
//! nothing. Gemini has no way to force one of its own tools, so choosing one means that no function
//! may be called, and choosing among tools switches the others of Google's off. A picture can be
//! asked for.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    call_names::{CallNames, full_name},
    tools::{self, Converted, Kind, MAX_TOOLS},
};
use crate::{
    gemini::request::Modality,
    invalid_request::{Code, Quoted, Refusal},
    json::{Bounded, Object, Text, TextOr, read_field},
    prompt::ToolChoice,
};

/// A choice other than one of the words.
#[derive(Debug, Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    name: Option<Text<'a>>,
    namespace: Option<Text<'a>>,
    mode: Option<Text<'a>>,
    tools: Option<Bounded<Object<Choice<'a>>, MAX_TOOLS>>,
}

/// A tool that was chosen.
enum Chosen {
    Function(String),
    Google(Kind),
}

/// No function may be called, but Google's tools may be used: [`ToolChoice::None`] forbids both.
const NO_FUNCTION: ToolChoice<'static> = ToolChoice::AutoOf(Vec::new());

const FORMS: &str = "`auto`, `none`, `required` or an object with a `type`";

/// Narrows `converted` to what the client chose.
///
/// # Errors
/// A [`Refusal`] whose path starts with `tool_choice`.
pub(super) fn apply<'a>(
    choice: &'a RawValue,
    names: &CallNames,
    converted: &mut Converted<'a>,
) -> Result<(), Refusal> {
    const FIELD: &str = "tool_choice";
    let word = match read_field::<TextOr<'_, Object<Choice<'_>>>>(FIELD, choice)? {
        TextOr::Text(word) => word,
        TextOr::Other(choice) => {
            return apply_object(&choice, names, converted)
                .map_err(|refusal| refusal.within(FIELD));
        }
    };
    converted.tools.choice = match &*word {
        "auto" => ToolChoice::Auto,
        "none" => ToolChoice::None,
        "required" => ToolChoice::Any,
        other => {
            let problem = format_args!("unknown choice {}; use {FORMS}", Quoted(other));
            return Err(Refusal::new(Code::InvalidValue, FIELD, problem));
        }
    };
    Ok(())
}

fn apply_object(
    choice: &Choice<'_>,
    names: &CallNames,
    converted: &mut Converted<'_>,
) -> Result<(), Refusal> {
    if choice.r#type.as_deref() != Some("allowed_tools") {
        match read_tool(choice, names)? {
            Chosen::Function(name) => {
                converted.tools.choice = ToolChoice::AnyOf(vec![Cow::Owned(name)]);
            }
            Chosen::Google(kind) => {
                check_listed(kind, converted)?;
                keep_google(&[kind], converted);
                converted.tools.choice = NO_FUNCTION;
                if kind == Kind::Images {
                    // Images alone would leave the model no way to say anything (I1).
                    converted.modalities = vec![Modality::Text, Modality::Image];
                }
            }
        }
        return Ok(());
    }

    let list = choice
        .tools
        .as_deref()
        .filter(|tools| !tools.is_empty())
        .ok_or_else(|| Refusal::missing("tools", "an array with at least one tool"))?;
    let mut functions = Vec::new();
    let mut google = Vec::new();
    for (index, tool) in list.iter().enumerate() {
        let at = |refusal: Refusal| refusal.within(format_args!("tools[{index}]"));
        match read_tool(tool, names).map_err(at)? {
            Chosen::Function(name) => functions.push(Cow::Owned(name)),
            Chosen::Google(kind) => {
                check_listed(kind, converted).map_err(at)?;
                google.push(kind);
            }
        }
    }
    keep_google(&google, converted);
    converted.tools.choice = match choice.mode.as_deref() {
        Some("auto" | "required") if functions.is_empty() => NO_FUNCTION,
        Some("auto") => ToolChoice::AutoOf(functions),
        Some("required") => ToolChoice::AnyOf(functions),
        Some(other) => {
            let problem = format_args!("unknown mode {}; use `auto` or `required`", Quoted(other));
            return Err(Refusal::new(Code::InvalidValue, "mode", problem));
        }
        None => return Err(Refusal::missing("mode", "`auto` or `required`")),
    };
    Ok(())
}

fn read_tool(tool: &Choice<'_>, names: &CallNames) -> Result<Chosen, Refusal> {
    let Some(kind) = tool.r#type.as_deref() else {
        return Err(Refusal::missing("type", "`function` for instance"));
    };
    match tools::kind_of(kind) {
        Some(Kind::Function | Kind::Custom) => {
            let name = tool.name.as_deref();
            let name = name.ok_or_else(|| Refusal::missing("name", "the name of a tool"))?;
            let full = full_name(tool.namespace.as_deref(), name).into_owned();
            if names.contains(&full) {
                return Ok(Chosen::Function(full));
            }
            let problem = format_args!("{} is not among the tools", Quoted(&full));
            Err(Refusal::new(Code::InvalidValue, "name", problem))
        }
        Some(google @ (Kind::GoogleSearch | Kind::CodeExecution | Kind::Images)) => {
            Ok(Chosen::Google(google))
        }
        Some(Kind::Namespace | Kind::Refused(_)) => {
            let problem = format_args!("a tool of type {} cannot be chosen", Quoted(kind));
            Err(Refusal::new(Code::UnsupportedValue, "type", problem))
        }
        None => {
            let problem = format_args!("unknown type {}; use `function`", Quoted(kind));
            Err(Refusal::new(Code::InvalidValue, "type", problem))
        }
    }
}

fn check_listed(kind: Kind, converted: &Converted<'_>) -> Result<(), Refusal> {
    let listed = match kind {
        Kind::GoogleSearch => converted.tools.google_search,
        Kind::CodeExecution => converted.tools.code_execution,
        Kind::Images => converted.images,
        Kind::Function | Kind::Custom | Kind::Namespace | Kind::Refused(_) => false,
    };
    if listed {
        return Ok(());
    }
    let problem = "is not among the tools";
    Err(Refusal::new(Code::InvalidValue, "type", problem))
}

fn keep_google(chosen: &[Kind], converted: &mut Converted<'_>) {
    converted.tools.google_search &= chosen.contains(&Kind::GoogleSearch);
    converted.tools.code_execution &= chosen.contains(&Kind::CodeExecution);
}
