//! Functions, Google's own tools, and which of them may or must be used (T1–T11, T15).

use std::{borrow::Cow, collections::BTreeSet};

use super::schema;
use crate::{
    gemini::request::{
        CallingMode, FunctionCallingConfig, FunctionDeclaration, Nothing, Tool, ToolConfig,
    },
    invalid_request::{Code, Quoted, Refusal},
    model::{Features, GoogleTools, ModelCapabilities, Schemas, ValidatedCalls},
    prompt::{Function, ToolChoice, Tools, function_names::FunctionNames},
};

/// Most functions of a request (SEC-065). Gemini's own limit is lower for most models and in no
/// document; it answers for itself.
const MAX_FUNCTIONS: usize = 512;

/// `tools` and `toolConfig`.
#[derive(Debug, Default)]
pub(super) struct Fitted<'a> {
    pub(super) tools: Vec<Tool<'a>>,
    pub(super) config: ToolConfig<'a>,
}

/// Fits what may be used to the model. `parallel_tool_calls` has no counterpart (T13).
///
/// # Errors
/// Too many functions, two of one name, or a choice that cannot be kept.
pub(super) fn fit<'a>(
    wished: Tools<'a>,
    features: Features,
    names: &FunctionNames,
    capabilities: ModelCapabilities,
) -> Result<Fitted<'a>, Refusal> {
    let googles = fit_google_tools(&wished, features, capabilities);
    let Tools {
        mut functions,
        choice,
        strict,
        ..
    } = wished;
    check_functions(&functions)?;
    if functions.is_empty() {
        check_choice_without_functions(&choice, !googles.is_empty())?;
        return Ok(Fitted {
            tools: googles,
            config: ToolConfig::default(),
        });
    }
    check_chosen(&choice, &functions)?;
    let can_validate = capabilities.validated_calls == ValidatedCalls::Supported;
    if let ToolChoice::AutoOf(chosen) = &choice
        && !can_validate
        && !chosen.is_empty()
    {
        // The choice cannot be told, so there is nothing else to choose from (T11).
        functions.retain(|function| chosen.contains(&function.name));
    }
    let config = ToolConfig {
        function_calling_config: fit_choice(choice, strict && can_validate, can_validate, names),
        include_server_side_tool_invocations: (!googles.is_empty()).then_some(true),
    };
    let declarations = functions
        .into_iter()
        .map(|function| declare(function, names, capabilities.schemas));
    // All in one entry (T1).
    let mut tools = vec![Tool::FunctionDeclarations(declarations.collect())];
    tools.extend(googles);
    Ok(Fitted { tools, config })
}

/// Google's tools, as far as the model has them beside functions. Before Gemini 3 it has not ("Tool
/// use with function calling is unsupported"), and functions win: the client counts on its own (T15).
/// A client that wants no tool used means these too.
fn fit_google_tools<'a>(
    wished: &Tools<'_>,
    features: Features,
    capabilities: ModelCapabilities,
) -> Vec<Tool<'a>> {
    let together = capabilities.google_tools == GoogleTools::WithFunctions;
    if !wished.functions.is_empty() && !together {
        return Vec::new();
    }
    let allowed = wished.choice != ToolChoice::None;
    let tools = [
        (
            features.search || wished.google_search && allowed,
            Tool::GoogleSearch(Nothing {}),
        ),
        (
            wished.code_execution && allowed,
            Tool::CodeExecution(Nothing {}),
        ),
        (wished.url_context && allowed, Tool::UrlContext(Nothing {})),
    ];
    let wished = tools.into_iter().filter(|(wished, _)| *wished);
    wished.map(|(_, tool)| tool).collect()
}

