//! What Gemini's API demands of a request to generate, as far as it is published, checked on JSON.
//!
//! Written against the API's documentation and not against our code: it knows no type of the crate.
//! A rule that is not published, or that only some models have and nobody documents, is not here.

mod fields;
mod model_rules;
mod turns;

use serde_json::Value;

/// What is wrong with `request`, a body for `model`; empty if nothing is.
pub(crate) fn breaches(request: &Value, model: &str) -> Vec<String> {
    let mut found = Vec::new();
    fields::check(request, &mut found);
    turns::check(request, &mut found);
    tools(request, &mut found);
    config(request, &mut found);
    model_rules::check(request, model, &mut found);
    found
}

/// The elements of an array, none if it is anything else.
fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Declarations of functions in all tools.
fn declarations(request: &Value) -> impl Iterator<Item = &Value> {
    let tools = items(&request["tools"]).iter();
    tools.flat_map(|tool| items(&tool["functionDeclarations"]))
}

/// Functions and their choice (T1–T11).
fn tools(request: &Value, found: &mut Vec<String>) {
    let mut names = Vec::new();
    for declaration in declarations(request) {
        let name = declaration["name"].as_str().unwrap_or_default();
        if !is_function_name(name) {
            found.push(format!("T2: {name:?} is not a function's name"));
        }
        if names.contains(&name) {
            found.push(format!("T2: {name:?} is declared twice"));
        }
        names.push(name);
        if !declaration["parameters"].is_null() && !declaration["parametersJsonSchema"].is_null() {
            found.push(format!("T3: {name} has two schemas"));
        }
    }
    let choice = &request["toolConfig"]["functionCallingConfig"];
    if !choice.is_null() && names.is_empty() {
        found.push("T7: a choice of functions without functions".to_owned());
    }
    let allowed = items(&choice["allowedFunctionNames"]);
    let mode = choice["mode"].as_str().unwrap_or_default();
    let restricts = ["ANY", "VALIDATED"]
        .iter()
        .any(|it| mode.eq_ignore_ascii_case(it));
    if !allowed.is_empty() && !restricts {
        found.push(format!("T11: allowed names with mode {mode}"));
    }
    for name in allowed {
        if !names.iter().any(|declared| name == declared) {
            found.push(format!("T10: {name} is allowed but not declared"));
        }
    }
}

/// `[a-zA-Z_][a-zA-Z0-9_:.-]{0,63}` (T2).
fn is_function_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'-'))
}

/// `generationConfig` and what excludes each other, whatever the model.
fn config(request: &Value, found: &mut Vec<String>) {
    let config = &request["generationConfig"];
    let stops = items(&config["stopSequences"]);
    if stops.len() > 5 || stops.iter().any(|stop| stop == "") {
        found.push(format!("G6: stop sequences {stops:?}"));
    }
    for (name, low, high) in [
        ("temperature", 0.0, 2.0),
        ("topP", 0.0, 1.0),
        ("candidateCount", 1.0, 8.0),
        ("maxOutputTokens", 1.0, 1e9),
        ("seed", f64::from(i32::MIN), f64::from(i32::MAX)),
        ("logprobs", 0.0, 20.0),
    ] {
        if let Some(value) = config[name].as_f64()
            && !(low..=high).contains(&value)
        {
            found.push(format!("{name}: {value} is out of range"));
        }
    }
    if !config["logprobs"].is_null() && config["responseLogprobs"] != true {
        found.push("G10: logprobs without responseLogprobs".to_owned());
    }
    for penalty in ["presencePenalty", "frequencyPenalty"] {
        if config[penalty].as_f64().is_some_and(|value| value != 0.0) {
            found.push(format!("G8: {penalty}"));
        }
    }
    if !config["responseJsonSchema"].is_null() && config["responseMimeType"] != "application/json" {
        found.push("G17: a schema without its media type".to_owned());
    }
    let thinking = &config["thinkingConfig"];
    if !thinking["thinkingLevel"].is_null() && !thinking["thinkingBudget"].is_null() {
        found.push("R1: level and budget".to_owned());
    }
    let mut categories = Vec::new();
    for setting in items(&request["safetySettings"]) {
        if categories.contains(&&setting["category"]) {
            found.push(format!("G23: {} twice", setting["category"]));
        }
        categories.push(&setting["category"]);
    }
    if !request["cachedContent"].is_null() {
        for field in ["systemInstruction", "tools", "toolConfig"] {
            if !request[field].is_null() {
                found.push(format!("G24: {field} beside cached content"));
            }
        }
    }
}
