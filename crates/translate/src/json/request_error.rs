//! Turns what serde says about a client's body into a sentence with a path.
//!
//! Bodies are parsed without tracking paths; only one that failed is parsed a second time to find
//! where, so that good requests pay nothing for good messages.

use crate::invalid_request::{Code, Refusal};

/// The refusal for `json`, a whole body that is known not to be a `T`.
pub(crate) fn locate<'de, T: serde::Deserialize<'de>>(json: &'de str) -> Refusal {
    locate_in::<T>(json, Some("the request body"))
}

/// The refusal for `json`, the value of a field that is known not to be a `T`. Its path is relative
/// to the field.
pub(crate) fn locate_in_field<'de, T: serde::Deserialize<'de>>(json: &'de str) -> Refusal {
    locate_in::<T>(json, None)
}

/// `whole` names the value as a whole, where no path does.
fn locate_in<'de, T: serde::Deserialize<'de>>(json: &'de str, whole: Option<&str>) -> Refusal {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let error = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => error,
        // The value itself is fine, so it is what comes after it.
        Ok(_) => {
            return Refusal::new(
                Code::InvalidJson,
                "",
                "the request body goes on after its JSON value",
            );
        }
    };
    let path = error.path().to_string();
    let path = if path == "." { String::new() } else { path };
    let error = error.into_inner();
    let text = error.to_string();
    if !error.is_data() {
        return Refusal::new(
            Code::InvalidJson,
            "",
            format_args!("the request body is not valid JSON: {text}"),
        );
    }

    let text = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(problem, _)| problem);
    // serde blames the object; the client looks for the field.
    let duplicate = text
        .strip_prefix("duplicate field `")
        .and_then(|rest| rest.strip_suffix('`'));
    if let Some(field) = duplicate {
        return Refusal::new(Code::InvalidValue, field, "is given twice").within(path);
    }
    let found_and_expected = text
        .split_once(": ")
        .and_then(|(kind, rest)| Some((kind, rest.rsplit_once(", expected ")?)));
    let (code, problem) = match found_and_expected {
        Some((kind, (found, expected))) => {
            let code = if kind == "invalid type" {
                Code::InvalidType
            } else {
                Code::InvalidValue
            };
            let (expected, found) = (plain(expected), without_text(found));
            (code, format!("expected {expected}, found {found}"))
        }
        None => (Code::InvalidValue, text.to_owned()),
    };
    let problem = match whole {
        Some(whole) if path.is_empty() => format!("{whole}: {problem}"),
        _ => problem,
    };
    Refusal::new(code, path, problem)
}

/// serde's name of a type in a client's words.
fn plain(expected: &str) -> &str {
    match expected {
        "i64" | "u64" | "i32" | "u32" => "an integer",
        "f64" | "f32" => "a number",
        "a sequence" => "an array",
        other => other,
    }
}

/// What was found, without the text of strings: it may be a prompt, and messages may be logged.
fn without_text(found: &str) -> &str {
    match found {
        "map" => "an object",
        "sequence" => "an array",
        found if found.starts_with("string ") => "a string",
        found => found,
    }
}
