//! What a part of Gemini's answer is to a client: answer, thought, or nothing.
//!
//! It looks at one part at a time and keeps only what an ending must know; the text goes its way.

use crate::gemini::response::Part;

/// What has been shown of a candidate, and what has been held back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Answer text, or a refusal.
    pub(crate) text: bool,
    pub(crate) thought: bool,
    /// A kind of part that means something but cannot be shown yet.
    pub(crate) hidden: Option<&'static str>,
}

/// Text of a part, with where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output<'a> {
    Answer(&'a str),
    Thought(&'a str),
}

impl Shown {
    pub(crate) fn anything(self) -> bool {
        self.text || self.thought
    }

    /// The text of `part`, never empty, noted as shown; `None` for every other kind (A6).
    ///
    /// Only `thought` makes a thought. A signature does not: the last part of an answer normally
    /// carries one (A5).
    pub(crate) fn take<'a>(&mut self, part: &'a Part<'_>) -> Option<Output<'a>> {
        let is_thought = part.thought == Some(true);
        if let Some(text) = part.text.as_deref().filter(|text| !text.is_empty()) {
            return Some(if is_thought {
                self.thought = true;
                Output::Thought(text)
            } else {
                self.text = true;
                Output::Answer(text)
            });
        }
        if part.function_call.is_some() {
            self.hidden = Some("functionCall");
        } else if part.inline_data.is_some() && !is_thought {
            self.hidden = Some("inlineData");
        }
        None
    }
}
