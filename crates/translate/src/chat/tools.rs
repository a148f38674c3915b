//! Tools of a request: functions, custom tools and Google's own (T1–T6, T12–T15).
//!
//! Which of them are to be called is `tool_choice`'s. `parallel_tool_calls` is read and has no
//! effect: Gemini has no such field, and keeping calls from the client would lose them (T13).

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{custom_tool::CustomTool, request::Fields, tool_choice::choose};
use crate::{
    invalid_request::{Code, Quoted, Refusal},
    json::{Bounded, Object, Text, UnusedObject},
    prompt::{Function, Tools},
};

/// Most tools of one request (SEC-065); OpenAI takes 128, and Gemini 512 declarations
/// (<https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling>, November
/// 2026).
pub(super) const MAX_TOOLS: usize = 512;

/// What `tools` is.
pub(super) type ToolList<'a> = Bounded<Object<Tool<'a>>, MAX_TOOLS>;

/// An entry of `tools`. Clients that know Gemini send Google's tools in Google's own form, too.
#[derive(Debug, Deserialize)]
pub(super) struct Tool<'a> {
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    function: Option<Object<FunctionTool<'a>>>,
    custom: Option<Object<CustomTool<'a>>>,
    #[serde(alias = "googleSearch")]
    google_search: Option<UnusedObject>,
    #[serde(alias = "codeExecution")]
    code_execution: Option<UnusedObject>,
    #[serde(alias = "urlContext")]
    url_context: Option<UnusedObject>,
}

/// Also an entry of the older `functions`.
#[derive(Debug, Deserialize)]
pub(super) struct FunctionTool<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    description: Option<Text<'a>>,
    parameters: Option<&'a RawValue>,
    strict: Option<bool>,
}

/// Where the user is, and how much to read, have no counterpart and are dropped (T15).
#[derive(Debug, Deserialize)]
pub(super) struct WebSearchOptions<'a> {
    #[serde(borrow)]
    search_context_size: Option<Text<'a>>,
    #[serde(rename = "user_location")]
    _user_location: Option<UnusedObject>,
}

/// What an entry declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Function,
    Custom,
    Google(GoogleTool),
}

/// Tools that Google runs itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GoogleTool {
    Search,
    CodeExecution,
    UrlContext,
}

impl GoogleTool {
    pub(super) const ALL: [Self; 3] = [Self::Search, Self::CodeExecution, Self::UrlContext];
}

impl Kind {
    /// By the name that `type` gives. OpenAI, Anthropic and others date their web searches
    /// (`web_search_2025_08_26`).
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "function" => Self::Function,
            "custom" => Self::Custom,
            "google_search" | "googleSearch" => Self::Google(GoogleTool::Search),
            "code_interpreter" | "code_execution" | "codeExecution" => {
                Self::Google(GoogleTool::CodeExecution)
            }
            "url_context" | "urlContext" => Self::Google(GoogleTool::UrlContext),
            name if name.starts_with("web_search") => Self::Google(GoogleTool::Search),
            _ => return None,
        })
    }
}

impl<'a> Tool<'a> {
    fn kind(&self) -> Result<Kind, Refusal> {
        const KNOWN: &str = "`function`, `custom`, `google_search`, `web_search`, `code_execution`, `code_interpreter`, `url_context`";
        if let Some(name) = self.r#type.as_deref() {
            return Kind::named(name).ok_or_else(|| {
                let name = Quoted(name);
                Refusal::new(
                    Code::InvalidValue,
                    "type",
                    format_args!("Gemini has no tool of type {name}; use one of {KNOWN}"),
                )
            });
        }
        let google = [
            (self.google_search.is_some(), GoogleTool::Search),
            (self.code_execution.is_some(), GoogleTool::CodeExecution),
            (self.url_context.is_some(), GoogleTool::UrlContext),
        ];
        let found = google.into_iter().find(|(present, _)| *present);
        found
            .map(|(_, tool)| Kind::Google(tool))
            .ok_or_else(|| Refusal::missing("type", format_args!("one of {KNOWN}")))
    }

    /// The name under which the tool can be called; `None` for what Google calls itself.
    fn name(&self) -> Option<&str> {
        match self.kind() {
            Ok(Kind::Function) => self.function.as_ref()?.name.as_deref(),
            Ok(Kind::Custom) => self.custom.as_ref()?.name(),
            Ok(Kind::Google(_)) | Err(_) => None,
        }
    }
}

/// Converts everything about tools.
///
/// # Errors
/// A [`Refusal`] that names the field.
pub(super) fn convert_tools<'a>(fields: &'a Fields<'_>) -> Result<Tools<'a>, Refusal> {
    let mut tools = Tools::default();
    for (index, tool) in fields.tools().iter().enumerate() {
        push_tool(tool, &mut tools)
            .map_err(|refusal| refusal.within(format_args!("tools[{index}]")))?;
    }
    let older = fields.functions();
    if !older.is_empty() && !fields.tools().is_empty() {
        return Err(Refusal::new(
            Code::InvalidValue,
            "functions",
            "cannot be given together with `tools`",
        ));
    }
    for (index, function) in older.iter().enumerate() {
        push_function(function, &mut tools)
            .map_err(|refusal| refusal.within(format_args!("functions[{index}]")))?;
    }
    choose(fields, &mut tools)?;
    if let Some(options) = &fields.web_search_options {
        check_search(options).map_err(|refusal| refusal.within("web_search_options"))?;
        tools.google_search = true;
    }
    Ok(tools)
}

