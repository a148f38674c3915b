//! Which tools are to be called (T7–T11, T14).
//!
//! Google's tools have no place in Gemini's choice: one that the client rules out is not sent. What
//! `web_search_options` asks for is no tool to OpenAI and not touched.

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    allowed_tools::{AllowedTools, read_allowed},
    request::Fields,
    tools::{GoogleTool, google_tool, has_google_tool, is_declared, required_name},
};
use crate::{
    invalid_request::{Code, Quoted, Refusal},
    json::{Object, Text, TextOr},
    prompt::{ToolChoice, Tools},
};

/// What `tool_choice` is.
pub(super) type ChoiceField<'a> = TextOr<'a, Object<Choice<'a>>>;

/// What the older `function_call` of a request is.
pub(super) type OlderChoiceField<'a> = TextOr<'a, Object<Named<'a>>>;

#[derive(Debug, Deserialize)]
pub(super) struct Choice<'a> {
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    function: Option<Object<Named<'a>>>,
    custom: Option<Object<Named<'a>>>,
    allowed_tools: Option<Object<AllowedTools<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Named<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

/// Sets the choice, and takes away what of Google's it rules out.
///
/// # Errors
/// A [`Refusal`] that names the field: for unknown words, for tools that are not declared, and for
/// having to call where nothing can be.
pub(super) fn choose<'a>(fields: &'a Fields<'_>, tools: &mut Tools<'a>) -> Result<(), Refusal> {
    let newer = match &fields.tool_choice {
        None => None,
        Some(field) => {
            Some(read_choice(field, tools).map_err(|refusal| refusal.within("tool_choice"))?)
        }
    };
    let older = match &fields.function_call {
        None => None,
        Some(field) => {
            Some(read_older(field, tools).map_err(|refusal| refusal.within("function_call"))?)
        }
    };
    if let (Some(newer), Some(older)) = (&newer, &older)
        && newer != older
    {
        return Err(Refusal::new(
            Code::InvalidValue,
            "function_call",
            "contradicts `tool_choice`",
        ));
    }
    let chosen = newer.or(older).unwrap_or_default();
    for tool in GoogleTool::ALL {
        if !chosen.google.allows(tool) {
            *google_tool(tools, tool) = false;
        }
    }
    // Without functions there is nothing that Gemini could be told about (T7).
    if !tools.functions.is_empty() {
        tools.choice = chosen.functions;
    }
    Ok(())
}

/// A choice in our words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chosen<'a> {
    pub(super) functions: ToolChoice<'a>,
    pub(super) google: Google,
}

/// Which of Google's tools stay.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Google {
    #[default]
    All,
    Only(Vec<GoogleTool>),
}

impl Google {
    fn allows(&self, tool: GoogleTool) -> bool {
        match self {
            Self::All => true,
            Self::Only(allowed) => allowed.contains(&tool),
        }
    }
}

fn read_choice<'a>(field: &'a ChoiceField<'_>, tools: &Tools<'_>) -> Result<Chosen<'a>, Refusal> {
    let choice = match field {
        TextOr::Text(word) => return read_word(word, &["none", "auto", "required"], tools),
        TextOr::Other(choice) => choice,
    };
    match choice.r#type.as_deref() {
        Some("function") => {
            one(choice.function.as_deref(), tools).map_err(|refusal| refusal.within("function"))
        }
        Some("custom") => {
            one(choice.custom.as_deref(), tools).map_err(|refusal| refusal.within("custom"))
        }
        Some("allowed_tools") => match choice.allowed_tools.as_deref() {
            Some(allowed) => read_allowed(allowed, tools),
            None => Err(Refusal::missing("", "an object with `mode` and `tools`")),
        }
        .map_err(|refusal| refusal.within("allowed_tools")),
        Some(kind) => Err(Refusal::new(
            Code::InvalidValue,
            "type",
            format_args!(
                "unknown type {}; use one of `function`, `custom`, `allowed_tools`",
                Quoted(kind)
            ),
        )),
        None => Err(Refusal::missing(
            "type",
            "`function`, `custom` or `allowed_tools`",
        )),
    }
}

fn read_older<'a>(
    field: &'a OlderChoiceField<'_>,
    tools: &Tools<'_>,
) -> Result<Chosen<'a>, Refusal> {
    match field {
        TextOr::Text(word) => read_word(word, &["none", "auto"], tools),
        TextOr::Other(named) => one(Some(named), tools),
    }
}

fn read_word<'a>(word: &str, known: &[&str], tools: &Tools<'_>) -> Result<Chosen<'a>, Refusal> {
    match word {
        word if !known.contains(&word) => {
            let known = known.join("`, `");
            Err(Refusal::new(
                Code::InvalidValue,
                "",
                format_args!("unknown choice {}; use one of `{known}`", Quoted(word)),
            ))
        }
        "none" => Ok(Chosen {
            functions: ToolChoice::None,
            google: Google::Only(Vec::new()),
        }),
        "required" => {
            require_tools(tools)?;
            Ok(Chosen {
                functions: ToolChoice::Any,
                google: Google::All,
            })
        }
        _ => Ok(Chosen::default()),
    }
}

/// Gemini cannot be made to use what Google runs: there, what is required counts as allowed.
fn require_tools(tools: &Tools<'_>) -> Result<(), Refusal> {
    let mut googles = GoogleTool::ALL.into_iter();
    if tools.functions.is_empty() && !googles.any(|tool| has_google_tool(tools, tool)) {
        return Err(Refusal::new(
            Code::InvalidValue,
            "",
            "requires a call, but there is nothing in `tools` to call",
        ));
    }
    Ok(())
}

/// Exactly one function, so nothing of Google's (T10).
fn one<'a>(named: Option<&'a Named<'_>>, tools: &Tools<'_>) -> Result<Chosen<'a>, Refusal> {
    let name = declared(named, tools)?;
    Ok(Chosen {
        functions: ToolChoice::AnyOf(vec![name]),
        google: Google::Only(Vec::new()),
    })
}

/// The name of a tool that is declared.
///
/// # Errors
/// A [`Refusal`] at `name`.
pub(super) fn declared<'a>(
    named: Option<&'a Named<'_>>,
    tools: &Tools<'_>,
) -> Result<Cow<'a, str>, Refusal> {
    let name = required_name(named.and_then(|named| named.name.as_deref()))?;
    if is_declared(tools, name) {
        return Ok(Cow::Borrowed(name));
    }
    Err(Refusal::new(
        Code::InvalidValue,
        "name",
        format_args!("{} is not among the declared tools", Quoted(name)),
    ))
}
