//! What a part of Gemini's answer is to a client, whatever the client's API.
//!
//! It looks at one part at a time and keeps only what an ending must know; nothing is rendered here.

use crate::{
    answer::{Call, CallReader},
    gemini::response::{Blob, Part},
};

/// What has been said of a candidate so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Answer text, or a refusal.
    pub(crate) text: bool,
    pub(crate) thought: bool,
    /// At least one function call.
    pub(crate) call: bool,
    /// An image or sound.
    pub(crate) media: bool,
}

impl Shown {
    pub(crate) fn anything(self) -> bool {
        self.text || self.thought || self.call || self.media
    }
}

/// One thing that a candidate says.
#[derive(Debug, Clone)]
pub(crate) enum Output<'a> {
    /// Answer text, never empty.
    Text(&'a str),
    /// A thought, never empty (A4).
    Thought(&'a str),
    Call(Call<'a>),
    /// An image or sound that is part of the answer; drafts are not (N6).
    Media(Media<'a>),
    /// Code that Google ran (A7). Not a call: the client has nothing to answer.
    Code {
        /// `python`, in lower case or as Gemini says.
        language: &'a str,
        code: &'a str,
    },
    /// What that code printed.
    CodeResult {
        /// False when it failed or took too long.
        ok: bool,
        output: &'a str,
    },
    /// Nothing but the signature beside it: an empty text, often the last part of a stream (§3.1).
    Nothing,
}

/// Inline data of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Media<'a> {
    /// `image/png`, `audio/L16;codec=pcm;rate=24000` …
    pub(crate) mime_type: &'a str,
    /// Base64, standard alphabet.
    pub(crate) data: &'a str,
}

/// An output with the signature that came on its part.
#[derive(Debug, Clone)]
pub(crate) struct Said<'a> {
    pub(crate) output: Output<'a>,
    pub(crate) signature: Option<&'a str>,
}

impl<'a> Said<'a> {
    /// Reads a part and notes it in `shown`. `None` for kinds that mean nothing to a client (A6).
    ///
    /// Only `thought` makes a thought. A signature does not: the last part of an answer normally
    /// carries one (A5).
    pub(crate) fn read(
        part: &'a Part<'_>,
        calls: &mut CallReader,
        shown: &mut Shown,
    ) -> Option<Self> {
        let signature = part
            .thought_signature
            .as_deref()
            .filter(|text| !text.is_empty());
        let output = match Output::read(part, calls) {
            Some(output) => output,
            // Parts of unknown kinds may be signed too, but such a signature fits nothing that the
            // client will send back.
            None if signature.is_some() && part.text.is_some() => Output::Nothing,
            None => return None,
        };
        match &output {
            Output::Text(_) | Output::Code { .. } | Output::CodeResult { .. } => shown.text = true,
            Output::Thought(_) => shown.thought = true,
            Output::Call(_) => shown.call = true,
            Output::Media(_) => shown.media = true,
            Output::Nothing => {}
        }
        Some(Self { output, signature })
    }
}

impl<'a> Output<'a> {
    fn read(part: &'a Part<'_>, calls: &mut CallReader) -> Option<Self> {
        let is_thought = part.thought == Some(true);
        if let Some(text) = part.text.as_deref().filter(|text| !text.is_empty()) {
            return Some(if is_thought {
                Self::Thought(text)
            } else {
                Self::Text(text)
            });
        }
        if let Some(call) = &part.function_call {
            return calls.read(call).map(Self::Call);
        }
        if let Some(blob) = part.inline_data.as_ref().filter(|_| !is_thought) {
            return Media::read(blob).map(Self::Media);
        }
        if let Some(code) = &part.executable_code {
            return Some(Self::Code {
                language: code.language.as_deref().unwrap_or("PYTHON"),
                code: code.code.as_deref().unwrap_or_default(),
            });
        }
        part.code_execution_result
            .as_ref()
            .map(|result| Self::CodeResult {
                ok: result.outcome.as_deref() == Some("OUTCOME_OK"),
                output: result.output.as_deref().unwrap_or_default(),
            })
    }
}

impl<'a> Media<'a> {
    fn read(blob: &'a Blob<'_>) -> Option<Self> {
        Some(Self {
            mime_type: blob.mime_type.as_deref()?,
            data: blob.data.as_deref().filter(|data| !data.is_empty())?,
        })
    }

    /// Whether it is an image.
    pub(crate) fn is_image(&self) -> bool {
        self.mime_type.starts_with("image/")
    }

    /// Whether it is sound.
    pub(crate) fn is_audio(&self) -> bool {
        self.mime_type.starts_with("audio/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AnswerMeta, prompt::function_names::FunctionNames};

    #[test]
    fn a_signature_alone_is_an_output_only_on_a_text_a6() {
        for (part, expected) in [
            (r#"{"text":"","thoughtSignature":"Cg=="}"#, true),
            (r#"{"text":""}"#, false),
            (
                r#"{"toolCall":{"id":"a"},"thoughtSignature":"Cg=="}"#,
                false,
            ),
            (r#"{"future":{},"thoughtSignature":"Cg=="}"#, false),
            (r#"{"functionCall":{},"thoughtSignature":"Cg=="}"#, false),
            (
                r#"{"inlineData":{"mimeType":"image/png","data":"AA=="},"thought":true,"thoughtSignature":"Cg=="}"#,
                false,
            ),
        ] {
            let meta = AnswerMeta {
                fallback_id: String::new(),
                created_unix_s: 0,
                model: String::new(),
            };
            let mut calls = CallReader::new(FunctionNames::default(), "call_", &meta);
            let mut shown = Shown::default();
            let parsed = serde_json::from_str(part).unwrap();
            let said = Said::read(&parsed, &mut calls, &mut shown);
            let nothing = said.is_some_and(|said| matches!(said.output, Output::Nothing));
            assert_eq!(nothing, expected, "{part}");
            assert!(!shown.anything(), "{part}");
        }
    }
}
