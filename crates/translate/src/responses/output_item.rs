//! Items of `output`, as they are written (openai-python 3.54, `ResponseOutputItem`).
//!
//! Owned, since a stream writes each item piece by piece and again in its last event.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::answer::Citation;

/// What kind of thing the model gave.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum OutputItem {
    Reasoning(Reasoning),
    Message(Message),
    FunctionCall(FunctionCall),
    CustomToolCall(CustomToolCall),
    ImageGenerationCall(ImageGenerationCall),
    CodeInterpreterCall(CodeInterpreterCall),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ItemStatus {
    InProgress,
    Completed,
    Incomplete,
    /// Of code only.
    Failed,
}

/// Thoughts, and the signature of the call that follows.
#[derive(Debug, Serialize)]
pub(super) struct Reasoning {
    pub(super) id: String,
    /// One text, or none.
    pub(super) summary: Vec<SummaryText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) encrypted_content: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "summary_text")]
pub(super) struct SummaryText {
    pub(super) text: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) status: ItemStatus,
    pub(super) role: &'static str,
    /// One part, or none while it begins.
    pub(super) content: Vec<ContentPart>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ContentPart {
    OutputText(OutputText),
    Refusal(Refusal),
}

#[derive(Debug, Default, Serialize)]
pub(super) struct OutputText {
    pub(super) annotations: Vec<UrlCitation>,
    /// Written when they came, since what they borrow from is gone by now.
    pub(super) logprobs: Vec<Box<RawValue>>,
    pub(super) text: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Refusal {
    pub(super) refusal: String,
}

/// Flat, unlike that of chat completions (§8.2).
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "url_citation")]
pub(super) struct UrlCitation {
    start_index: usize,
    end_index: usize,
    url: String,
    title: String,
}

#[derive(Debug, Serialize)]
pub(super) struct FunctionCall {
    pub(super) id: String,
    pub(super) status: ItemStatus,
    pub(super) call_id: String,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<String>,
    /// JSON in a string, as Gemini wrote it (C1).
    pub(super) arguments: String,
}

#[derive(Debug, Serialize)]
pub(super) struct CustomToolCall {
    pub(super) id: String,
    pub(super) status: ItemStatus,
    pub(super) call_id: String,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<String>,
    pub(super) input: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ImageGenerationCall {
    pub(super) id: String,
    pub(super) status: ItemStatus,
    /// Base64.
    pub(super) result: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) output_format: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(super) struct CodeInterpreterCall {
    pub(super) id: String,
    pub(super) status: ItemStatus,
    pub(super) code: String,
    /// Google shows none of its containers; clients need a text.
    pub(super) container_id: String,
    /// `null` unless the client asked for `code_interpreter_call.outputs`.
    pub(super) outputs: Option<Vec<Logs>>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "logs")]
pub(super) struct Logs {
    pub(super) logs: String,
}

impl OutputItem {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Reasoning(item) => &item.id,
            Self::Message(item) => &item.id,
            Self::FunctionCall(item) => &item.id,
            Self::CustomToolCall(item) => &item.id,
            Self::ImageGenerationCall(item) => &item.id,
            Self::CodeInterpreterCall(item) => &item.id,
        }
    }
}

impl UrlCitation {
    /// Of a message whose text is the characters `within` of the whole answer's; `None` for what is
    /// cited elsewhere.
    pub(super) fn new(citation: &Citation, within: &std::ops::Range<usize>) -> Option<Self> {
        let inside = within.start <= citation.chars.start && citation.chars.end <= within.end;
        inside.then(|| Self {
            start_index: citation.chars.start - within.start,
            end_index: citation.chars.end - within.start,
            url: citation.url.clone(),
            title: citation.title.clone(),
        })
    }
}
