//! Refuses request bodies that the real API refuses: not JSON, unknown fields, empty contents,
//! unknown roles.
//!
//! It does not check values beyond that.

use serde_json::{Map, Value};

use crate::call::Method;
use crate::google_error::GoogleError;
use crate::schema::{self, Message, PART_DATA, to_camel_case, to_snake_case};

/// Texts in one batch: recorded error text of the real API.
const MAX_BATCH: usize = 100;

/// Violations that one error lists; the real API stops somewhere too.
const MAX_VIOLATIONS: usize = 20;

/// The body of a call as JSON, if the real API would take it.
///
/// # Errors
/// The error that the real API gives.
pub(crate) fn check_body(method: Method, body: &[u8]) -> Result<Value, GoogleError> {
    let (message, name) = match method {
        Method::GenerateContent | Method::StreamGenerateContent => {
            (&schema::GENERATE_CONTENT, "GenerateContentRequest")
        }
        Method::CountTokens => (&schema::COUNT_TOKENS, "CountTokensRequest"),
        Method::EmbedContent => (&schema::EMBED_CONTENT, "EmbedContentRequest"),
        Method::BatchEmbedContents => (&schema::BATCH_EMBED_CONTENTS, "BatchEmbedContentsRequest"),
        Method::ListModels | Method::GetModel => return Ok(Value::Null),
    };
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        GoogleError::invalid_payload(&[(
            String::new(),
            format!("Invalid JSON payload received. {error}"),
        )])
    })?;
    let Value::Object(fields) = &value else {
        return Err(GoogleError::invalid_payload(&[(
            String::new(),
            "Invalid JSON payload received. Root element must be a message.".to_owned(),
        )]));
    };
    let mut violations = Vec::new();
    check_fields(fields, message, "", &mut violations);
    if !violations.is_empty() {
        return Err(GoogleError::invalid_payload(&violations));
    }
    let missing = |text: String| GoogleError::invalid_argument(format!("* {name}.{text}\n"));
    match method {
        Method::GenerateContent | Method::StreamGenerateContent => {
            check_contents(fields).map_err(missing)?;
        }
        Method::BatchEmbedContents => {
            let count = fields
                .get("requests")
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            if count > MAX_BATCH {
                return Err(missing(format!(
                    "requests: at most {MAX_BATCH} requests can be in one batch"
                )));
            }
        }
        Method::EmbedContent if !fields.contains_key("content") => {
            return Err(missing("content: contents is not specified".to_owned()));
        }
        Method::EmbedContent | Method::CountTokens | Method::ListModels | Method::GetModel => {}
    }
    Ok(value)
}

/// Collects the fields that the message does not have, at any depth that the schema knows.
fn check_fields(
    fields: &Map<String, Value>,
    message: &Message,
    path: &str,
    violations: &mut Vec<(String, String)>,
) {
    for (name, value) in fields {
        if violations.len() >= MAX_VIOLATIONS {
            return;
        }
        let camel = to_camel_case(name);
        let Some(field) = message
            .fields
            .iter()
            .find(|field| field.name == name || field.name == camel)
        else {
            let place = match path {
                "" => String::new(),
                path => format!(" at '{path}'"),
            };
            let text = format!(
                "Invalid JSON payload received. Unknown name \"{name}\"{place}: Cannot find field."
            );
            violations.push((path.to_owned(), text));
            continue;
        };
        let Some(message) = field.message else {
            continue;
        };
        let snake = to_snake_case(field.name);
        let path = match path {
            "" => snake,
            path => format!("{path}.{snake}"),
        };
        match value {
            Value::Object(fields) => check_fields(fields, message, &path, violations),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if let Value::Object(fields) = item {
                        check_fields(fields, message, &format!("{path}[{index}]"), violations);
                    }
                }
            }
            _ => {}
        }
    }
}

/// What is missing in `contents`, as the real API words it after the name of the request.
fn check_contents(fields: &Map<String, Value>) -> Result<(), String> {
    let contents = fields.get("contents").and_then(Value::as_array);
    let Some(contents) = contents.filter(|contents| !contents.is_empty()) else {
        return Err("contents: contents is not specified".to_owned());
    };
    for (index, content) in contents.iter().enumerate() {
        if let Some(role) = content.get("role").and_then(Value::as_str)
            && !matches!(role, "" | "user" | "model" | "function" | "tool")
        {
            return Err(format!(
                "contents[{index}].role: Please use a valid role: user, model."
            ));
        }
        let parts = content.get("parts").and_then(Value::as_array);
        let Some(parts) = parts.filter(|parts| !parts.is_empty()) else {
            return Err(format!(
                "contents[{index}].parts: contents.parts must not be empty."
            ));
        };
        for (part_index, part) in parts.iter().enumerate() {
            let has_data = part.as_object().is_some_and(|part| {
                part.keys()
                    .any(|name| PART_DATA.contains(&to_camel_case(name).as_str()))
            });
            if !has_data {
                return Err(format!(
                    "contents[{index}].parts[{part_index}].data: required oneof field 'data' must \
                     have one initialized field"
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(method: Method, body: &Value) -> Option<String> {
        let error = check_body(method, body.to_string().as_bytes()).err()?;
        let error = serde_json::to_value(error).unwrap();
        Some(error["error"]["message"].as_str().unwrap().to_owned())
    }

    #[test]
    fn takes_what_the_real_api_takes() {
        let parts =
            json!([{"text": "hi"}, {"inline_data": {"mime_type": "image/png", "data": ""}}]);
        let bodies = [
            json!({"contents": [{"parts": parts}]}),
            json!({"contents": [{"role": "model", "parts": parts}], "system_instruction": {"parts": parts}}),
            json!({"contents": [{"parts": parts}], "generationConfig": {
                "maxOutputTokens": 5, "thinkingConfig": {"includeThoughts": true}, "responseSchema": {"any": 1}
            }}),
        ];
        for body in bodies {
            assert_eq!(refusal(Method::GenerateContent, &body), None, "{body}");
        }
    }

    #[test]
    fn refuses_unknown_fields_by_name_and_place() {
        let cases = [
            (
                json!({"temperature": 1}),
                "Unknown name \"temperature\": Cannot",
            ),
            (
                json!({"generationConfig": {"max_tokens": 1}}),
                "Unknown name \"max_tokens\" at 'generation_config': Cannot",
            ),
            (
                json!({"contents": [{"parts": [{"txt": ""}]}]}),
                "Unknown name \"txt\" at 'contents[0].parts[0]': Cannot",
            ),
        ];
        for (body, expected) in cases {
            let message = refusal(Method::GenerateContent, &body).unwrap();
            assert!(message.contains(expected), "{body}: {message}");
        }
    }

    #[test]
    fn refuses_contents_without_content() {
        let cases = [
            (json!({}), "contents: contents is not specified"),
            (
                json!({"contents": []}),
                "contents: contents is not specified",
            ),
            (
                json!({"contents": [{"parts": []}]}),
                "contents.parts must not be empty",
            ),
            (
                json!({"contents": [{"parts": [{}]}]}),
                "required oneof field 'data'",
            ),
            (
                json!({"contents": [{"role": "assistant", "parts": [{"text": ""}]}]}),
                "valid role",
            ),
        ];
        for (body, expected) in cases {
            let message = refusal(Method::StreamGenerateContent, &body).unwrap();
            assert!(message.contains(expected), "{body}: {message}");
        }
    }
}
