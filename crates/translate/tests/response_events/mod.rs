//! Checks that a stream of the Responses API obeys the grammar that its clients rely on.
//!
//! It knows the API, not Gemini: what the stream should say is the tests' own business. Whatever is
//! wrong panics with the event at fault.

use std::collections::HashSet;

use serde_json::Value;

/// A stream that obeys the grammar.
pub(crate) struct Stream {
    /// Every event's data, in order.
    pub(crate) events: Vec<Value>,
    /// Deltas of answer text together.
    pub(crate) text: String,
    /// Deltas of thoughts together.
    pub(crate) thoughts: String,
    /// The response in the last event.
    pub(crate) response: Value,
}

/// What goes on between `output_item.added` and `output_item.done`.
struct OpenItem {
    id: String,
    index: u64,
    kind: String,
    /// Names of the events that came since, without the deltas.
    steps: Vec<String>,
    /// Deltas together.
    said: String,
}

/// Reads a stream from its first byte to its last.
pub(crate) fn check(stream: &str) -> Stream {
    let events: Vec<Value> = stream.split_terminator("\n\n").map(read_event).collect();
    for (number, event) in events.iter().enumerate() {
        assert_eq!(event["sequence_number"], number, "{event}");
    }
    let [created, in_progress, middle @ .., last] = events.as_slice() else {
        panic!("a stream has at least three events: {stream}");
    };
    for (event, name) in [
        (created, "response.created"),
        (in_progress, "response.in_progress"),
    ] {
        assert_eq!(event["type"], name, "{event}");
        assert_eq!(event["response"]["status"], "in_progress", "{event}");
        assert_eq!(event["response"]["output"], Value::Array(vec![]), "{event}");
        assert_eq!(event["response"]["usage"], Value::Null, "{event}");
    }
    let response = &last["response"];
    assert_eq!(response["id"], created["response"]["id"]);
    let (failed, middle) = match middle {
        [middle @ .., error] if error["type"] == "error" => {
            assert_eq!(last["type"], "response.failed", "after an error: {last}");
            assert!(
                error["message"].is_string() && error["error"].is_object(),
                "{error}"
            );
            (true, middle)
        }
        middle => (false, middle),
    };

    let mut reader = Reader::default();
    for event in middle {
        reader.read(event);
    }
    assert!(
        failed || reader.open.is_none(),
        "an item is not done: {last}"
    );
    assert_eq!(
        response["output"],
        Value::Array(reader.done),
        "what was done is repeated"
    );
    check_end(last, failed);
    Stream {
        text: reader.text,
        thoughts: reader.thoughts,
        response: response.clone(),
        events,
    }
}

fn read_event(block: &str) -> Value {
    let lines: Vec<&str> = block.split('\n').collect();
    let [name, data] = lines.as_slice() else {
        panic!("an event has two lines: {block}");
    };
    let name = name
        .strip_prefix("event: ")
        .unwrap_or_else(|| panic!("{block}"));
    let data = data
        .strip_prefix("data: ")
        .unwrap_or_else(|| panic!("{block}"));
    let data: Value = serde_json::from_str(data).unwrap_or_else(|error| panic!("{error}: {block}"));
    assert_eq!(data["type"], name, "type and event line");
    data
}

fn check_end(last: &Value, failed: bool) {
    let response = &last["response"];
    let (status, details, error) = (
        &response["status"],
        &response["incomplete_details"],
        &response["error"],
    );
    match last["type"].as_str().unwrap() {
        "response.completed" => {
            assert!(!failed && status == "completed" && details.is_null() && error.is_null());
        }
        "response.incomplete" => {
            assert!(
                !failed && status == "incomplete" && error.is_null(),
                "{last}"
            );
            let reason = details["reason"].as_str().unwrap();
            assert!(
                ["max_output_tokens", "content_filter"].contains(&reason),
                "{reason}"
            );
        }
        "response.failed" => {
            assert!(
                failed && status == "failed" && error["message"].is_string(),
                "{last}"
            );
            return;
        }
        other => panic!("{other} ends no stream"),
    }
    let count = |path: &str| response.pointer(path).and_then(Value::as_u64).unwrap();
    assert_eq!(
        count("/usage/input_tokens") + count("/usage/output_tokens"),
        count("/usage/total_tokens"),
        "usage adds up"
    );
    assert!(
        count("/usage/output_tokens_details/reasoning_tokens") <= count("/usage/output_tokens")
    );
    assert!(count("/usage/input_tokens_details/cached_tokens") <= count("/usage/input_tokens"));
}

#[derive(Default)]
struct Reader {
    open: Option<OpenItem>,
    done: Vec<Value>,
    ids: HashSet<String>,
    text: String,
    thoughts: String,
}

impl Reader {
    fn read(&mut self, event: &Value) {
        match event["type"].as_str().unwrap() {
            "response.output_item.added" => self.add(event),
            "response.output_item.done" => self.finish(event),
            name => self.piece(name, event),
        }
    }

    fn add(&mut self, event: &Value) {
        assert!(self.open.is_none(), "one item at a time: {event}");
        let item = &event["item"];
        let id = item["id"].as_str().unwrap().to_owned();
        let index = event["output_index"].as_u64().unwrap();
        assert_eq!(index, self.done.len() as u64, "{event}");
        assert!(id.len() <= 64, "{id}");
        assert!(self.ids.insert(id.clone()), "ids are unique: {id}");
        if let Some(call_id) = item["call_id"].as_str() {
            assert!(
                !call_id.is_empty() && self.ids.insert(call_id.to_owned()),
                "{call_id}"
            );
        }
        let kind = item["type"].as_str().unwrap().to_owned();
        assert!(
            item["status"] == "in_progress" || kind == "reasoning",
            "{event}"
        );
        self.open = Some(OpenItem {
            id,
            index,
            kind,
            steps: Vec::new(),
            said: String::new(),
        });
    }

