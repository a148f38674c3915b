//! Turns are there, with known roles and parts that hold something.

use serde_json::Value;

use super::{Asked, Checked};
use crate::model_traits::Kind;
use crate::refusal::{invalid_field, not_enabled};

/// The parts of a turn, which `proto_json` has made a list.
pub(super) fn parts(content: &Value) -> &[Value] {
    let parts = content.get("parts").and_then(Value::as_array);
    parts.map_or(&[], Vec::as_slice)
}

/// The turns of a request.
pub(super) fn turns(body: &Value) -> &[Value] {
    let contents = body.get("contents").and_then(Value::as_array);
    contents.map_or(&[], Vec::as_slice)
}

/// Whether it is the model's turn; every other role is the user's.
pub(super) fn is_of_model(content: &Value) -> bool {
    content.get("role").and_then(Value::as_str) == Some("model")
}

pub(super) fn check(asked: Asked<'_>) -> Checked {
    const REQUEST: &str = "GenerateContentRequest";
    check_turns(asked.body, REQUEST)?;
    for (index, content) in turns(asked.body).iter().enumerate() {
        for (part_index, part) in parts(content).iter().enumerate() {
            for (data, snake) in [
                ("functionCall", "function_call"),
                ("functionResponse", "function_response"),
            ] {
                let name = part.get(data).map(|data| data.get("name"));
                if name.is_some_and(|name| name.and_then(Value::as_str).is_none_or(str::is_empty)) {
                    return Err(invalid_field(
                        REQUEST,
                        format!(
                            "contents[{index}].parts[{part_index}].{snake}.name: Name cannot be empty."
                        ),
                    ));
                }
            }
        }
    }
    let has_instruction = asked.body.get("systemInstruction").is_some();
    if has_instruction && matches!(asked.model.kind, Kind::Speech | Kind::SmallChat) {
        return Err(not_enabled("Developer instruction", asked.model.name));
    }
    if asked.model.kind == Kind::Speech && turns(asked.body).iter().any(is_of_model) {
        return Err(not_enabled("Multiturn chat", asked.model.name));
    }
    Ok(())
}

/// The rules that counting has in common with generating.
pub(super) fn check_turns(body: &Value, request: &str) -> Checked {
    if turns(body).is_empty() {
        return Err(invalid_field(
            request,
            "contents: contents is not specified",
        ));
    }
    for (index, content) in turns(body).iter().enumerate() {
        let role = content.get("role").and_then(Value::as_str);
        if !matches!(
            role.unwrap_or_default(),
            "" | "user" | "model" | "function" | "tool"
        ) {
            return Err(invalid_field(
                request,
                format!("contents[{index}].role: Please use a valid role: user, model."),
            ));
        }
        let parts = parts(content);
        if parts.is_empty() || (!is_of_model(content) && parts.iter().all(is_empty_text)) {
            return Err(invalid_field(
                request,
                format!("contents[{index}].parts: contents.parts must not be empty."),
            ));
        }
        if let Some(part) = parts.iter().position(|part| !has_data(part)) {
            return Err(invalid_field(
                request,
                format!(
                    "contents[{index}].parts[{part}].data: required oneof field 'data' must have \
                     one initialized field"
                ),
            ));
        }
    }
    Ok(())
}

/// A user who says nothing is refused by some models (M16), so it is here by all; the model's own
/// empty texts carry signatures.
fn is_empty_text(part: &Value) -> bool {
    part.get("text").and_then(Value::as_str) == Some("")
}

fn has_data(part: &Value) -> bool {
    let about_data = [
        "thought",
        "thoughtSignature",
        "videoMetadata",
        "mediaResolution",
        "partMetadata",
    ];
    part.as_object()
        .is_some_and(|part| part.keys().any(|name| !about_data.contains(&name.as_str())))
}
