//! Events of a stream, in SSE framing with `event:` lines, which Anthropic's clients go by.
//!
//! It writes events and keeps only the index of the block; their order is `sequence`'s and
//! `stream`'s.

use std::borrow::Cow;

use serde::Serialize;

use super::{
    block::{Block, Input, SearchInput},
    body::{Message, Stop, UsageBody},
    search::Search,
    sequence::Blocks,
    signature::Signature,
};
use crate::{answer::Call, json::write_json};

/// An event, by the name that its `event:` line has too.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Event<'a> {
    MessageStart {
        message: Message<'a>,
    },
    ContentBlockStart {
        index: u32,
        content_block: Block<'a>,
    },
    ContentBlockDelta {
        index: u32,
        delta: Delta<'a>,
    },
    ContentBlockStop {
        index: u32,
    },
    MessageDelta {
        delta: Stop,
        usage: UsageBody,
    },
    MessageStop,
}

/// How an open block goes on.
#[derive(Serialize)]
#[serde(tag = "type")]
pub(super) enum Delta<'a> {
    #[serde(rename = "text_delta")]
    Text { text: &'a str },
    #[serde(rename = "thinking_delta")]
    Thinking { thinking: &'a str },
    #[serde(rename = "signature_delta")]
    Signature { signature: String },
    #[serde(rename = "input_json_delta")]
    InputJson { partial_json: &'a str },
}

impl Event<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::MessageStart { .. } => "message_start",
            Self::ContentBlockStart { .. } => "content_block_start",
            Self::ContentBlockDelta { .. } => "content_block_delta",
            Self::ContentBlockStop { .. } => "content_block_stop",
            Self::MessageDelta { .. } => "message_delta",
            Self::MessageStop => "message_stop",
        }
    }

    /// Appends the event to `out`.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"event: ");
        out.extend_from_slice(self.name().as_bytes());
        out.extend_from_slice(b"\ndata: ");
        write_json(out, self);
        out.extend_from_slice(b"\n\n");
    }
}

/// Writes blocks as events.
pub(super) struct BlockEvents<'o> {
    pub(super) out: &'o mut Vec<u8>,
    /// Of the open block, or else of the next; grows by one with each block.
    pub(super) index: &'o mut u32,
    pub(super) search_id: &'o str,
}

impl BlockEvents<'_> {
    fn start(&mut self, content_block: Block<'_>) {
        let index = *self.index;
        Event::ContentBlockStart {
            index,
            content_block,
        }
        .write(self.out);
    }

    fn delta(&mut self, delta: Delta<'_>) {
        let index = *self.index;
        Event::ContentBlockDelta { index, delta }.write(self.out);
    }

    fn stop(&mut self) {
        Event::ContentBlockStop { index: *self.index }.write(self.out);
        *self.index = self.index.saturating_add(1);
    }
}

impl<'a> Blocks<'a> for BlockEvents<'_> {
    fn open_text(&mut self) {
        self.start(Block::Text {
            text: Cow::Borrowed(""),
        });
    }

    fn text(&mut self, text: Cow<'a, str>) {
        self.delta(Delta::Text { text: &text });
    }

    fn open_thinking(&mut self) {
        self.start(Block::Thinking {
            thinking: Cow::Borrowed(""),
            signature: String::new(),
        });
    }

    fn thinking(&mut self, thinking: &'a str) {
        self.delta(Delta::Thinking { thinking });
    }

    fn sign(&mut self, signature: Signature<'_>) {
        self.delta(Delta::Signature {
            signature: signature.to_anthropic(),
        });
    }

    fn close(&mut self) {
        self.stop();
    }

    /// Gemini sends arguments whole, so they are one delta (C5, X4).
    fn call(&mut self, call: &Call<'a>) {
        self.start(Block::ToolUse {
            id: call.id.clone(),
            name: call.name.clone(),
            input: Input::None {},
        });
        self.delta(Delta::InputJson {
            partial_json: call.arguments(),
        });
        self.stop();
    }

    fn search(&mut self, search: &Search) {
        self.start(Block::ServerToolUse {
            id: Cow::Borrowed(self.search_id),
            name: "web_search",
            input: SearchInput::default(),
        });
        let mut input = Vec::new();
        let query = Some(Cow::Owned(search.query()));
        write_json(&mut input, &SearchInput { query });
        self.delta(Delta::InputJson {
            partial_json: &String::from_utf8_lossy(&input),
        });
        self.stop();
        self.start(Block::WebSearchToolResult {
            tool_use_id: Cow::Borrowed(self.search_id),
            content: search.results(),
        });
        self.stop();
    }
}
