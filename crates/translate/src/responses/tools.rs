//! `tools`: flat functions, custom tools, namespaces, and what Google has in place of OpenAI's own
//! tools (T1–T6, T12, T15).
//!
//! Schemas travel as the client wrote them. Which tools fit together on a model is the assembler's
//! to know.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{call_names::full_name, custom_tool};
use crate::{
    gemini::request::{ImageConfig, Modality},
    invalid_request::{Code, Quoted, Refusal},
    json::{Bounded, Object, Text, TextOr, UnusedObject, UnusedText},
    prompt::{Function, Tools},
};

/// Most tools in a request, and in a namespace (SEC-065).
pub(super) const MAX_TOOLS: usize = 512;

/// A tool of any type. What begins with `_` is only checked: all tools are always loaded, and the
/// rest tunes OpenAI's own.
#[derive(Debug, Deserialize)]
pub(super) struct Tool<'a> {
    #[serde(borrow)]
    pub(super) r#type: Option<Text<'a>>,
    pub(super) name: Option<Text<'a>>,
    description: Option<Text<'a>>,
    parameters: Option<&'a RawValue>,
    strict: Option<bool>,
    /// Of a custom tool.
    format: Option<Object<custom_tool::Format<'a>>>,
    /// Of a namespace.
    tools: Option<Bounded<Object<Tool<'a>>, MAX_TOOLS>>,
    /// Of a picture.
    size: Option<Text<'a>>,
    #[serde(rename = "defer_loading")]
    _defer_loading: Option<bool>,
    #[serde(rename = "allowed_callers")]
    _allowed_callers: Option<UnusedWords>,
    #[serde(rename = "async")]
    _async: Option<bool>,
    #[serde(rename = "output_schema")]
    _output_schema: Option<UnusedObject>,
    #[serde(rename = "user_location")]
    _user_location: Option<UnusedObject>,
    #[serde(rename = "search_context_size")]
    _search_context_size: Option<UnusedText>,
    #[serde(rename = "search_content_types")]
    _search_content_types: Option<UnusedWords>,
    #[serde(rename = "filters")]
    _filters: Option<UnusedObject>,
    #[serde(rename = "external_web_access")]
    _external_web_access: Option<bool>,
    #[serde(rename = "container")]
    _container: Option<UnusedContainer<'a>>,
    #[serde(rename = "action")]
    _action: Option<UnusedText>,
    #[serde(rename = "background")]
    _background: Option<UnusedText>,
    #[serde(rename = "input_fidelity")]
    _input_fidelity: Option<UnusedText>,
    #[serde(rename = "input_image_mask")]
    _input_image_mask: Option<UnusedObject>,
    #[serde(rename = "model")]
    _model: Option<UnusedText>,
    #[serde(rename = "moderation")]
    _moderation: Option<UnusedText>,
    #[serde(rename = "output_compression")]
    _output_compression: Option<i64>,
    #[serde(rename = "output_format")]
    _output_format: Option<UnusedText>,
    #[serde(rename = "partial_images")]
    _partial_images: Option<i64>,
    #[serde(rename = "quality")]
    _quality: Option<UnusedText>,
}

/// Words that have no effect.
type UnusedWords = Vec<UnusedText>;

/// A container by its id, or what to make one of.
type UnusedContainer<'a> = TextOr<'a, Object<IgnoredFields>>;

/// An object of which nothing is read.
#[derive(Debug, Deserialize)]
struct IgnoredFields {}

/// What a tool is, by its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Function,
    Custom,
    Namespace,
    GoogleSearch,
    CodeExecution,
    Images,
    /// Refused; the text says why.
    Refused(&'static str),
}

const NO_SHELL: &str = "Gemini has no such tool; declare a function for it";

/// Tools of openai-python 3.54, `ToolParam`, November 2026.
const KINDS: &[(&str, Kind)] = &[
    ("function", Kind::Function),
    ("custom", Kind::Custom),
    ("namespace", Kind::Namespace),
    ("web_search", Kind::GoogleSearch),
    ("web_search_2025_08_26", Kind::GoogleSearch),
    ("web_search_preview", Kind::GoogleSearch),
    ("web_search_preview_2025_03_11", Kind::GoogleSearch),
    ("code_interpreter", Kind::CodeExecution),
    ("image_generation", Kind::Images),
    (
        "file_search",
        Kind::Refused("gempool keeps no vector stores; send the text or the file itself"),
    ),
    (
        "mcp",
        Kind::Refused("gempool calls no MCP servers; connect them in the client, as functions"),
    ),
    ("computer", Kind::Refused(NO_SHELL)),
    ("computer_use_preview", Kind::Refused(NO_SHELL)),
    ("local_shell", Kind::Refused(NO_SHELL)),
    ("shell", Kind::Refused(NO_SHELL)),
    ("apply_patch", Kind::Refused(NO_SHELL)),
    (
        "tool_search",
        Kind::Refused("all tools are always loaded; leave it out"),
    ),
    ("programmatic_tool_calling", Kind::Refused(NO_SHELL)),
];

/// The aspect ratio of a size, for the sizes that OpenAI names (I2); the model chooses for others.
const ASPECT_RATIOS: &[(&str, &str)] = &[
    ("1024x1024", "1:1"),
    ("1024x1536", "2:3"),
    ("1536x1024", "3:2"),
];

