//! Scripts for the simulator, by what they do; the format is described in its README.
//!
//! Only shapes that several test modules need are here.

use gemini_sim::RecordedRequest;
use serde_json::{Value, json};

/// Longer than any test waits: what comes after it never comes.
const NEVER_MS: u64 = 3_600_000;

/// An event with a piece of the answer.
pub(crate) fn text_event(text: &str) -> Value {
    json!({"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}}]})
}

/// The last event of an answer.
pub(crate) fn last_event(text: &str) -> Value {
    json!({"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, "finishReason": "STOP"}]})
}

/// Every generation is answered by these events.
pub(crate) fn streaming(events: &[Value]) -> Value {
    json!([{"then": {"stream": {"events": events}}}])
}

/// Every generation is answered by these events, with a pause before each but the first.
pub(crate) fn streaming_slowly(events: &[Value], pause_ms: u64) -> Value {
    json!([{"then": {"stream": {"events": events, "delay_ms": pause_ms}}}])
}

/// The first stream says `text` and then nothing more; later ones are whole.
pub(crate) fn stalling_once_after(text: &str) -> Value {
    let events = [text_event(text), last_event("")];
    json!([{
        "match": {"method": "streamGenerateContent", "times": 1},
        "then": {"stream": {"events": events, "delay_ms": NEVER_MS}}
    }])
}

/// Every request gets this named error.
pub(crate) fn failing(error: &str) -> Value {
    json!([{"then": {"respond": {"error": error}}}])
}

/// Every request is answered with status 200 and this body.
pub(crate) fn answering(body: &Value) -> Value {
    json!([{"then": {"respond": {"status": 200, "body": body}}}])
}

/// All values of a header that the upstream received.
pub(crate) fn header_values<'a>(request: &'a RecordedRequest, name: &str) -> Vec<&'a str> {
    let named = request.headers.iter().filter(|(header, _)| header == name);
    named.map(|(_, value)| value.as_str()).collect()
}
