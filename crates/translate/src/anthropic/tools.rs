//! Anthropic's tools and tool choice to a draft's (T1–T15, §7.1).
//!
//! | `type` | becomes |
//! |---|---|
//! | absent, `custom` | a function |
//! | `bash_…`, `text_editor_…`, `memory_…` | a function with the schema that Anthropic documents: the client runs it |
//! | `web_search_…` | Google Search |
//! | `web_fetch_…` | Google's URL context |
//! | `code_execution_…` | Google's code execution |
//! | `tool_search_tool_…` | nothing: all tools are given at once |
//! | `computer_…`, toolsets, others | refused |

use std::borrow::Cow;

use super::{
    built_in::{self, BuiltIn},
    request::Fields,
    tool::{Tool, ToolChoice},
};
use crate::{
    invalid_request::{Code, Quoted, Refusal},
    prompt::{self, Function, Tools},
};

/// What a `type` means, whatever its date.
enum Kind {
    Own,
    BuiltIn(BuiltIn),
    WebSearch,
    WebFetch,
    CodeExecution,
    ToolSearch,
}

/// Converts `tools` and `tool_choice`.
///
/// # Errors
/// A [`Refusal`] that names the field.
pub(super) fn convert_tools<'a>(fields: &'a Fields<'_>) -> Result<Tools<'a>, Refusal> {
    let mut tools = Tools::default();
    let mut names: Vec<&str> = Vec::new();
    for (index, tool) in fields.tools().iter().enumerate() {
        add_tool(tool, &mut names, &mut tools)
            .map_err(|refusal| refusal.within(format_args!("tools[{index}]")))?;
    }
    if let Some(choice) = &fields.tool_choice {
        tools.choice = convert_choice(choice, &names, &tools)
            .map_err(|refusal| refusal.within("tool_choice"))?;
    }
    Ok(tools)
}

/// Names of the functions that the client may be asked to call, valid or not.
pub(super) fn function_names<'a>(fields: &'a Fields<'_>) -> impl Iterator<Item = &'a str> {
    fields
        .tools()
        .iter()
        .filter_map(|tool| match read_kind(tool) {
            Ok(Kind::Own) => tool.name.as_deref(),
            Ok(Kind::BuiltIn(built_in)) => Some(tool.name.as_deref().unwrap_or(built_in.name())),
            _ => None,
        })
}

/// Whether the client asked for web search, and so knows its blocks.
pub(super) fn declares_web_search(fields: &Fields<'_>) -> bool {
    let mut tools = fields.tools().iter();
    tools.any(|tool| matches!(read_kind(tool), Ok(Kind::WebSearch)))
}

fn read_kind(tool: &Tool<'_>) -> Result<Kind, Refusal> {
    let Some(name) = tool.r#type.as_deref() else {
        return Ok(Kind::Own);
    };
    // `web_search_20260318`: the family, and the date of its version.
    let dated = name.rsplit_once('_');
    let dated = dated.and_then(|(family, date)| Some((family, date.parse::<u32>().ok()?)));
    let (family, date) = dated.unwrap_or((name, u32::MAX));
    Ok(match family {
        "custom" => Kind::Own,
        "web_search" => Kind::WebSearch,
        "web_fetch" => Kind::WebFetch,
        "code_execution" => Kind::CodeExecution,
        "tool_search_tool_bm25" | "tool_search_tool_regex" => Kind::ToolSearch,
        "bash" => Kind::BuiltIn(BuiltIn::Bash),
        "text_editor" if date < built_in::EDITOR_WITHOUT_UNDO => {
            Kind::BuiltIn(BuiltIn::OldTextEditor)
        }
        "text_editor" => Kind::BuiltIn(BuiltIn::TextEditor),
        "memory" => Kind::BuiltIn(BuiltIn::Memory),
        "computer" | "computer_toolset" | "browser_toolset" | "mcp_toolset" | "advisor" => {
            return Err(Refusal::new(
                Code::UnsupportedValue,
                "type",
                format_args!(
                    "Gemini has no counterpart of {}; describe the tool as a `custom` one",
                    Quoted(name)
                ),
            ));
        }
        _ => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!(
                    "unknown type {}; use `custom` or one of Anthropic's tools, \
                     `web_search_20260318` for instance",
                    Quoted(name)
                ),
            ));
        }
    })
}