fn push_tool<'a>(tool: &'a Tool<'_>, tools: &mut Tools<'a>) -> Result<(), Refusal> {
    match tool.kind()? {
        Kind::Function => match tool.function.as_deref() {
            Some(function) => push_function(function, tools),
            None => Err(Refusal::missing("", "an object with `name`")),
        }
        .map_err(|refusal| refusal.within("function")),
        Kind::Custom => match tool.custom.as_deref() {
            Some(custom) => custom
                .convert()
                .and_then(|function| declare(function, tools)),
            None => Err(Refusal::missing("", "an object with `name`")),
        }
        .map_err(|refusal| refusal.within("custom")),
        Kind::Google(tool) => {
            *google_tool(tools, tool) = true;
            Ok(())
        }
    }
}

fn push_function<'a>(function: &'a FunctionTool<'_>, tools: &mut Tools<'a>) -> Result<(), Refusal> {
    let parameters = function.parameters;
    if parameters.is_some_and(|schema| !schema.get().starts_with('{')) {
        return Err(Refusal::new(
            Code::InvalidType,
            "parameters",
            "expected an object: a JSON Schema",
        ));
    }
    tools.strict |= function.strict.unwrap_or(false);
    let function = Function {
        name: required_name(function.name.as_deref())?.into(),
        description: function.description.as_deref().map(Into::into),
        parameters: parameters.map(Cow::Borrowed),
    };
    declare(function, tools)
}

/// Gemini refuses two functions of one name, without saying which.
fn declare<'a>(function: Function<'a>, tools: &mut Tools<'a>) -> Result<(), Refusal> {
    if is_declared(tools, &function.name) {
        return Err(Refusal::new(
            Code::InvalidValue,
            "name",
            format_args!("{} is declared twice", Quoted(&function.name)),
        ));
    }
    tools.functions.push(function);
    Ok(())
}

/// Whether a function of this name is declared.
pub(super) fn is_declared(tools: &Tools<'_>, name: &str) -> bool {
    tools.functions.iter().any(|function| function.name == name)
}

/// Whether a tool of Google's is on.
pub(super) fn has_google_tool(tools: &Tools<'_>, tool: GoogleTool) -> bool {
    match tool {
        GoogleTool::Search => tools.google_search,
        GoogleTool::CodeExecution => tools.code_execution,
        GoogleTool::UrlContext => tools.url_context,
    }
}

/// The switch of a tool of Google's.
pub(super) fn google_tool<'t>(tools: &'t mut Tools<'_>, tool: GoogleTool) -> &'t mut bool {
    match tool {
        GoogleTool::Search => &mut tools.google_search,
        GoogleTool::CodeExecution => &mut tools.code_execution,
        GoogleTool::UrlContext => &mut tools.url_context,
    }
}

/// A name that is there and not empty, at the path `name`.
pub(super) fn required_name(name: Option<&str>) -> Result<&str, Refusal> {
    name.filter(|name| !name.is_empty())
        .ok_or_else(|| Refusal::missing("name", "a string"))
}

fn check_search(options: &WebSearchOptions<'_>) -> Result<(), Refusal> {
    match options.search_context_size.as_deref() {
        None | Some("low" | "medium" | "high") => Ok(()),
        Some(size) => Err(Refusal::new(
            Code::InvalidValue,
            "search_context_size",
            format_args!(
                "unknown size {}; use one of `low`, `medium`, `high`",
                Quoted(size)
            ),
        )),
    }
}

impl<'a> Fields<'a> {
    fn tools(&self) -> &[Object<Tool<'a>>] {
        self.tools.as_deref().unwrap_or_default()
    }

    fn functions(&self) -> &[Object<FunctionTool<'a>>] {
        self.functions.as_deref().unwrap_or_default()
    }

    /// Names of everything that the model may call, as declared. Whatever makes no sense is left
    /// out: it is refused where the request is planned.
    pub(super) fn callable_names(&self) -> impl Iterator<Item = &str> {
        let tools = self.tools().iter().filter_map(|tool| tool.name());
        let older = self.functions().iter();
        tools.chain(older.filter_map(|function| function.name.as_deref()))
    }

    /// Names of custom tools, whose calls are unwrapped in answers (T12).
    pub(super) fn custom_names(&self) -> impl Iterator<Item = &str> {
        let tools = self.tools().iter();
        let custom = tools.filter(|tool| matches!(tool.kind(), Ok(Kind::Custom)));
        custom.filter_map(|tool| tool.name())
    }

    /// Whether calls go into the older `function_call` of answers (T14).
    pub(super) fn calls_in_older_form(&self) -> bool {
        !self.functions().is_empty()
    }
}
