//! Events of a stream, numbered (§8.2; openai-python 3.54, `ResponseStreamEvent`).
//!
//! It writes events in the order that they are told; which comes when is the composer's.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    output_item::{ContentPart, OutputItem, SummaryText, UrlCitation},
    response_object::ResponseObject,
};
use crate::{ApiError, event::write_event};

/// Where the pieces of an item belong.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Place<'a> {
    pub(super) item_id: &'a str,
    pub(super) output_index: usize,
}

/// The one content part that messages have.
const CONTENT_INDEX: u32 = 0;
/// The one summary that reasoning has.
const SUMMARY_INDEX: u32 = 0;

/// One step of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event<'a> {
    Created(&'a ResponseObject<'a>),
    InProgress(&'a ResponseObject<'a>),
    Completed(&'a ResponseObject<'a>),
    Incomplete(&'a ResponseObject<'a>),
    Failed(&'a ResponseObject<'a>),
    Error(&'a ApiError),
    ItemAdded(usize, &'a OutputItem),
    ItemDone(usize, &'a OutputItem),
    PartAdded(Place<'a>, &'a ContentPart),
    PartDone(Place<'a>, &'a ContentPart),
    TextDelta(Place<'a>, &'a str),
    Annotation(Place<'a>, usize, &'a UrlCitation),
    TextDone(Place<'a>, &'a str, &'a [Box<RawValue>]),
    RefusalDelta(Place<'a>, &'a str),
    RefusalDone(Place<'a>, &'a str),
    SummaryAdded(Place<'a>, &'a SummaryText),
    SummaryDelta(Place<'a>, &'a str),
    SummaryTextDone(Place<'a>, &'a str),
    SummaryDone(Place<'a>, &'a SummaryText),
    ArgumentsDelta(Place<'a>, &'a str),
    /// With the name: openai-node's type requires it, OpenAI's servers leave it out.
    ArgumentsDone(Place<'a>, &'a str, &'a str),
    InputDelta(Place<'a>, &'a str),
    InputDone(Place<'a>, &'a str),
    ImageInProgress(Place<'a>),
    ImageGenerating(Place<'a>),
    ImageCompleted(Place<'a>),
    CodeInProgress(Place<'a>),
    CodeDelta(Place<'a>, &'a str),
    CodeDone(Place<'a>, &'a str),
    CodeInterpreting(Place<'a>),
    CodeCompleted(Place<'a>),
}

/// Whoever wants to know of every step.
pub(super) trait Observer {
    fn step(&mut self, event: Event<'_>);
}

/// For answers that are told whole.
pub(super) struct Unobserved;

impl Observer for Unobserved {
    fn step(&mut self, _event: Event<'_>) {}
}

/// Writes steps as events.
pub(super) struct EventWriter<'a> {
    pub(super) out: &'a mut Vec<u8>,
    /// Of the next event, over the whole stream.
    pub(super) sequence_number: &'a mut u64,
}

impl Observer for EventWriter<'_> {
    fn step(&mut self, event: Event<'_>) {
        let name = event.name();
        let numbered = Numbered {
            r#type: name,
            sequence_number: *self.sequence_number,
            body: event.body(),
        };
        write_event(self.out, name, &numbered);
        *self.sequence_number += 1;
    }
}

#[derive(Serialize)]
struct Numbered<'a> {
    r#type: &'static str,
    sequence_number: u64,
    #[serde(flatten)]
    body: Body<'a>,
}

/// What an event holds besides its type and number.
#[derive(Serialize)]
#[serde(untagged)]
enum Body<'a> {
    Response {
        response: &'a ResponseObject<'a>,
    },
    Error(ErrorBody<'a>),
    Item {
        output_index: usize,
        item: &'a OutputItem,
    },
    Piece {
        #[serde(flatten)]
        place: Place<'a>,
        #[serde(flatten)]
        piece: Piece<'a>,
    },
}

/// A piece of an item.
#[derive(Serialize)]
#[serde(untagged)]
enum Piece<'a> {
    Progress {},
    Content {
        content_index: u32,
        part: &'a ContentPart,
    },
    TextDelta {
        content_index: u32,
        delta: &'a str,
        /// Gemini's come after the text; they are in the part's end.
        logprobs: [(); 0],
    },
    TextDone {
        content_index: u32,
        text: &'a str,
        logprobs: &'a [Box<RawValue>],
    },
    Annotation {
        content_index: u32,
        annotation_index: usize,
        annotation: &'a UrlCitation,
    },
    RefusalDelta {
        content_index: u32,
        delta: &'a str,
    },
    RefusalDone {
        content_index: u32,
        refusal: &'a str,
    },
    Summary {
        summary_index: u32,
        part: &'a SummaryText,
    },
    SummaryDelta {
        summary_index: u32,
        delta: &'a str,
    },
    SummaryTextDone {
        summary_index: u32,
        text: &'a str,
    },
    Delta {
        delta: &'a str,
    },
    ArgumentsDone {
        name: &'a str,
        arguments: &'a str,
    },
    InputDone {
        input: &'a str,
    },
    CodeDone {
        code: &'a str,
    },
}

/// Twice the same: openai-python and openai-node raise on `error`, as OpenAI's servers send it; the
/// documented event and its type have the fields beside.
#[derive(Serialize)]
struct ErrorBody<'a> {
    code: Option<&'a str>,
    message: &'a str,
    param: Option<&'a str>,
    error: NestedError<'a>,
}

#[derive(Serialize)]
struct NestedError<'a> {
    r#type: &'static str,
    code: Option<&'a str>,
    message: &'a str,
    param: Option<&'a str>,
}

impl<'a> Event<'a> {
    fn name(&self) -> &'static str {
        match self {
            Self::Created(_) => "response.created",
            Self::InProgress(_) => "response.in_progress",
            Self::Completed(_) => "response.completed",
            Self::Incomplete(_) => "response.incomplete",
            Self::Failed(_) => "response.failed",
            Self::Error(_) => "error",
            Self::ItemAdded(..) => "response.output_item.added",
            Self::ItemDone(..) => "response.output_item.done",
            Self::PartAdded(..) => "response.content_part.added",
            Self::PartDone(..) => "response.content_part.done",
            Self::TextDelta(..) => "response.output_text.delta",
            Self::Annotation(..) => "response.output_text.annotation.added",
            Self::TextDone(..) => "response.output_text.done",
            Self::RefusalDelta(..) => "response.refusal.delta",
            Self::RefusalDone(..) => "response.refusal.done",
            Self::SummaryAdded(..) => "response.reasoning_summary_part.added",
            Self::SummaryDelta(..) => "response.reasoning_summary_text.delta",
            Self::SummaryTextDone(..) => "response.reasoning_summary_text.done",
            Self::SummaryDone(..) => "response.reasoning_summary_part.done",
            Self::ArgumentsDelta(..) => "response.function_call_arguments.delta",
            Self::ArgumentsDone(..) => "response.function_call_arguments.done",
            Self::InputDelta(..) => "response.custom_tool_call_input.delta",
            Self::InputDone(..) => "response.custom_tool_call_input.done",
            Self::ImageInProgress(_) => "response.image_generation_call.in_progress",
            Self::ImageGenerating(_) => "response.image_generation_call.generating",
            Self::ImageCompleted(_) => "response.image_generation_call.completed",
            Self::CodeInProgress(_) => "response.code_interpreter_call.in_progress",
            Self::CodeDelta(..) => "response.code_interpreter_call_code.delta",
            Self::CodeDone(..) => "response.code_interpreter_call_code.done",
            Self::CodeInterpreting(_) => "response.code_interpreter_call.interpreting",
            Self::CodeCompleted(_) => "response.code_interpreter_call.completed",
        }
    }

    fn body(&self) -> Body<'a> {
        let (place, piece) = match *self {
            Self::Created(response)
            | Self::InProgress(response)
            | Self::Completed(response)
            | Self::Incomplete(response)
            | Self::Failed(response) => return Body::Response { response },
            Self::Error(error) => return Body::Error(error.into()),
            Self::ItemAdded(output_index, item) | Self::ItemDone(output_index, item) => {
                return Body::Item { output_index, item };
            }
            Self::PartAdded(place, part) | Self::PartDone(place, part) => (
                place,
                Piece::Content {
                    content_index: CONTENT_INDEX,
                    part,
                },
            ),
            Self::TextDelta(place, delta) => (
                place,
                Piece::TextDelta {
                    content_index: CONTENT_INDEX,
                    delta,
                    logprobs: [],
                },
            ),
            Self::TextDone(place, text, logprobs) => (
                place,
                Piece::TextDone {
                    content_index: CONTENT_INDEX,
                    text,
                    logprobs,
                },
            ),
            Self::Annotation(place, annotation_index, annotation) => (
                place,
                Piece::Annotation {
                    content_index: CONTENT_INDEX,
                    annotation_index,
                    annotation,
                },
            ),
            Self::RefusalDelta(place, delta) => (
                place,
                Piece::RefusalDelta {
                    content_index: CONTENT_INDEX,
                    delta,
                },
            ),
            Self::RefusalDone(place, refusal) => (
                place,
                Piece::RefusalDone {
                    content_index: CONTENT_INDEX,
                    refusal,
                },
            ),
            Self::SummaryAdded(place, part) | Self::SummaryDone(place, part) => (
                place,
                Piece::Summary {
                    summary_index: SUMMARY_INDEX,
                    part,
                },
            ),
            Self::SummaryDelta(place, delta) => (
                place,
                Piece::SummaryDelta {
                    summary_index: SUMMARY_INDEX,
                    delta,
                },
            ),
            Self::SummaryTextDone(place, text) => (
                place,
                Piece::SummaryTextDone {
                    summary_index: SUMMARY_INDEX,
                    text,
                },
            ),
            Self::ArgumentsDelta(place, delta)
            | Self::InputDelta(place, delta)
            | Self::CodeDelta(place, delta) => (place, Piece::Delta { delta }),
            Self::ArgumentsDone(place, name, arguments) => {
                (place, Piece::ArgumentsDone { name, arguments })
            }
            Self::InputDone(place, input) => (place, Piece::InputDone { input }),
            Self::CodeDone(place, code) => (place, Piece::CodeDone { code }),
            Self::ImageInProgress(place)
            | Self::ImageGenerating(place)
            | Self::ImageCompleted(place)
            | Self::CodeInProgress(place)
            | Self::CodeInterpreting(place)
            | Self::CodeCompleted(place) => (place, Piece::Progress {}),
        };
        Body::Piece { place, piece }
    }
}

impl<'a> From<&'a ApiError> for ErrorBody<'a> {
    fn from(error: &'a ApiError) -> Self {
        let code = error.code.as_deref();
        let (message, param) = (error.message.as_str(), error.param.as_deref());
        Self {
            code,
            message,
            param,
            error: NestedError {
                r#type: error.kind,
                code,
                message,
                param,
            },
        }
    }
}
