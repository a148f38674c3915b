//! OpenAI's chat completions, read back as openai-python does.

use gempool_translate::ChatRequest;
use serde_json::Value;

use super::dialect::{Answered, Call, Choice, Counts, Dialect};

pub(crate) const DIALECT: Dialect = Dialect {
    name: "chat",
    request: || {
        let body = br#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream_options":{"include_usage":true}}"#;
        Box::new(ChatRequest::parse(body).unwrap())
    },
    whole,
    streamed,
    max_choices: usize::MAX,
    finishes: &[
        "stop",
        "length",
        "tool_calls",
        "content_filter",
        "function_call",
    ],
    finish_with_calls: "tool_calls",
};

fn whole(body: &[u8]) -> Answered {
    let body: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(body["object"], "chat.completion");
    let choices = body["choices"].as_array().unwrap();
    let choices = choices.iter().enumerate().map(|(position, choice)| {
        assert_eq!(choice["index"], position);
        let mut read = Choice {
            finish: text(&choice["finish_reason"]),
            ..new_choice()
        };
        let message = &choice["message"];
        let has_calls = message["tool_calls"].is_array();
        assert!(has_calls || message["content"].is_string(), "null content");
        add(&mut read, message);
        read
    });
    Answered {
        choices: choices.collect(),
        usage: Some(counts(&body["usage"])),
        complete: true,
    }
}

fn streamed(body: &[u8]) -> Answered {
    let body = String::from_utf8(body.to_vec()).unwrap();
    let mut answered = Answered::default();
    let mut head: Option<Value> = None;
    for event in body.split_terminator("\n\n") {
        assert!(!answered.complete, "something follows the end");
        let data = event.strip_prefix("data: ").unwrap();
        if data == "[DONE]" {
            answered.complete = true;
            continue;
        }
        let mut chunk: Value = serde_json::from_str(data).unwrap();
        let choices = chunk["choices"].take();
        let usage = chunk.as_object_mut().unwrap().remove("usage").unwrap();
        if !usage.is_null() {
            assert_eq!(choices, Value::Array(Vec::new()));
            answered.usage = Some(counts(&usage));
        }
        assert_eq!(
            *head.get_or_insert_with(|| chunk.clone()),
            chunk,
            "heads differ"
        );
        for choice in choices.as_array().unwrap() {
            let index = usize::try_from(choice["index"].as_u64().unwrap()).unwrap();
            if index == answered.choices.len() {
                assert_eq!(choice["delta"]["role"], "assistant", "the role comes first");
                answered.choices.push(new_choice());
            }
            let read = &mut answered.choices[index];
            assert_eq!(read.finish, "", "something follows the finish reason");
            for key in ["tool_calls", "images"] {
                let counted = if key == "images" {
                    read.images.unwrap()
                } else {
                    read.calls.as_ref().unwrap().len()
                };
                if let Some(entries) = choice["delta"][key].as_array() {
                    assert_eq!(entries.len(), 1);
                    assert_eq!(entries[0]["index"], counted);
                }
            }
            add(read, &choice["delta"]);
            read.finish = text(&choice["finish_reason"]);
        }
    }
    answered
}

fn new_choice() -> Choice {
    Choice {
        thoughts: Some(String::new()),
        calls: Some(Vec::new()),
        images: Some(0),
        ..Choice::default()
    }
}

/// A message, or a delta that goes on with it.
fn add(choice: &mut Choice, message: &Value) {
    choice.text.push_str(&text(&message["content"]));
    let thoughts = choice.thoughts.as_mut().unwrap();
    thoughts.push_str(&text(&message["reasoning_content"]));
    let images = message["images"].as_array().map_or(0, Vec::len);
    choice.images = choice.images.map(|count| count + images);
    for call in message["tool_calls"].as_array().into_iter().flatten() {
        assert_eq!(call["type"], "function");
        let arguments = text(&call["function"]["arguments"]);
        choice.calls.as_mut().unwrap().push(Call {
            id: text(&call["id"]),
            name: text(&call["function"]["name"]),
            arguments: serde_json::from_str(&arguments).unwrap(),
        });
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub(crate) fn counts(usage: &Value) -> Counts {
    let count = |key: &str| usage[key].as_u64().unwrap();
    Counts {
        prompt: count("prompt_tokens"),
        completion: count("completion_tokens"),
        total: count("total_tokens"),
    }
}