fn add_tool<'a>(
    tool: &'a Tool<'_>,
    names: &mut Vec<&'a str>,
    tools: &mut Tools<'a>,
) -> Result<(), Refusal> {
    let kind = read_kind(tool)?;
    let name = tool.name.as_deref().filter(|name| !name.is_empty());
    let name = match (&kind, name) {
        (_, Some(name)) => name,
        (Kind::Own, None) => return Err(Refusal::missing("name", "the name of the tool")),
        (Kind::BuiltIn(built_in), None) => built_in.name(),
        (Kind::WebSearch, None) => "web_search",
        (Kind::WebFetch, None) => "web_fetch",
        (Kind::CodeExecution, None) => "code_execution",
        (Kind::ToolSearch, None) => "tool_search",
    };
    if names.contains(&name) {
        return Err(Refusal::new(
            Code::InvalidValue,
            "name",
            format_args!("there is a tool {} already", Quoted(name)),
        ));
    }
    names.push(name);
    tools.strict |= tool.strict == Some(true);
    match kind {
        Kind::Own => {
            let schema = tool.input_schema;
            let schema = schema.ok_or_else(|| Refusal::missing("input_schema", "a JSON Schema"))?;
            if !schema.get().starts_with('{') {
                return Err(Refusal::new(
                    Code::InvalidType,
                    "input_schema",
                    "expected an object",
                ));
            }
            tools.functions.push(Function {
                name: Cow::Borrowed(name),
                description: tool.description.as_deref().map(Cow::Borrowed),
                parameters: Some(Cow::Borrowed(schema)),
            });
        }
        Kind::BuiltIn(built_in) => tools.functions.push(Function {
            name: Cow::Borrowed(name),
            description: Some(Cow::Borrowed(built_in.description())),
            parameters: built_in.schema().map(Cow::Borrowed),
        }),
        Kind::WebSearch => tools.google_search = true,
        Kind::WebFetch => tools.url_context = true,
        Kind::CodeExecution => tools.code_execution = true,
        Kind::ToolSearch => {}
    }
    Ok(())
}

/// `names` are those of all tools. Google's tools cannot be demanded; the model uses them by its own
/// judgement then.
fn convert_choice<'a>(
    choice: &'a ToolChoice<'_>,
    names: &[&str],
    tools: &Tools<'_>,
) -> Result<prompt::ToolChoice<'a>, Refusal> {
    let kind = choice.r#type.as_deref();
    let kind = kind.ok_or_else(|| Refusal::missing("type", "`auto`, `any`, `tool` or `none`"))?;
    if names.is_empty() && matches!(kind, "any" | "tool") {
        return Err(Refusal::new(
            Code::InvalidValue,
            "",
            "demands a tool, but there are no `tools`",
        ));
    }
    match kind {
        "auto" => Ok(prompt::ToolChoice::Auto),
        "none" => Ok(prompt::ToolChoice::None),
        "any" if tools.functions.is_empty() => Ok(prompt::ToolChoice::Auto),
        "any" => Ok(prompt::ToolChoice::Any),
        "tool" => {
            let name = choice.name.as_deref();
            let name = name.ok_or_else(|| Refusal::missing("name", "the name of a tool"))?;
            if !names.contains(&name) {
                return Err(Refusal::new(
                    Code::InvalidValue,
                    "name",
                    format_args!("there is no tool {}", Quoted(name)),
                ));
            }
            let is_function = tools.functions.iter().any(|function| function.name == name);
            Ok(if is_function {
                prompt::ToolChoice::AnyOf(vec![Cow::Borrowed(name)])
            } else {
                prompt::ToolChoice::Auto
            })
        }
        other => Err(Refusal::new(
            Code::InvalidValue,
            "type",
            format_args!(
                "unknown type {}; use `auto`, `any`, `tool` or `none`",
                Quoted(other)
            ),
        )),
    }
}
