//! What a recorded answer says, read without the code that is tested: plain JSON values, and event
//! lines for streams.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{dialect::Counts, fixtures::Fixture};

/// What a dialect has to tell.
#[derive(Debug, Default)]
pub(crate) struct Upstream {
    /// By index.
    pub(crate) candidates: BTreeMap<u64, Candidate>,
    /// The last counts seen.
    pub(crate) usage: Option<Counts>,
    /// The prompt was refused.
    pub(crate) blocked: bool,
    /// An error report is in it.
    pub(crate) error: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Candidate {
    /// Pieces of answer text, in order.
    pub(crate) text: Vec<String>,
    pub(crate) thoughts: String,
    /// Name and arguments.
    pub(crate) calls: Vec<(String, Value)>,
    pub(crate) images: usize,
    /// Code or its result is in it, which dialects show each in their way.
    pub(crate) code: bool,
    pub(crate) finish: Option<String>,
}

impl Upstream {
    pub(crate) fn read(fixture: &Fixture) -> Self {
        let text = String::from_utf8_lossy(&fixture.body);
        let mut upstream = Self::default();
        if fixture.streamed {
            let data = text.lines().filter_map(|line| line.strip_prefix("data:"));
            for event in data {
                let event = serde_json::from_str(event.trim()).unwrap_or_default();
                upstream.add(&event);
            }
        } else {
            upstream.add(&serde_json::from_str(&text).unwrap_or_default());
        }
        upstream
    }

    fn add(&mut self, event: &Value) {
        self.error |= !event["error"].is_null();
        self.blocked |= event["promptFeedback"]["blockReason"].is_string();
        let usage = counts(&event["usageMetadata"]);
        if usage != Counts::default() {
            self.usage = Some(usage);
        }
        for candidate in event["candidates"].as_array().into_iter().flatten() {
            let index = candidate["index"].as_u64().unwrap_or(0);
            self.candidates.entry(index).or_default().add(candidate);
        }
    }

    /// What Gemini counted adds up, as in every answer that it really gave (S1).
    pub(crate) fn adds_up(&self) -> bool {
        let adds_up = |counts: Counts| counts.total == counts.prompt + counts.completion;
        self.usage.is_none_or(adds_up)
    }
}

impl Candidate {
    fn add(&mut self, candidate: &Value) {
        if let Some(reason) = candidate["finishReason"].as_str() {
            self.finish = Some(reason.to_owned());
        }
        let parts = candidate["content"]["parts"].as_array();
        for part in parts.into_iter().flatten() {
            let thought = part["thought"] == true;
            match part["text"].as_str() {
                Some("") | None => {}
                Some(text) if thought => self.thoughts.push_str(text),
                Some(text) => self.text.push(text.to_owned()),
            }
            if let Some(name) = part["functionCall"]["name"].as_str() {
                let args = &part["functionCall"]["args"];
                let args = match args {
                    Value::Null => serde_json::json!({}),
                    args => args.clone(),
                };
                self.calls.push((name.to_owned(), args));
            }
            let mime_type = part["inlineData"]["mimeType"].as_str().unwrap_or_default();
            let data = part["inlineData"]["data"].as_str().unwrap_or_default();
            if mime_type.starts_with("image/") && !data.is_empty() && !thought {
                self.images += 1;
            }
            self.code |=
                part["executableCode"].is_object() || part["codeExecutionResult"].is_object();
        }
    }
}

/// By OpenAI's definitions (S2).
fn counts(usage: &Value) -> Counts {
    let count = |key: &str| usage[key].as_u64().unwrap_or(0);
    Counts {
        prompt: count("promptTokenCount") + count("toolUsePromptTokenCount"),
        completion: count("candidatesTokenCount") + count("thoughtsTokenCount"),
        total: count("totalTokenCount"),
    }
}
