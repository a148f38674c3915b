//! The conversation: who speaks, of what a turn consists, and that results answer calls (M3–M10).

use serde_json::Value;

use super::items;

/// Keys of a part of which it has exactly one.
const DATA: [&str; 7] = [
    "text",
    "inlineData",
    "fileData",
    "functionCall",
    "functionResponse",
    "executableCode",
    "codeExecutionResult",
];

/// Finds what is wrong with `contents` and `systemInstruction`.
pub(super) fn check(request: &Value, found: &mut Vec<String>) {
    let contents = items(&request["contents"]);
    if contents.is_empty() {
        found.push("M3: no contents".to_owned());
    }
    // Without parts it is as if it were not there.
    let instruction = items(&request["systemInstruction"]["parts"]);
    if instruction.iter().any(|part| part["text"].is_null()) {
        found.push("M1: an instruction that is not text".to_owned());
    }
    let mut open: Vec<&Value> = Vec::new();
    for (index, content) in contents.iter().enumerate() {
        let place = format!("contents[{index}]");
        parts(&place, content, found);
        let of = |key: &'static str| {
            let parts = items(&content["parts"]).iter();
            parts.map(move |part| &part[key]).filter(|it| !it.is_null())
        };
        let calls: Vec<&Value> = of("functionCall").collect();
        let results: Vec<&Value> = of("functionResponse").collect();
        match content["role"].as_str() {
            Some("user") if calls.is_empty() => {}
            Some("model") if results.is_empty() => {}
            // One turn needs no role; it is the user's.
            None if contents.len() == 1 => {}
            role => found.push(format!("M4–M6: {place}: role {role:?} with its parts")),
        }
        answers(&place, &open, &results, found);
        open = calls;
    }
    if !open.is_empty() {
        found.push("M12: the last calls have no results".to_owned());
    }
}

/// The results of a turn are those of the calls of the turn before it, one each and no others (M9).
fn answers(place: &str, calls: &[&Value], results: &[&Value], found: &mut Vec<String>) {
    if calls.len() != results.len() {
        let (calls, results) = (calls.len(), results.len());
        found.push(format!("M9: {place}: {results} results for {calls} calls"));
        return;
    }
    let key = |value: &Value| (value["id"].to_string(), value["name"].to_string());
    let mut called: Vec<_> = calls.iter().map(|call| key(call)).collect();
    let mut answered: Vec<_> = results.iter().map(|result| key(result)).collect();
    if called != answered {
        found.push(format!(
            "M6: {place}: results are not in the order of the calls"
        ));
    }
    called.sort();
    answered.sort();
    if called != answered {
        found.push(format!("M6: {place}: {answered:?} answer {called:?}"));
    }
    called.dedup();
    if called.len() != calls.len() {
        found.push(format!("T17: {place}: two calls are the same"));
    }
}

fn parts(place: &str, content: &Value, found: &mut Vec<String>) {
    let parts = items(&content["parts"]);
    if parts.is_empty() {
        found.push(format!("M16: {place}: no parts"));
    }
    for (index, part) in parts.iter().enumerate() {
        let place = format!("{place}.parts[{index}]");
        let data = DATA.iter().filter(|key| !part[**key].is_null()).count();
        if data != 1 {
            found.push(format!("{place}: {data} kinds of data"));
        }
        let call = &part["functionCall"];
        if !call.is_null() && !call["args"].is_null() && !call["args"].is_object() {
            found.push(format!("T16: {place}: arguments that are no object"));
        }
        let result = &part["functionResponse"];
        if !result.is_null() && !result["response"].is_object() {
            found.push(format!("M8: {place}: a result that is no object"));
        }
        for named in [call, result] {
            if !named.is_null() && named["name"].as_str().is_none_or(str::is_empty) {
                found.push(format!("M6: {place}: no name"));
            }
        }
        let blob = &part["inlineData"];
        if !blob.is_null() {
            let media_type = blob["mimeType"].as_str().unwrap_or_default();
            if !media_type.contains('/') || media_type == "image/jpg" {
                found.push(format!("P2: {place}: media type {media_type:?}"));
            }
            if !is_base64(blob["data"].as_str().unwrap_or_default()) {
                found.push(format!("P2: {place}: not base64"));
            }
        }
    }
}

/// In either alphabet (U4), padded or not.
fn is_base64(data: &str) -> bool {
    let bare = data.trim_end_matches('=');
    data.len() - bare.len() <= 2
        && bare.len() % 4 != 1
        && bare
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'))
}
