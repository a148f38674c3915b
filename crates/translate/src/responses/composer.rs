//! What Gemini says, in order, to output items, with every step of how they come about.
//!
//! One machine for whole answers and streams, so that both end with the same items. One item is open
//! at a time: thoughts and texts that follow each other go on in it, anything else closes it.
//!
//! | Gemini | item |
//! |---|---|
//! | thought | `reasoning` with one summary |
//! | text | `message` with one text |
//! | function call | `function_call` or `custom_tool_call`, after a `reasoning` that carries its signature if the client keeps those (§3.10) |
//! | code and its output | `code_interpreter_call`: here they have a place of their own, unlike in chat (A7) |
//! | image | `image_generation_call` |
//! | blocked prompt | `message` with a refusal (B1) |
//!
//! Signatures of texts are not passed on: they are not checked (§3.2), and a stream's reasoning
//! would have to come before a text whose signature comes after it. Sound has no item in this API;
//! models for speech are refused, and should another speak, a line of the text says so.

mod calls;
mod google_tools;

use std::ops::Range;

use serde_json::value::to_raw_value;

use super::{
    call_names::CallNames,
    events::{Event, Observer, Place},
    output_item::{
        ContentPart, ItemStatus, Message, OutputItem, OutputText, Reasoning, Refusal, SummaryText,
        UrlCitation,
    },
    response_object::{Ending, IncompleteDetails},
    settings::Included,
};
use crate::{
    MAX_EVENT_BYTES,
    answer::{CitedText, Notes, Output, Said, StopKind, logprobs},
};

/// Most bytes of an answer that are kept for the events that repeat it. The longest answer of a
/// model is 65,536 tokens (gemini-4-argon, November 2026), about 256 KiB of text; pictures are
/// larger, and each fits into one event of Gemini's. What comes beyond is left out, and the answer
/// ends as one that reached its limit, which is true.
const MAX_KEPT_BYTES: usize = MAX_EVENT_BYTES;

/// Puts items together.
#[derive(Debug)]
pub(super) struct Composer {
    names: CallNames,
    included: Included,
    /// Ends the ids of all items.
    seed: String,
    items: Vec<OutputItem>,
    open: Open,
    kept_bytes: usize,
    /// Something was left out because of the limit.
    cut: bool,
    cited: CitedText,
    /// Characters of the texts before the open message's.
    chars_before: usize,
}

/// Which item goes on; it is the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Reasoning,
    Text,
    Code,
}

impl Composer {
    /// `seed` is unique to the answer.
    pub(super) fn new(names: CallNames, included: Included, seed: &str) -> Self {
        Self {
            names,
            included,
            seed: seed.to_owned(),
            items: Vec::new(),
            open: Open::Nothing,
            kept_bytes: 0,
            cut: false,
            cited: CitedText::default(),
            chars_before: 0,
        }
    }

    /// The items that are finished.
    pub(super) fn finished(&self) -> &[OutputItem] {
        let open = usize::from(self.open != Open::Nothing);
        let end = self.items.len().saturating_sub(open);
        self.items.get(..end).unwrap_or_default()
    }

    pub(super) fn say(&mut self, said: &Said<'_>, observer: &mut impl Observer) {
        if !self.keep(said) {
            return;
        }
        match &said.output {
            Output::Text(text) => self.text(text, observer),
            Output::Thought(text) => self.thought(text, observer),
            Output::Call(call) => self.call(call, said.signature, observer),
            Output::Media(media) if media.is_image() => self.image(*media, observer),
            Output::Media(media) => self.leave_out(media.mime_type, observer),
            Output::Code { code, .. } => self.code(code, observer),
            Output::CodeResult { ok, output } => {
                let status = if *ok {
                    ItemStatus::Completed
                } else {
                    ItemStatus::Failed
                };
                self.code_result(status, output, observer);
            }
            Output::Nothing => {}
        }
    }

    /// What the text cites and how likely it was. It goes to the message that is open.
    pub(super) fn note(&mut self, notes: &Notes<'_>) {
        self.cited.note(notes);
        if let Some(raw) = notes.logprobs
            && self.included.logprobs
            && let Some(part) = self.open_text()
        {
            let tokens = logprobs::read(raw);
            let written = tokens.iter().filter_map(|token| to_raw_value(token).ok());
            part.logprobs.extend(written);
        }
    }