fn check_functions(functions: &[Function<'_>]) -> Result<(), Refusal> {
    if functions.len() > MAX_FUNCTIONS {
        return Err(Refusal::new(
            Code::TooLong,
            "tools",
            format_args!("has more than {MAX_FUNCTIONS} functions"),
        ));
    }
    let mut seen = BTreeSet::new();
    match functions
        .iter()
        .find(|function| !seen.insert(&*function.name))
    {
        Some(twice) => Err(Refusal::new(
            Code::InvalidValue,
            "tools",
            format_args!("has two functions named {}", Quoted(&twice.name)),
        )),
        None => Ok(()),
    }
}

/// What was chosen must be there.
fn check_chosen(choice: &ToolChoice<'_>, functions: &[Function<'_>]) -> Result<(), Refusal> {
    let (ToolChoice::AnyOf(chosen) | ToolChoice::AutoOf(chosen)) = choice else {
        return Ok(());
    };
    if chosen.is_empty() && matches!(choice, ToolChoice::AnyOf(_)) {
        return Err(refuse_choice("requires a call but allows no function"));
    }
    let declared: BTreeSet<&str> = functions.iter().map(|function| &*function.name).collect();
    match chosen.iter().find(|name| !declared.contains(&***name)) {
        Some(name) => Err(refuse_choice(format_args!(
            "names {}, which is not among the functions in `tools`",
            Quoted(name)
        ))),
        None => Ok(()),
    }
}

/// Without functions there is nothing to configure: Gemini refuses `toolConfig` then (T7). Google's
/// own tools cannot be forced, so a call that is required counts as allowed there.
fn check_choice_without_functions(
    choice: &ToolChoice<'_>,
    has_google_tools: bool,
) -> Result<(), Refusal> {
    match choice {
        ToolChoice::Any if !has_google_tools => {
            Err(refuse_choice("requires a call but there are no `tools`"))
        }
        choice => check_chosen(choice, &[]),
    }
}

fn refuse_choice(problem: impl std::fmt::Display) -> Refusal {
    Refusal::new(Code::InvalidValue, "tool_choice", problem)
}

/// `None` leaves the model free, which is what it is unasked (T7). Names go with `ANY` and
/// `VALIDATED` alone (T11).
fn fit_choice<'a>(
    choice: ToolChoice<'a>,
    validate: bool,
    can_validate: bool,
    names: &FunctionNames,
) -> Option<FunctionCallingConfig<'a>> {
    let all = Vec::new();
    let (mode, allowed) = match choice {
        // Checked arguments are what `strict` is about (T6).
        ToolChoice::Auto if validate => (CallingMode::Validated, all),
        ToolChoice::Auto => return None,
        // The declarations stay, so that calls in the history keep theirs (T8).
        ToolChoice::None => (CallingMode::None, all),
        ToolChoice::Any => (CallingMode::Any, all),
        ToolChoice::AnyOf(chosen) => (CallingMode::Any, chosen),
        ToolChoice::AutoOf(chosen) if chosen.is_empty() => (CallingMode::None, all),
        ToolChoice::AutoOf(chosen) if can_validate => (CallingMode::Validated, chosen),
        ToolChoice::AutoOf(_) => return None,
    };
    Some(FunctionCallingConfig {
        mode,
        allowed_function_names: allowed.into_iter().map(|name| names.send(name)).collect(),
    })
}

fn declare<'a>(
    function: Function<'a>,
    names: &FunctionNames,
    schemas: Schemas,
) -> FunctionDeclaration<'a> {
    let parameters = function
        .parameters
        .filter(|parameters| !schema::takes_nothing(parameters));
    let (parameters_json_schema, parameters) = match schemas {
        Schemas::Json => (parameters.map(schema::refresh), None),
        Schemas::OpenApi => {
            let convert = |parameters: Cow<'_, _>| schema::convert_to_openapi(&parameters);
            (None, parameters.map(convert))
        }
    };
    FunctionDeclaration {
        name: names.send(function.name),
        description: function.description.filter(|text| !text.is_empty()),
        parameters_json_schema,
        parameters,
    }
}

#[cfg(test)]
mod tests;
