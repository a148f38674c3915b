//! Which blocks an answer has, in which order: once for whole answers and streams.
//!
//! One block is open at a time; what is said of another kind closes it. Signatures of texts are
//! handed on only where a thought is right before the text and the text is a block of its own:
//! elsewhere there is no block to carry them, and Gemini does not check them (§3.2).

use std::borrow::Cow;

use super::{prose, search::Search, signature::Signature, thinking::ThinkingBlocks};
use crate::answer::{Call, Output, Said, code_text};

/// What blocks are written to.
pub(super) trait Blocks<'a> {
    /// Opens a `text` block.
    fn open_text(&mut self);
    /// Goes on with the open `text` block.
    fn text(&mut self, text: Cow<'a, str>);
    /// Opens a `thinking` block.
    fn open_thinking(&mut self);
    /// Goes on with the open `thinking` block.
    fn thinking(&mut self, text: &'a str);
    /// Signs the open `thinking` block, which closes next.
    fn sign(&mut self, signature: Signature<'_>);
    /// Closes the open block.
    fn close(&mut self);
    /// A whole `tool_use` block.
    fn call(&mut self, call: &Call<'a>);
    /// The whole blocks of a search.
    fn search(&mut self, search: &Search);
}

/// Most calls in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calls {
    Any,
    /// `disable_parallel_tool_use`: Gemini has no such setting (T13), so calls after the first are
    /// left out. Nobody misses them: the first carries the signature (§3.1), and the model asks
    /// again when it has the result.
    One,
}

/// The order of blocks of one answer.
#[derive(Debug)]
pub(super) struct Sequence {
    open: Option<Open>,
    thinking: ThinkingBlocks,
    calls: Calls,
    called: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Text,
    Thinking,
}

impl Sequence {
    pub(super) fn new(thinking: ThinkingBlocks, calls: Calls) -> Self {
        Self {
            open: None,
            thinking,
            calls,
            called: false,
        }
    }

    /// Writes what is said.
    pub(super) fn say<'a>(&mut self, said: &Said<'a>, blocks: &mut impl Blocks<'a>) {
        match &said.output {
            Output::Text(text) => self.say_text(text, said.signature, blocks),
            Output::Thought(text) => {
                self.open(Open::Thinking, blocks);
                blocks.thinking(text);
            }
            Output::Call(call) => self.say_call(call, said.signature, blocks),
            Output::Media(media) => self.tell(prose::left_out(media), blocks),
            code @ (Output::Code { .. } | Output::CodeResult { .. }) => {
                if let Some(text) = code_text(code) {
                    self.tell(text, blocks);
                }
            }
            Output::Nothing => {}
        }
    }

    /// Writes text of ours.
    pub(super) fn tell<'a>(&mut self, text: String, blocks: &mut impl Blocks<'a>) {
        self.open(Open::Text, blocks);
        blocks.text(Cow::Owned(text));
    }

    /// Closes what is open and adds what was searched.
    pub(super) fn finish<'a>(&mut self, search: Option<&Search>, blocks: &mut impl Blocks<'a>) {
        self.close(blocks);
        if let Some(search) = search {
            blocks.search(search);
        }
    }

    fn say_text<'a>(
        &mut self,
        text: &'a str,
        signature: Option<&str>,
        blocks: &mut impl Blocks<'a>,
    ) {
        let signature = signature.filter(|_| self.open == Some(Open::Thinking));
        if let Some(signature) = signature {
            let bytes = text.len();
            blocks.sign(Signature::Text { bytes, signature });
        }
        self.open(Open::Text, blocks);
        blocks.text(Cow::Borrowed(text));
        if signature.is_some() {
            // What follows must not be taken for part of the signed text (§3.7).
            self.close(blocks);
        }
    }

    fn say_call<'a>(
        &mut self,
        call: &Call<'a>,
        signature: Option<&str>,
        blocks: &mut impl Blocks<'a>,
    ) {
        if self.calls == Calls::One && self.called {
            return;
        }
        self.called = true;
        if let Some(signature) = signature {
            if self.thinking == ThinkingBlocks::Asked {
                self.open(Open::Thinking, blocks);
            }
            if self.open == Some(Open::Thinking) {
                blocks.sign(Signature::Call(signature));
            }
        }
        self.close(blocks);
        blocks.call(call);
    }

    fn open<'a>(&mut self, kind: Open, blocks: &mut impl Blocks<'a>) {
        if self.open == Some(kind) {
            return;
        }
        self.close(blocks);
        self.open = Some(kind);
        match kind {
            Open::Text => blocks.open_text(),
            Open::Thinking => blocks.open_thinking(),
        }
    }

    fn close<'a>(&mut self, blocks: &mut impl Blocks<'a>) {
        if self.open.take().is_some() {
            blocks.close();
        }
    }
}
