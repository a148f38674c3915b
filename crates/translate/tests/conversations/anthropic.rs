//! A conversation as Anthropic's messages have it.

use serde_json::{Value, json};

use super::{Choice, Conversation, Json, Turn};

/// The client's body. What Anthropic has no word for is left out.
pub(crate) fn write(conversation: &Conversation) -> Vec<u8> {
    let wishes = &conversation.wishes;
    let mut body = json!({
        "model": "m",
        "max_tokens": wishes.max_tokens.unwrap_or(1_000),
        "messages": messages(&conversation.turns),
        "temperature": wishes.temperature.map(|value| value / 2.0),
        "top_p": wishes.top_p,
        "stop_sequences": wishes.stop,
    });
    let functions = &conversation.functions;
    let mut tools: Vec<Value> = functions
        .iter()
        .map(|name| json!({"name": name, "input_schema": {"type": "object", "properties": {"x": {"type": ["number", "null"]}}}}))
        .collect();
    if wishes.search {
        tools.push(json!({"type": "web_search_20250305", "name": "web_search"}));
    }
    if !functions.is_empty() {
        body["tool_choice"] = match conversation.choice {
            Choice::Unsaid => json!({"type": "auto"}),
            Choice::None => json!({"type": "none"}),
            Choice::Any => json!({"type": "any"}),
            Choice::One => json!({"type": "tool", "name": functions[0]}),
        };
    }
    if !tools.is_empty() {
        body["tools"] = Value::Array(tools);
    }
    match wishes.effort {
        None => {}
        Some("none") => body["thinking"] = json!({"type": "disabled"}),
        Some("minimal") => body["thinking"] = json!({"type": "adaptive"}),
        Some(effort) => body["output_config"] = json!({"effort": effort}),
    }
    if matches!(wishes.json, Json::Schema) {
        body["output_config"]["format"] =
            json!({"type": "json_schema", "schema": {"type": "object"}});
    }
    serde_json::to_vec(&body).unwrap()
}

/// Results are blocks of a user's message: those that follow each other share one.
fn messages(turns: &[Turn]) -> Vec<Value> {
    let mut messages: Vec<Value> = Vec::new();
    for turn in turns {
        if let Turn::Result { id, content } = turn {
            let block = json!({"type": "tool_result", "tool_use_id": id, "content": content});
            let last = messages
                .last_mut()
                .and_then(|last| last["content"].as_array_mut());
            match last.filter(|blocks| blocks.iter().all(|it| it["type"] == "tool_result")) {
                Some(blocks) if !blocks.is_empty() => blocks.push(block),
                _ => messages.push(json!({"role": "user", "content": [block]})),
            }
            continue;
        }
        messages.push(message(turn));
    }
    messages
}

fn message(turn: &Turn) -> Value {
    match turn {
        Turn::System(text) => json!({"role": "system", "content": text}),
        Turn::User(text) => json!({"role": "user", "content": text}),
        Turn::Image(text) => json!({"role": "user", "content": [
            {"type": "text", "text": text},
            {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "AAAA"}},
        ]}),
        Turn::Assistant { text, calls } => {
            let mut blocks = vec![json!({"type": "text", "text": text})];
            for call in calls {
                if let Some(signature) = call.signature {
                    blocks
                        .push(json!({"type": "thinking", "thinking": "", "signature": signature}));
                }
                // Anthropic's arguments are objects; what is none is a client of another kind.
                let input = serde_json::from_str::<Value>(call.arguments).unwrap_or_default();
                let input = if input.is_object() { input } else { json!({}) };
                blocks.push(json!({
                    "type": "tool_use", "id": call.id, "name": call.name, "input": input,
                }));
            }
            json!({"role": "assistant", "content": blocks})
        }
        Turn::Result { .. } => Value::Null,
    }
}