    fn piece(&mut self, name: &str, event: &Value) {
        let open = self
            .open
            .as_mut()
            .unwrap_or_else(|| panic!("no item is open: {event}"));
        assert_eq!(event["item_id"], open.id, "{event}");
        assert_eq!(event["output_index"], open.index, "{event}");
        let name = name.strip_prefix("response.").unwrap();
        match name {
            "content_part.added"
            | "content_part.done"
            | "output_text.delta"
            | "output_text.done"
            | "refusal.delta"
            | "refusal.done"
            | "output_text.annotation.added" => assert_eq!(event["content_index"], 0, "{event}"),
            name if name.starts_with("reasoning_summary") => {
                assert_eq!(event["summary_index"], 0, "{event}");
            }
            _ => {}
        }
        if name.starts_with("output_text.d") {
            assert!(event["logprobs"].is_array(), "{event}");
        }
        if let Some(delta) = event["delta"].as_str() {
            open.said.push_str(delta);
            match name {
                "output_text.delta" => self.text.push_str(delta),
                "reasoning_summary_text.delta" => self.thoughts.push_str(delta),
                _ => {}
            }
        }
        // What ends something repeats all of it.
        let whole = match name {
            "output_text.done" | "reasoning_summary_text.done" => &event["text"],
            "refusal.done" => &event["refusal"],
            "function_call_arguments.done" => &event["arguments"],
            "custom_tool_call_input.done" => &event["input"],
            "code_interpreter_call_code.done" => &event["code"],
            "content_part.done" if event["part"]["type"] == "refusal" => &event["part"]["refusal"],
            "content_part.done" | "reasoning_summary_part.done" => &event["part"]["text"],
            _ => &Value::Null,
        };
        assert!(
            whole.is_null() || whole == &open.said,
            "{event} after {}",
            open.said
        );
        let repeats = ["delta", "annotation.added"]
            .iter()
            .any(|end| name.ends_with(end));
        if !repeats || open.steps.last().is_none_or(|last| last != name) {
            open.steps.push(name.to_owned());
        }
    }

    fn finish(&mut self, event: &Value) {
        let open = self
            .open
            .take()
            .unwrap_or_else(|| panic!("no item is open: {event}"));
        let item = &event["item"];
        assert_eq!(item["id"], open.id, "{event}");
        assert_eq!(item["type"], open.kind, "{event}");
        assert_eq!(event["output_index"], open.index, "{event}");
        assert_ne!(item["status"], "in_progress", "{event}");
        let steps: Vec<&str> = open.steps.iter().map(String::as_str).collect();
        assert!(is_legal(&open.kind, &steps), "{}: {steps:?}", open.kind);
        let repeated = match open.kind.as_str() {
            "message" if item["content"][0]["type"] == "refusal" => &item["content"][0]["refusal"],
            "message" => &item["content"][0]["text"],
            "function_call" => &item["arguments"],
            "custom_tool_call" => &item["input"],
            "code_interpreter_call" => &item["code"],
            "reasoning" if !steps.is_empty() => &item["summary"][0]["text"],
            _ => &Value::Null,
        };
        assert!(repeated.is_null() || repeated == &open.said, "{event}");
        self.done.push(item.clone());
    }
}

/// The orders of events within an item, deltas counted once.
fn is_legal(kind: &str, steps: &[&str]) -> bool {
    let without = |optional: &str| -> Vec<&str> {
        steps
            .iter()
            .copied()
            .filter(|step| *step != optional)
            .collect()
    };
    match kind {
        "message" if steps.contains(&"refusal.done") => {
            steps
                == [
                    "content_part.added",
                    "refusal.delta",
                    "refusal.done",
                    "content_part.done",
                ]
        }
        "message" => {
            let text = [
                "content_part.added",
                "output_text.delta",
                "output_text.done",
                "content_part.done",
            ];
            let empty = [
                "content_part.added",
                "output_text.done",
                "content_part.done",
            ];
            let noted = without("output_text.annotation.added");
            let in_place = steps
                .iter()
                .position(|step| step.ends_with("annotation.added"))
                .is_none_or(|at| steps.get(at + 1) == Some(&"output_text.done"));
            in_place && (noted == text || noted == empty)
        }
        "reasoning" => {
            steps.is_empty()
                || steps
                    == [
                        "reasoning_summary_part.added",
                        "reasoning_summary_text.delta",
                        "reasoning_summary_text.done",
                        "reasoning_summary_part.done",
                    ]
        }
        "function_call" => {
            steps
                == [
                    "function_call_arguments.delta",
                    "function_call_arguments.done",
                ]
        }
        "custom_tool_call" => {
            steps
                == [
                    "custom_tool_call_input.delta",
                    "custom_tool_call_input.done",
                ]
        }
        "image_generation_call" => {
            steps
                == [
                    "image_generation_call.in_progress",
                    "image_generation_call.generating",
                    "image_generation_call.completed",
                ]
        }
        "code_interpreter_call" => {
            steps
                == [
                    "code_interpreter_call.in_progress",
                    "code_interpreter_call_code.delta",
                    "code_interpreter_call_code.done",
                    "code_interpreter_call.interpreting",
                    "code_interpreter_call.completed",
                ]
        }
        other => panic!("no order is known for {other}"),
    }
}