/// What tools become in a draft.
#[derive(Debug, Default)]
pub(super) struct Converted<'a> {
    pub(super) tools: Tools<'a>,
    /// The client offers to have pictures made. Models that make any do so unasked, and no others
    /// have the tool (G20).
    pub(super) images: bool,
    /// Not empty if a picture was chosen.
    pub(super) modalities: Vec<Modality>,
    pub(super) image: ImageConfig,
}

/// What OpenAI calls a tool of this type, and what it is here; `None` if OpenAI has none.
pub(super) fn kind_of(name: &str) -> Option<Kind> {
    let known = KINDS.iter().find(|(known, _)| *known == name);
    known.map(|(_, kind)| *kind)
}

impl<'a> Tool<'a> {
    pub(super) fn kind(&self) -> Option<Kind> {
        kind_of(self.r#type.as_deref()?)
    }

    /// The tools of a namespace.
    pub(super) fn inner(&self) -> &[Object<Tool<'a>>] {
        self.tools.as_deref().unwrap_or_default()
    }
}

/// Converts the tools of a request, all of them: [`tool_choice`](super::tool_choice) may narrow them.
///
/// # Errors
/// A [`Refusal`] whose path starts with `tools[`.
pub(super) fn convert_tools<'a>(tools: &'a [Object<Tool<'_>>]) -> Result<Converted<'a>, Refusal> {
    let mut converted = Converted::default();
    for (index, tool) in tools.iter().enumerate() {
        converted
            .add(tool)
            .map_err(|refusal| refusal.within(format_args!("tools[{index}]")))?;
    }
    Ok(converted)
}

impl<'a> Converted<'a> {
    fn add(&mut self, tool: &'a Tool<'_>) -> Result<(), Refusal> {
        match read_kind(tool)? {
            Kind::Function | Kind::Custom => self.add_function(None, tool)?,
            Kind::Namespace => {
                let namespace = read_name(tool)?;
                for (index, inner) in tool.inner().iter().enumerate() {
                    self.add_inner(namespace, inner)
                        .map_err(|refusal| refusal.within(format_args!("tools[{index}]")))?;
                }
            }
            Kind::GoogleSearch => self.tools.google_search = true,
            Kind::CodeExecution => self.tools.code_execution = true,
            Kind::Images => {
                self.images = true;
                let size = tool.size.as_deref();
                let ratio = ASPECT_RATIOS.iter().find(|(known, _)| Some(*known) == size);
                self.image.aspect_ratio = ratio.map(|(_, ratio)| *ratio);
            }
            Kind::Refused(why) => return Err(refused(tool, why)),
        }
        Ok(())
    }

    fn add_inner(&mut self, namespace: &str, tool: &'a Tool<'_>) -> Result<(), Refusal> {
        match read_kind(tool)? {
            Kind::Function | Kind::Custom => self.add_function(Some(namespace), tool),
            Kind::Namespace
            | Kind::GoogleSearch
            | Kind::CodeExecution
            | Kind::Images
            | Kind::Refused(_) => Err(refused(
                tool,
                "a namespace holds functions and custom tools",
            )),
        }
    }

    fn add_function(&mut self, namespace: Option<&str>, tool: &'a Tool<'_>) -> Result<(), Refusal> {
        let name = full_name(namespace, read_name(tool)?);
        let description = tool.description.as_deref();
        let function = if tool.kind() == Some(Kind::Custom) {
            Function {
                name,
                description: custom_tool::describe(description, tool.format.as_ref())?,
                parameters: custom_tool::parameters(),
            }
        } else {
            self.tools.strict |= tool.strict == Some(true);
            Function {
                name,
                description: description.map(Cow::Borrowed),
                parameters: tool.parameters.map(read_schema).transpose()?,
            }
        };
        self.tools.functions.push(function);
        Ok(())
    }
}

fn read_kind(tool: &Tool<'_>) -> Result<Kind, Refusal> {
    let Some(name) = tool.r#type.as_deref() else {
        return Err(Refusal::missing("type", "`function` for instance"));
    };
    kind_of(name).ok_or_else(|| {
        Refusal::new(
            Code::InvalidValue,
            "type",
            format_args!("unknown type {}; use `function`", Quoted(name)),
        )
    })
}

fn refused(tool: &Tool<'_>, why: &str) -> Refusal {
    let name = tool.r#type.as_deref().unwrap_or_default();
    Refusal::new(
        Code::UnsupportedValue,
        "type",
        format_args!("a tool of type {} is not supported: {why}", Quoted(name)),
    )
}

fn read_name<'a>(tool: &'a Tool<'_>) -> Result<&'a str, Refusal> {
    let name = tool.name.as_deref().filter(|name| !name.is_empty());
    name.ok_or_else(|| Refusal::missing("name", "a string that is not empty"))
}

fn read_schema(schema: &RawValue) -> Result<Cow<'_, RawValue>, Refusal> {
    if schema.get().starts_with('{') {
        return Ok(Cow::Borrowed(schema));
    }
    let problem = "expected an object, a JSON Schema";
    Err(Refusal::new(Code::InvalidType, "parameters", problem))
}
