//! A conversation as OpenAI's Responses API has it.

use serde_json::{Value, json};

use super::{Choice, Conversation, Json, Turn};

/// The client's body.
pub(crate) fn write(conversation: &Conversation) -> Vec<u8> {
    let items: Vec<Value> = conversation.turns.iter().flat_map(items).collect();
    let mut body = json!({"model": "m", "input": items});
    let functions = &conversation.functions;
    if !functions.is_empty() {
        let tool = |name: &&str| {
            json!({"type": "function", "name": name, "parameters": {
                "type": "object", "properties": {"x": {"type": ["number", "null"]}},
            }})
        };
        body["tools"] = functions.iter().map(tool).collect();
        body["tool_choice"] = match conversation.choice {
            Choice::Unsaid => Value::Null,
            Choice::None => json!("none"),
            Choice::Any => json!("required"),
            Choice::One => json!({"type": "function", "name": functions[0]}),
        };
    }
    let wishes = &conversation.wishes;
    body["temperature"] = json!(wishes.temperature);
    body["top_p"] = json!(wishes.top_p);
    body["max_output_tokens"] = json!(wishes.max_tokens);
    body["reasoning"] = json!({"effort": wishes.effort});
    if wishes.search {
        let search = json!({"type": "web_search"});
        match body["tools"].as_array_mut() {
            Some(tools) => tools.push(search),
            None => body["tools"] = json!([search]),
        }
    }
    body["text"] = match wishes.json {
        Json::No => Value::Null,
        Json::Any => json!({"format": {"type": "json_object"}}),
        Json::Schema => {
            json!({"format": {"type": "json_schema", "name": "s", "schema": {"type": "object"}}})
        }
    };
    serde_json::to_vec(&body).unwrap()
}

/// A turn is as many items as it has things to say.
fn items(turn: &Turn) -> Vec<Value> {
    match turn {
        Turn::System(text) => vec![json!({"role": "developer", "content": text})],
        Turn::User(text) => vec![json!({"role": "user", "content": text})],
        Turn::Image(text) => vec![json!({"type": "message", "role": "user", "content": [
            {"type": "input_text", "text": text},
            {"type": "input_image", "image_url": "data:image/jpg;base64,AAAA"},
        ]})],
        Turn::Assistant { text, calls } => {
            let mut items = vec![json!({"type": "message", "role": "assistant", "content": [
                {"type": "output_text", "text": text},
            ]})];
            for call in calls {
                if let Some(signature) = call.signature {
                    let sealed = format!("gempool-call-signature-1:{}:{signature}", call.id);
                    items.push(json!({
                        "type": "reasoning", "summary": [], "encrypted_content": sealed,
                    }));
                }
                items.push(json!({
                    "type": "function_call", "call_id": call.id, "name": call.name,
                    "arguments": call.arguments,
                }));
            }
            items
        }
        Turn::Result { id, content } => {
            vec![json!({"type": "function_call_output", "call_id": id, "output": content})]
        }
    }
}
