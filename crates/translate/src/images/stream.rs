//! A streamed image: one event, when it is there.
//!
//! Gemini sends no partial images, and OpenAI allows that none come; the stream is for clients that
//! want nothing else, and for heartbeats while a model paints.

use serde::Serialize;

use super::answer::{ImagesUsage, Picture};
use crate::{
    ApiError, UpstreamFault, Usage,
    absent::{Wanted, explain_end},
    answer::{Notes, Output, Render, Said, Start, Stopped, refusal_text},
    event::{write_error, write_event, write_fault},
};

/// What was asked of an image, and which endpoint's event it becomes.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// `image_generation.completed` or `image_edit.completed`.
    pub(super) event: &'static str,
    pub(super) created_unix_s: u64,
    pub(super) size: String,
    pub(super) quality: String,
    pub(super) background: String,
}

#[derive(Serialize)]
struct Completed<'a> {
    r#type: &'static str,
    b64_json: &'a str,
    background: &'a str,
    created_at: u64,
    output_format: &'a str,
    quality: &'a str,
    size: &'a str,
    usage: ImagesUsage,
}

/// Keeps the images until the counts are known, which come last.
pub(super) struct ImageRender {
    frame: Frame,
    images: Vec<(String, String)>,
    text: String,
    blocked: Option<String>,
}

impl ImageRender {
    pub(super) fn new(frame: Frame) -> Self {
        Self {
            frame,
            images: Vec::new(),
            text: String::new(),
            blocked: None,
        }
    }

    fn missing(&self, stopped: &[(u32, Stopped)]) -> UpstreamFault {
        match (&self.blocked, stopped.first()) {
            (Some(reason), _) => UpstreamFault::refused(refusal_text(reason)),
            (None, Some((_, stopped))) => explain_end(stopped, None, &self.text, Wanted::Image),
            (None, None) => UpstreamFault::Empty,
        }
    }
}

impl Render for ImageRender {
    fn start(&mut self, _start: Start<'_>, _out: &mut Vec<u8>) {}

    fn open(&mut self, _candidate: u32, _out: &mut Vec<u8>) {}

    fn say(&mut self, _candidate: u32, said: &Said<'_>, _out: &mut Vec<u8>) {
        match said.output {
            Output::Media(media) if media.is_image() => {
                self.images
                    .push((media.mime_type.to_owned(), media.data.to_owned()));
            }
            Output::Text(text) => self.text.push_str(text),
            _ => {}
        }
    }

    fn note(&mut self, _candidate: u32, _notes: &Notes<'_>, _out: &mut Vec<u8>) {}

    fn block(&mut self, reason: &str, _out: &mut Vec<u8>) {
        self.blocked = Some(reason.to_owned());
    }

    fn end(&mut self, stopped: &[(u32, Stopped)], usage: Usage, out: &mut Vec<u8>) {
        let Some(last) = self.images.len().checked_sub(1) else {
            return write_fault(out, &self.missing(stopped));
        };
        for (index, (mime_type, data)) in self.images.iter().enumerate() {
            let picture = Picture { mime_type, data };
            // Counted once, should there be several.
            let usage = if index == last {
                usage
            } else {
                Usage::default()
            };
            let completed = Completed {
                r#type: self.frame.event,
                b64_json: data,
                background: &self.frame.background,
                created_at: self.frame.created_unix_s,
                output_format: picture.format(),
                quality: &self.frame.quality,
                size: &self.frame.size,
                usage: usage.into(),
            };
            write_event(out, self.frame.event, &completed);
        }
    }

    fn fail(&mut self, error: &ApiError, out: &mut Vec<u8>) {
        write_error(out, error);
    }
}