    /// The prompt was blocked, for the reason in `text`.
    pub(super) fn refuse(&mut self, text: &str, observer: &mut impl Observer) {
        self.close(ItemStatus::Completed, observer);
        self.begin_message(observer);
        let index = self.index();
        let Some(OutputItem::Message(message)) = self.items.last_mut() else {
            return;
        };
        let place = Place {
            item_id: &message.id,
            output_index: index,
        };
        let refusal = |refusal: &str| {
            let refusal = refusal.to_owned();
            ContentPart::Refusal(Refusal { refusal })
        };
        observer.step(Event::PartAdded(place, &refusal("")));
        observer.step(Event::RefusalDelta(place, text));
        observer.step(Event::RefusalDone(place, text));
        let part = refusal(text);
        observer.step(Event::PartDone(place, &part));
        message.content.push(part);
        message.status = ItemStatus::Completed;
        self.item_done(observer);
    }

    /// Nothing follows. What the model was cut off in is incomplete; an answer that holds nothing
    /// for no reason is an empty message, since clients look for one.
    pub(super) fn finish(&mut self, kind: StopKind, observer: &mut impl Observer) -> Ending {
        let ending = match Ending::from(kind) {
            Ending::Completed if self.cut => Ending::Incomplete(IncompleteDetails::MaxOutputTokens),
            ending => ending,
        };
        if ending == Ending::Completed && self.items.is_empty() {
            self.text("", observer);
        }
        let status = match ending {
            Ending::Completed => ItemStatus::Completed,
            Ending::Incomplete(_) => ItemStatus::Incomplete,
        };
        self.close(status, observer);
        ending
    }

    /// Whether what is said still fits.
    fn keep(&mut self, said: &Said<'_>) -> bool {
        let bytes = match &said.output {
            Output::Text(text) | Output::Thought(text) => text.len(),
            Output::Call(call) => {
                let signature = said.signature.unwrap_or_default();
                call.id.len() + call.name.len() + call.arguments().len() + signature.len()
            }
            Output::Media(media) if media.is_image() => media.data.len(),
            Output::Media(media) => media.mime_type.len(),
            Output::Code { code, .. } => code.len(),
            Output::CodeResult { output, .. } => output.len(),
            Output::Nothing => 0,
        };
        self.kept_bytes = self.kept_bytes.saturating_add(bytes);
        self.cut |= self.kept_bytes > MAX_KEPT_BYTES;
        !self.cut
    }

    fn text(&mut self, text: &str, observer: &mut impl Observer) {
        self.cited.push(text);
        self.write(text, observer);
    }

    /// Nothing may be lost in silence.
    fn leave_out(&mut self, mime_type: &str, observer: &mut impl Observer) {
        let kind = mime_type.split(';').next().unwrap_or_default();
        let line = format!("\n[{kind} left out: the Responses API has no item for it]\n");
        self.cited.insert(&line);
        self.write(&line, observer);
    }

    fn write(&mut self, text: &str, observer: &mut impl Observer) {
        if self.open != Open::Text {
            self.close(ItemStatus::Completed, observer);
            self.begin_message(observer);
            self.open = Open::Text;
            let index = self.index();
            if let Some(OutputItem::Message(message)) = self.items.last_mut() {
                message
                    .content
                    .push(ContentPart::OutputText(OutputText::default()));
                if let [part] = message.content.as_slice() {
                    let place = Place {
                        item_id: &message.id,
                        output_index: index,
                    };
                    observer.step(Event::PartAdded(place, part));
                }
            }
        }
        if text.is_empty() {
            return;
        }
        if let Some(part) = self.open_text() {
            part.text.push_str(text);
        }
        observer.step(Event::TextDelta(self.place(), text));
    }

    fn thought(&mut self, text: &str, observer: &mut impl Observer) {
        if self.open != Open::Reasoning {
            self.close(ItemStatus::Completed, observer);
            self.begin_reasoning(None, observer);
            self.open = Open::Reasoning;
            let summary = SummaryText {
                text: String::new(),
            };
            observer.step(Event::SummaryAdded(self.place(), &summary));
            if let Some(OutputItem::Reasoning(reasoning)) = self.items.last_mut() {
                reasoning.summary.push(summary);
            }
        }
        if let Some(OutputItem::Reasoning(reasoning)) = self.items.last_mut()
            && let Some(summary) = reasoning.summary.last_mut()
        {
            summary.text.push_str(text);
        }
        observer.step(Event::SummaryDelta(self.place(), text));
    }

