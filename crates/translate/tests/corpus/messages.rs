//! Anthropic's messages, read back as anthropic-python does: a stream is put together by the rules
//! of its `accumulate_event`.

use gempool_translate::anthropic::MessagesRequest;
use serde_json::{Value, json};

use super::dialect::{Answered, Call, Choice, Counts, Dialect};

pub(crate) const DIALECT: Dialect = Dialect {
    name: "messages",
    request: || {
        let body = br#"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}],
            "thinking":{"type":"adaptive"},"tools":[{"type":"web_search_20250305","name":"web_search"}]}"#;
        Box::new(MessagesRequest::parse(body).unwrap())
    },
    whole: |body| read(&serde_json::from_slice(body).unwrap(), true),
    streamed,
    max_choices: 1,
    finishes: &["end_turn", "max_tokens", "tool_use", "refusal"],
    finish_with_calls: "tool_use",
};

/// Around what is said of an image or a sound that was left out.
const LEFT_OUT: (&str, &str) = (
    "\n[",
    " left out: Anthropic's API has no block for it in answers]\n",
);

fn streamed(body: &[u8]) -> Answered {
    let body = String::from_utf8(body.to_vec()).unwrap();
    let mut message = Value::Null;
    let mut open = None;
    let mut input = String::new();
    let mut complete = false;
    for event in body.split_terminator("\n\n") {
        let (name, data) = event.split_once("\ndata: ").unwrap();
        let event: Value = serde_json::from_str(data).unwrap();
        assert_eq!(name, format!("event: {}", text(&event["type"])));
        assert!(!complete, "something follows the end");
        let block = event["index"].as_u64();
        let at = usize::try_from(block.unwrap_or_default()).unwrap();
        match text(&event["type"]).as_str() {
            "message_start" => {
                assert!(message.is_null(), "a second start");
                message = event["message"].clone();
            }
            "content_block_start" => {
                let content = message["content"].as_array_mut().unwrap();
                assert_eq!((open, at), (None, content.len()), "blocks count up");
                content.push(event["content_block"].clone());
                (open, input) = (block, String::new());
            }
            "content_block_delta" => {
                assert_eq!(open, block, "deltas belong to the open block");
                add(&mut message["content"][at], &event["delta"], &mut input);
            }
            "content_block_stop" => {
                assert_eq!(open.take(), block, "the open block stops");
                if !input.is_empty() {
                    message["content"][at]["input"] = serde_json::from_str(&input).unwrap();
                }
            }
            "message_delta" => {
                assert_eq!(open, None, "no block is left open");
                for (name, value) in event["delta"].as_object().unwrap() {
                    message[name] = value.clone();
                }
                for (name, value) in event["usage"].as_object().unwrap() {
                    message["usage"][name] = value.clone();
                }
            }
            "message_stop" => complete = true,
            other => panic!("{other} is no event of Anthropic's"),
        }
    }
    if message.is_null() {
        return Answered::default();
    }
    read(&message, complete)
}

fn add(block: &mut Value, delta: &Value, input: &mut String) {
    let kind = text(&block["type"]);
    let field = match text(&delta["type"]).as_str() {
        "text_delta" => "text",
        "thinking_delta" => "thinking",
        "signature_delta" => {
            assert_eq!(
                (kind.as_str(), &block["signature"]),
                ("thinking", &json!(""))
            );
            block["signature"] = delta["signature"].clone();
            return;
        }
        "input_json_delta" => {
            assert!(matches!(kind.as_str(), "tool_use" | "server_tool_use"));
            input.push_str(&text(&delta["partial_json"]));
            return;
        }
        other => panic!("{other} is no delta of Anthropic's"),
    };
    assert_eq!(kind, field, "a delta fits its block");
    block[field] = json!(text(&block[field]) + &text(&delta[field]));
}

fn read(message: &Value, complete: bool) -> Answered {
    assert_eq!(
        (&message["type"], &message["role"]),
        (&json!("message"), &json!("assistant"))
    );
    assert!(text(&message["id"]).starts_with("msg_"));
    assert!(message["stop_sequence"].is_null());
    let mut choice = Choice {
        thoughts: Some(String::new()),
        images: Some(0),
        calls: Some(Vec::new()),
        finish: text(&message["stop_reason"]),
        ..Choice::default()
    };
    for block in message["content"].as_array().unwrap() {
        match text(&block["type"]).as_str() {
            "text" => choice.text.push_str(&text(&block["text"])),
            "thinking" => {
                assert!(block["signature"].is_string());
                let thoughts = choice.thoughts.as_mut().unwrap();
                thoughts.push_str(&text(&block["thinking"]));
            }
            "tool_use" => choice.calls.as_mut().unwrap().push(Call {
                id: legal_id(&block["id"]),
                name: text(&block["name"]),
                arguments: block["input"].clone(),
            }),
            "server_tool_use" => assert!(block["input"]["query"].is_string()),
            "web_search_tool_result" => {
                for page in block["content"].as_array().unwrap() {
                    assert!(page["url"].is_string() && page["title"].is_string());
                }
            }
            other => panic!("{other} is no block of Anthropic's"),
        }
    }
    take_left_out(&mut choice);
    let blocked = choice.text.starts_with("Prompt blocked by Gemini: ");
    assert!(!blocked || choice.finish == "refusal");
    let called = choice.calls.as_ref().is_some_and(|calls| !calls.is_empty());
    let has_calls = choice.finish != "tool_use" || called;
    assert!(has_calls, "waits for the result of no call");
    Answered {
        choices: vec![choice],
        usage: Some(counts(&message["usage"])),
        complete,
    }
}

/// Takes the lines about images and sound out of the text, and counts the images.
fn take_left_out(choice: &mut Choice) {
    while let Some((said, rest)) = choice.text.split_once(LEFT_OUT.1) {
        let (before, what) = said.rsplit_once(LEFT_OUT.0).unwrap();
        let is_image = what.starts_with("image/");
        choice.images = choice.images.map(|count| count + usize::from(is_image));
        choice.text = format!("{before}{rest}");
    }
}

/// What Anthropic's API accepts when the id comes back.
fn legal_id(id: &Value) -> String {
    let id = text(id);
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    assert!(!id.is_empty() && id.bytes().all(legal), "{id}");
    id
}

/// Anthropic's three kinds of input are one prompt.
fn counts(usage: &Value) -> Counts {
    let count = |key: &str| usage[key].as_u64().unwrap();
    let prompt = count("input_tokens")
        + count("cache_read_input_tokens")
        + count("cache_creation_input_tokens");
    let completion = count("output_tokens");
    assert!(usage["output_tokens_details"]["thinking_tokens"].as_u64() <= Some(completion));
    Counts {
        prompt,
        completion,
        total: prompt + completion,
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
