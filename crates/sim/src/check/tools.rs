//! Functions, tools that Google runs, and how they go together (T1 to T15).

use serde_json::Value;

use super::parameters;
use super::{Asked, Checked};
use crate::google_error::GoogleError;
use crate::model_traits::Kind;
use crate::refusal::{self, invalid_field, not_enabled};

const REQUEST: &str = "GenerateContentRequest";

/// <https://ai.google.dev/api/caching#FunctionDeclaration> (read November 2026).
const MAX_NAME_BYTES: usize = 64;

fn tools(body: &Value) -> &[Value] {
    let tools = body.get("tools").and_then(Value::as_array);
    tools.map_or(&[], Vec::as_slice)
}

fn declarations(tool: &Value) -> &[Value] {
    let declarations = tool.get("functionDeclarations").and_then(Value::as_array);
    declarations.map_or(&[], Vec::as_slice)
}

fn name(declaration: &Value) -> &str {
    let name = declaration.get("name").and_then(Value::as_str);
    name.unwrap_or_default()
}

pub(super) fn has_functions(body: &Value) -> bool {
    tools(body)
        .iter()
        .any(|tool| !declarations(tool).is_empty())
}

/// Tools that Google runs.
pub(super) fn has_built_in_tools(body: &Value) -> bool {
    let kinds = tools(body).iter().filter_map(Value::as_object);
    kinds
        .flat_map(|tool| tool.keys())
        .any(|kind| kind != "functionDeclarations")
}

pub(super) fn check(asked: Asked<'_>) -> Checked {
    check_functions(asked)?;
    check_mixture(asked)?;
    match asked.body.get("toolConfig") {
        Some(config) => check_calling(asked, config),
        None => Ok(()),
    }
}

fn check_functions(asked: Asked<'_>) -> Checked {
    let mut seen: Vec<&str> = Vec::new();
    for (tool_index, tool) in tools(asked.body).iter().enumerate() {
        if tool.get("googleSearchRetrieval").is_some() {
            return Err(GoogleError::invalid_argument(
                "google_search_retrieval is not supported. Please use google_search tool instead.",
            ));
        }
        for (index, declaration) in declarations(tool).iter().enumerate() {
            let place = format!("tools[{tool_index}].function_declarations[{index}]");
            let name = name(declaration);
            if !is_function_name(name) {
                return Err(invalid_field(
                    REQUEST,
                    format!(
                        "{place}.name: Invalid function name. Must start with a letter or an \
                         underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots \
                         (.), colons (:), or dashes (-), with a maximum length of {MAX_NAME_BYTES}."
                    ),
                ));
            }
            if seen.contains(&name) {
                return Err(refusal::duplicate_function(name));
            }
            seen.push(name);
            parameters::check(declaration, &place)?;
        }
    }
    match asked.model.kind {
        Kind::Chat => Ok(()),
        _ if seen.is_empty() => Ok(()),
        _ => Err(not_enabled("Function calling", asked.model.name)),
    }
}

/// Letters, digits and `_.:-`, not a digit first (T2).
fn is_function_name(name: &str) -> bool {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
    starts_well && name.len() <= MAX_NAME_BYTES && name.bytes().all(is_allowed)
}

/// Functions beside tools that Google runs: never before 3, by consent since (T15).
fn check_mixture(asked: Asked<'_>) -> Checked {
    if !has_functions(asked.body) || !has_built_in_tools(asked.body) {
        return Ok(());
    }
    if asked.model.is_before_gemini_3() {
        return Err(refusal::search_with_functions());
    }
    if asked.model.is_gemini_3() && !includes_server_side(asked.body) {
        Err(refusal::server_side_tools_not_included())
    } else {
        Ok(())
    }
}

fn includes_server_side(body: &Value) -> bool {
    let flag = body.pointer("/toolConfig/includeServerSideToolInvocations");
    flag.and_then(Value::as_bool).unwrap_or(false)
}

fn check_calling(asked: Asked<'_>, config: &Value) -> Checked {
    let Some(calling) = config.get("functionCallingConfig") else {
        return Ok(());
    };
    let is_tolerated = asked.model.is_gemini_3() && includes_server_side(asked.body);
    if !has_functions(asked.body) {
        return if is_tolerated && !tools(asked.body).is_empty() {
            Ok(())
        } else {
            Err(refusal::calling_config_without_functions())
        };
    }
    let allowed = calling
        .get("allowedFunctionNames")
        .and_then(Value::as_array);
    let allowed = allowed.map_or(&[][..], Vec::as_slice);
    let mode = calling.get("mode").and_then(Value::as_str);
    if !allowed.is_empty() && !matches!(mode, Some("ANY" | "VALIDATED")) {
        return Err(refusal::allowed_names_without_any());
    }
    let is_declared = |wanted: &&Value| {
        let mut declared = tools(asked.body).iter().flat_map(declarations);
        declared.any(|declaration| Some(name(declaration)) == wanted.as_str())
    };
    match allowed.iter().find(|wanted| !is_declared(wanted)) {
        // No recording.
        Some(unknown) => Err(invalid_field(
            REQUEST,
            format!(
                "tool_config.function_calling_config.allowed_function_names: {unknown} is not \
                 declared"
            ),
        )),
        None => Ok(()),
    }
}
