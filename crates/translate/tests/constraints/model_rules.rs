//! What only some models refuse, by family (§1.4, §1.5).

use serde_json::Value;

use super::{declarations, items};

/// Version of a `gemini-` model; `None` for others.
fn version(model: &str) -> Option<(u8, u8)> {
    let numbers = model.strip_prefix("gemini-")?;
    let (number, _) = numbers.split_once('-').unwrap_or((numbers, ""));
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Finds what `model` would refuse.
pub(super) fn check(request: &Value, model: &str, found: &mut Vec<String>) {
    let Some(version) = version(model) else {
        return;
    };
    let config = &request["generationConfig"];
    let has_functions = declarations(request).next().is_some();
    let searches = items(&request["tools"])
        .iter()
        .any(|tool| !tool["googleSearch"].is_null());
    if version < (3, 0) {
        if has_functions && searches {
            found.push("T15: functions and search before 3".to_owned());
        }
        if has_functions && config["responseMimeType"] == "application/json" {
            found.push("G18: functions and JSON before 3".to_owned());
        }
        if !config["thinkingConfig"]["thinkingLevel"].is_null() {
            found.push("§1.5: a level before 3".to_owned());
        }
    } else {
        if has_functions
            && searches
            && request["toolConfig"]["includeServerSideToolInvocations"] != true
        {
            found.push("T15: functions and search without saying so".to_owned());
        }
        if config["candidateCount"].as_u64().unwrap_or(1) > 1 {
            found.push("G5: several candidates on 3".to_owned());
        }
    }
    if version < (2, 5) && !config["thinkingConfig"].is_null() {
        found.push("§1.5: thinking before 2.5".to_owned());
    }
    if version >= (3, 7) && !config["thinkingConfig"]["thinkingBudget"].is_null() {
        found.push("§1.5: a budget since 3.7".to_owned());
    }
    if version >= (3, 6) {
        for name in ["temperature", "topP", "topK"] {
            if !config[name].is_null() {
                found.push(format!("G2: {name} since 3.6"));
            }
        }
        let last = items(&request["contents"]).last();
        if last.is_some_and(|content| content["role"] == "model") {
            found.push("M11: the model speaks last".to_owned());
        }
    }
    // §3.2: the first call of every turn of the model since the last text of the user.
    if version >= (3, 0) {
        signatures(request, found);
    }
}

fn signatures(request: &Value, found: &mut Vec<String>) {
    let contents = items(&request["contents"]);
    let is_text = |content: &Value| {
        content["role"] == "user"
            && items(&content["parts"])
                .iter()
                .all(|part| part["functionResponse"].is_null())
    };
    let since = contents.iter().rposition(is_text).unwrap_or(0);
    for content in contents.iter().skip(since) {
        let mut calls = items(&content["parts"])
            .iter()
            .filter(|part| !part["functionCall"].is_null());
        if calls
            .next()
            .is_some_and(|first| first["thoughtSignature"].is_null())
        {
            found.push("§3.2: a first call without signature".to_owned());
        }
    }
}
