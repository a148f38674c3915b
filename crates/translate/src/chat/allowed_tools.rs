//! `allowed_tools`: some of the tools that a request declares (T11).
//!
//! Gemini restricts functions only, so what of Google's is not allowed must not be sent, and what of
//! Google's is required counts as allowed.

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    tool_choice::{Chosen, Google, Named, declared},
    tools::{GoogleTool, Kind, MAX_TOOLS, has_google_tool},
};
use crate::{
    invalid_request::{Code, Quoted, Refusal},
    json::{Bounded, Object, Text},
    prompt::{ToolChoice, Tools},
};

#[derive(Debug, Deserialize)]
pub(super) struct AllowedTools<'a> {
    #[serde(borrow)]
    mode: Option<Text<'a>>,
    tools: Option<Bounded<Object<AllowedTool<'a>>, MAX_TOOLS>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AllowedTool<'a> {
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    function: Option<Object<Named<'a>>>,
    custom: Option<Object<Named<'a>>>,
}

/// A choice among some of the tools.
///
/// # Errors
/// A [`Refusal`] whose path is relative to `allowed_tools`.
pub(super) fn read_allowed<'a>(
    allowed: &'a AllowedTools<'_>,
    tools: &Tools<'_>,
) -> Result<Chosen<'a>, Refusal> {
    let mut names = Vec::new();
    let mut google = Vec::new();
    for (index, tool) in allowed
        .tools
        .as_deref()
        .unwrap_or_default()
        .iter()
        .enumerate()
    {
        match read_allowed_tool(tool, tools)
            .map_err(|refusal| refusal.within(format_args!("tools[{index}]")))?
        {
            Allowed::Function(name) => names.push(name),
            Allowed::Google(tool) => google.push(tool),
        }
    }
    if names.is_empty() && google.is_empty() {
        return Err(Refusal::missing("tools", "an array with at least one tool"));
    }
    let functions = match allowed.mode.as_deref() {
        // Where only Google's are allowed, there is nothing that could be required.
        Some("required") if !names.is_empty() => ToolChoice::AnyOf(names),
        Some("auto" | "required") => ToolChoice::AutoOf(names),
        Some(mode) => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "mode",
                format_args!("unknown mode {}; use `auto` or `required`", Quoted(mode)),
            ));
        }
        None => return Err(Refusal::missing("mode", "`auto` or `required`")),
    };
    Ok(Chosen {
        functions,
        google: Google::Only(google),
    })
}

enum Allowed<'a> {
    Function(Cow<'a, str>),
    Google(GoogleTool),
}

fn read_allowed_tool<'a>(
    tool: &'a AllowedTool<'_>,
    tools: &Tools<'_>,
) -> Result<Allowed<'a>, Refusal> {
    let Some(kind) = tool.r#type.as_deref() else {
        return Err(Refusal::missing("type", "`function`, for instance"));
    };
    let named = |named: Option<&'a Named<'_>>, path| {
        let name = declared(named, tools).map_err(|refusal| refusal.within(path))?;
        Ok(Allowed::Function(name))
    };
    match Kind::named(kind) {
        Some(Kind::Function) => named(tool.function.as_deref(), "function"),
        Some(Kind::Custom) => named(tool.custom.as_deref(), "custom"),
        Some(Kind::Google(tool)) if has_google_tool(tools, tool) => Ok(Allowed::Google(tool)),
        Some(Kind::Google(_)) => Err(Refusal::new(
            Code::InvalidValue,
            "type",
            format_args!("{} is not among the declared tools", Quoted(kind)),
        )),
        None => Err(Refusal::new(
            Code::InvalidValue,
            "type",
            format_args!("unknown type {}; use `function` or `custom`", Quoted(kind)),
        )),
    }
}
