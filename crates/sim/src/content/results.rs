//! The answer to results of calls: it repeats them.

use serde_json::Value;

use crate::question::Question;

/// Members that hold the result where they are alone (recorded habits of clients, M8).
const WRAPPERS: [&str; 4] = ["result", "output", "content", "return_value"];

/// All results of the last turn, by function; `None` if it has none.
pub(super) fn listed(question: Question<'_>) -> Option<String> {
    let results: Vec<String> = question
        .results()
        .map(|result| {
            let name = result.get("name").and_then(Value::as_str);
            let response = result.get("response").unwrap_or(&Value::Null);
            format!("{}: {}", name.unwrap_or_default(), plain(response))
        })
        .collect();
    (!results.is_empty()).then(|| results.join("; "))
}

/// The same in words, with what came beside it.
pub(super) fn told(question: Question<'_>) -> Option<String> {
    let mut text = format!("The tools answered. {}", listed(question)?);
    let files: Vec<String> = question
        .files()
        .iter()
        .map(|file| file.description())
        .collect();
    if !files.is_empty() {
        text.push_str(&format!(" (with {})", files.join(", ")));
    }
    let said = question.last_text();
    if !said.is_empty() {
        text.push_str(&format!(" You said: {said}"));
    }
    Some(text)
}

fn plain(response: &Value) -> String {
    let only = response
        .as_object()
        .filter(|fields| fields.len() == 1)
        .and_then(|fields| fields.iter().next());
    match only {
        Some((name, Value::String(text))) if WRAPPERS.contains(&name.as_str()) => text.clone(),
        Some((name, value)) if WRAPPERS.contains(&name.as_str()) => value.to_string(),
        _ => response.to_string(),
    }
}
