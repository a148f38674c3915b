//! OpenAI's legacy completions: text and endings, nothing else.

use gempool_translate::CompletionRequest;
use serde_json::Value;

use super::{
    chat::{counts, text},
    dialect::{Answered, Choice, Dialect},
};

pub(crate) const DIALECT: Dialect = Dialect {
    name: "completions",
    request: || {
        let body = br#"{"model":"m","prompt":"hi","stream_options":{"include_usage":true}}"#;
        Box::new(CompletionRequest::parse(body).unwrap())
    },
    whole,
    streamed,
    max_choices: usize::MAX,
    finishes: &["stop", "length", "content_filter"],
    finish_with_calls: "stop",
};

fn whole(body: &[u8]) -> Answered {
    let body: Value = serde_json::from_slice(body).unwrap();
    let mut answered = Answered {
        usage: Some(counts(&body["usage"])),
        complete: true,
        ..Answered::default()
    };
    add(&mut answered, &body);
    answered
}

fn streamed(body: &[u8]) -> Answered {
    let body = String::from_utf8(body.to_vec()).unwrap();
    let mut answered = Answered::default();
    for event in body.split_terminator("\n\n") {
        assert!(!answered.complete, "something follows the end");
        let data = event.strip_prefix("data: ").unwrap();
        if data == "[DONE]" {
            answered.complete = true;
            continue;
        }
        let chunk: Value = serde_json::from_str(data).unwrap();
        add(&mut answered, &chunk);
        if chunk["usage"].is_object() {
            answered.usage = Some(counts(&chunk["usage"]));
        }
    }
    answered
}

/// Whole answers and chunks have the same shape.
fn add(answered: &mut Answered, body: &Value) {
    assert_eq!(body["object"], "text_completion");
    for choice in body["choices"].as_array().unwrap() {
        let index = usize::try_from(choice["index"].as_u64().unwrap()).unwrap();
        if index >= answered.choices.len() {
            answered.choices.resize_with(index + 1, Choice::default);
        }
        let read = &mut answered.choices[index];
        assert_eq!(read.finish, "", "something follows the finish reason");
        read.text.push_str(choice["text"].as_str().unwrap());
        read.finish = text(&choice["finish_reason"]);
    }
}
