//! A conversation as OpenAI's chat completions have it.

use serde_json::{Value, json};

use super::{Choice, Conversation, Json, Turn};

/// The client's body.
pub(crate) fn write(conversation: &Conversation) -> Vec<u8> {
    let mut body = json!({
        "model": "m",
        "messages": conversation.turns.iter().map(message).collect::<Vec<_>>(),
    });
    let functions = &conversation.functions;
    if !functions.is_empty() {
        let tool = |name: &&str| {
            json!({"type": "function", "function": {
                "name": name,
                "parameters": {"type": "object", "properties": {"x": {"type": ["number", "null"]}}},
            }})
        };
        body["tools"] = functions.iter().map(tool).collect();
        body["tool_choice"] = match conversation.choice {
            Choice::Unsaid => Value::Null,
            Choice::None => json!("none"),
            Choice::Any => json!("required"),
            Choice::One => json!({"type": "function", "function": {"name": functions[0]}}),
        };
    }
    let wishes = &conversation.wishes;
    body["temperature"] = json!(wishes.temperature);
    body["top_p"] = json!(wishes.top_p);
    body["max_completion_tokens"] = json!(wishes.max_tokens);
    body["stop"] = json!(wishes.stop);
    body["seed"] = json!(wishes.seed);
    body["reasoning_effort"] = json!(wishes.effort);
    body["n"] = json!(wishes.candidates);
    if wishes.search {
        body["web_search_options"] = json!({});
    }
    body["response_format"] = match wishes.json {
        Json::No => Value::Null,
        Json::Any => json!({"type": "json_object"}),
        Json::Schema => {
            json!({"type": "json_schema", "json_schema": {"name": "s", "schema": {"type": "object"}}})
        }
    };
    serde_json::to_vec(&body).unwrap()
}

fn message(turn: &Turn) -> Value {
    match turn {
        Turn::System(text) => json!({"role": "system", "content": text}),
        Turn::User(text) => json!({"role": "user", "content": text}),
        Turn::Image(text) => json!({"role": "user", "content": [
            {"type": "text", "text": text},
            {"type": "image_url", "image_url": {"url": "data:image/jpg;base64,AAAA"}},
        ]}),
        Turn::Assistant { text, calls } if calls.is_empty() => {
            json!({"role": "assistant", "content": text})
        }
        Turn::Assistant { text, calls } => {
            let calls: Vec<Value> = calls
                .iter()
                .map(|call| {
                    let mut value = json!({"id": call.id, "type": "function", "function": {
                        "name": call.name, "arguments": call.arguments,
                    }});
                    if let Some(signature) = call.signature {
                        value["extra_content"] =
                            json!({"google": {"thought_signature": signature}});
                    }
                    value
                })
                .collect();
            json!({"role": "assistant", "content": text, "tool_calls": calls})
        }
        Turn::Result { id, content } => {
            json!({"role": "tool", "tool_call_id": id, "content": content})
        }
    }
}