    /// Closes what is open, if anything is.
    fn close(&mut self, status: ItemStatus, observer: &mut impl Observer) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => return,
            Open::Reasoning => {
                if let Some(OutputItem::Reasoning(reasoning)) = self.items.last()
                    && let Some(summary) = reasoning.summary.last()
                {
                    observer.step(Event::SummaryTextDone(self.place(), &summary.text));
                    observer.step(Event::SummaryDone(self.place(), summary));
                }
            }
            Open::Text => self.close_text(status, observer),
            Open::Code => {
                observer.step(Event::CodeCompleted(self.place()));
                if let Some(OutputItem::CodeInterpreterCall(item)) = self.items.last_mut() {
                    item.status = status;
                }
            }
        }
        self.item_done(observer);
    }

    fn close_text(&mut self, status: ItemStatus, observer: &mut impl Observer) {
        let index = self.index();
        let Some(OutputItem::Message(message)) = self.items.last_mut() else {
            return;
        };
        message.status = status;
        let place = Place {
            item_id: &message.id,
            output_index: index,
        };
        let [content] = message.content.as_mut_slice() else {
            return;
        };
        if let ContentPart::OutputText(part) = content {
            let chars = self.chars_before + part.text.chars().count();
            part.annotations = annotations(&self.cited, &(self.chars_before..chars));
            self.chars_before = chars;
            for (index, annotation) in part.annotations.iter().enumerate() {
                observer.step(Event::Annotation(place, index, annotation));
            }
            observer.step(Event::TextDone(place, &part.text, &part.logprobs));
        }
        observer.step(Event::PartDone(place, content));
    }

    fn begin_message(&mut self, observer: &mut impl Observer) {
        let message = Message {
            id: self.new_id("msg"),
            status: ItemStatus::InProgress,
            role: "assistant",
            content: Vec::new(),
        };
        self.begin(OutputItem::Message(message), observer);
    }

    fn begin_reasoning(&mut self, encrypted_content: Option<String>, observer: &mut impl Observer) {
        let reasoning = Reasoning {
            id: self.new_id("rs"),
            summary: Vec::new(),
            encrypted_content,
        };
        self.begin(OutputItem::Reasoning(reasoning), observer);
    }

    fn begin(&mut self, item: OutputItem, observer: &mut impl Observer) {
        observer.step(Event::ItemAdded(self.items.len(), &item));
        self.items.push(item);
    }

    fn item_done(&self, observer: &mut impl Observer) {
        if let Some(item) = self.items.last() {
            observer.step(Event::ItemDone(self.index(), item));
        }
    }

    /// Of the last item.
    fn index(&self) -> usize {
        self.items.len().saturating_sub(1)
    }

    /// Of the last item.
    fn place(&self) -> Place<'_> {
        Place {
            item_id: self.items.last().map_or("", OutputItem::id),
            output_index: self.index(),
        }
    }

    fn open_text(&mut self) -> Option<&mut OutputText> {
        match self.items.last_mut() {
            Some(OutputItem::Message(message)) if self.open == Open::Text => {
                match message.content.last_mut() {
                    Some(ContentPart::OutputText(part)) => Some(part),
                    Some(ContentPart::Refusal(_)) | None => None,
                }
            }
            _ => None,
        }
    }

    /// Of the item that comes next. OpenAI's ids have up to 64 characters; these have 25.
    fn new_id(&self, prefix: &str) -> String {
        format!("{prefix}_{}{:04x}", self.seed, self.items.len())
    }
}

/// What the message with these characters cites. Streams learn that last, so what an earlier message
/// cites is not told there.
fn annotations(cited: &CitedText, chars: &Range<usize>) -> Vec<UrlCitation> {
    let citations = cited.citations();
    citations
        .iter()
        .filter_map(|citation| UrlCitation::new(citation, chars))
        .collect()
}
