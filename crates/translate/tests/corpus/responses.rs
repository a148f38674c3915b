//! OpenAI's Responses API, read back as its clients do: a stream by the grammar of its events, of
//! which the last repeats everything.

use gempool_translate::responses::ResponsesRequest;
use serde_json::Value;

use super::{
    chat::text,
    dialect::{Answered, Call, Choice, Counts, Dialect},
    response_events,
};

pub(crate) const DIALECT: Dialect = Dialect {
    name: "responses",
    request: || {
        let body = br#"{"model":"m","input":"hi","reasoning":{"summary":"auto"},"store":false,
            "include":["code_interpreter_call.outputs","message.output_text.logprobs"]}"#;
        Box::new(ResponsesRequest::parse(body).unwrap())
    },
    whole: |body| read(&serde_json::from_slice(body).unwrap()),
    streamed,
    max_choices: 1,
    finishes: &["completed", "max_output_tokens", "content_filter"],
    finish_with_calls: "completed",
};

fn streamed(body: &[u8]) -> Answered {
    let body = String::from_utf8(body.to_vec()).unwrap();
    let ends = ["completed", "incomplete", "failed"];
    let last = body.rsplit_once("event: response.");
    if !last.is_some_and(|(_, last)| ends.iter().any(|end| last.starts_with(end))) {
        return Answered::default();
    }
    let stream = response_events::check(&body);
    let answered = read(&stream.response);
    if let [choice] = answered.choices.as_slice() {
        assert!(stream.text.ends_with(&choice.text), "deltas");
        assert_eq!(choice.thoughts, Some(stream.thoughts), "deltas");
        assert!(stream.events.len() >= 3);
    }
    answered
}

fn read(response: &Value) -> Answered {
    assert_eq!(response["object"], "response");
    let status = text(&response["status"]);
    let reason = text(&response["incomplete_details"]["reason"]);
    assert_eq!(reason.is_empty(), status != "incomplete");
    let mut choice = Choice {
        thoughts: Some(String::new()),
        calls: Some(Vec::new()),
        images: Some(0),
        finish: if reason.is_empty() { status } else { reason },
        ..Choice::default()
    };
    let mut sealed = 0;
    for item in response["output"].as_array().unwrap() {
        assert!(text(&item["id"]).len() <= 64);
        match text(&item["type"]).as_str() {
            "message" => {
                let said = text(&item["content"][0]["text"]);
                // What says that sound was left out is not Gemini's.
                let is_note = said.starts_with("\n[audio/") && said.ends_with("]\n");
                choice.text.push_str(if is_note { "" } else { &said });
            }
            "reasoning" => {
                let thoughts = choice.thoughts.as_mut().unwrap();
                thoughts.push_str(&text(&item["summary"][0]["text"]));
                sealed += usize::from(item["encrypted_content"].is_string());
            }
            "function_call" => choice.calls.as_mut().unwrap().push(Call {
                id: text(&item["call_id"]),
                name: text(&item["name"]),
                arguments: serde_json::from_str(&text(&item["arguments"])).unwrap(),
            }),
            "image_generation_call" => choice.images = choice.images.map(|count| count + 1),
            "code_interpreter_call" => assert!(item["code"].is_string()),
            other => panic!("{other} is no item that Gemini makes"),
        }
    }
    assert!(
        sealed <= choice.calls.as_ref().unwrap().len(),
        "signatures are of calls"
    );
    Answered {
        complete: true,
        usage: (!response["usage"].is_null()).then(|| counts(&response["usage"])),
        choices: vec![choice],
    }
}

fn counts(usage: &Value) -> Counts {
    let count = |key: &str| usage[key].as_u64().unwrap();
    Counts {
        prompt: count("input_tokens"),
        completion: count("output_tokens"),
        total: count("total_tokens"),
    }
}
