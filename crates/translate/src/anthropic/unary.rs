//! A whole answer to a message (§7.2).
//!
//! Only the first candidate is looked at: Anthropic's API has no others, and none are asked for.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::{
    block::{Block, Input, SearchInput},
    body::{Message, Stop, UsageBody},
    exchange::Presentation,
    search::{Search, search_id},
    sequence::{Blocks, Sequence},
    signature::Signature,
};
use crate::{
    AnswerMeta, JSON, UnaryAnswer, UpstreamFault,
    answer::{Answer, Call, CallReader, refusal_text},
    gemini::response::GenerateContentResponse,
    json::write_json,
};

/// Room for everything but the content, in bytes: envelope, ids and usage take about 500.
const ENVELOPE_BYTES: usize = 768;

/// Renders the answer of `generateContent`.
///
/// # Errors
/// See [`Answer::read`].
pub(super) fn render(
    answers: &[&[u8]],
    presentation: Presentation,
    calls: &mut CallReader,
    meta: &AnswerMeta,
) -> Result<UnaryAnswer, UpstreamFault> {
    let upstream = answers.first().copied().unwrap_or_default();
    let response = GenerateContentResponse::parse(upstream)?;
    let answer = Answer::read(&response, calls)?;
    let mut blocks = Collected::new(meta);
    let mut sequence = Sequence::new(presentation.thinking, presentation.calls);
    let mut search = Search::default();
    let stop = match (answer.blocked, answer.candidates.first()) {
        (Some(reason), _) => {
            sequence.tell(refusal_text(reason), &mut blocks);
            Stop::blocked(reason)
        }
        (None, Some(candidate)) => {
            for said in &candidate.said {
                sequence.say(said, &mut blocks);
            }
            search.note(&candidate.notes);
            Stop::of(&candidate.stopped)
        }
        (None, None) => return Err(UpstreamFault::Empty),
    };
    let search = presentation.shown(&search);
    sequence.finish(search, &mut blocks);

    let id = meta.id("msg_", answer.response_id);
    let usage = UsageBody::new(answer.usage, search);
    let message = Message::new(&id, &meta.model, blocks.content, stop, usage);
    let mut body = Vec::with_capacity(upstream.len() + ENVELOPE_BYTES);
    write_json(&mut body, &message);
    Ok(UnaryAnswer {
        body,
        content_type: JSON,
        usage: answer.usage,
        empty: answer.empty,
        signatures: answer.signatures(),
    })
}

/// Blocks as a list.
struct Collected<'a> {
    content: Vec<Block<'a>>,
    search_id: String,
}

impl Collected<'_> {
    fn new(meta: &AnswerMeta) -> Self {
        Self {
            content: Vec::new(),
            search_id: search_id(&meta.fallback_id),
        }
    }
}

impl<'a> Blocks<'a> for Collected<'a> {
    fn open_text(&mut self) {
        self.content.push(Block::Text {
            text: Cow::Borrowed(""),
        });
    }

    fn text(&mut self, more: Cow<'a, str>) {
        if let Some(Block::Text { text }) = self.content.last_mut() {
            append(text, more);
        }
    }

    fn open_thinking(&mut self) {
        self.content.push(Block::Thinking {
            thinking: Cow::Borrowed(""),
            signature: String::new(),
        });
    }

    fn thinking(&mut self, more: &'a str) {
        if let Some(Block::Thinking { thinking, .. }) = self.content.last_mut() {
            append(thinking, Cow::Borrowed(more));
        }
    }

    fn sign(&mut self, with: Signature<'_>) {
        if let Some(Block::Thinking { signature, .. }) = self.content.last_mut() {
            *signature = with.to_anthropic();
        }
    }

    fn close(&mut self) {}

    fn call(&mut self, call: &Call<'a>) {
        self.content.push(Block::ToolUse {
            id: call.id.clone(),
            name: call.name.clone(),
            input: call.args.map_or(Input::None {}, Input::Whole),
        });
    }

    /// Before the text that it led to, where Anthropic has it.
    fn search(&mut self, search: &Search) {
        let id = || Cow::Owned(self.search_id.clone());
        let blocks = [
            Block::ServerToolUse {
                id: id(),
                name: "web_search",
                input: SearchInput {
                    query: Some(Cow::Owned(search.query())),
                },
            },
            Block::WebSearchToolResult {
                tool_use_id: id(),
                content: search.results(),
            },
        ];
        let is_text = |block: &Block<'_>| matches!(block, Block::Text { .. });
        let at = self.content.iter().position(is_text);
        let at = at.unwrap_or(self.content.len());
        self.content.splice(at..at, blocks);
    }
}

/// Borrows while there is one piece, the usual case.
fn append<'a>(target: &mut Cow<'a, str>, more: Cow<'a, str>) {
    if target.is_empty() {
        *target = more;
    } else {
        target.to_mut().push_str(&more);
    }
}
