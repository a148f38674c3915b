//! A streamed answer, event by event as Gemini sent it, in the frames that the client asked for.
//!
//! The JSON of an event is copied once and not changed, but for line breaks between its tokens,
//! which a server-sent event cannot hold on one line.

#[cfg(test)]
mod tests;

use memchr::memchr2;

use super::Framing;
use crate::{
    ApiError, Dialect, Usage,
    answer::{Notes, Render, Said, Start, Stopped},
};

/// Writes frames.
#[derive(Debug)]
pub(super) struct NativeRender {
    frame: Frame,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// `data: {…}\r\n\r\n`, Google's own line ends and its one space, which its Python SDK needs.
    Event,
    /// `{…}`, the first of an array.
    FirstElement,
    /// `{…}`, after another.
    Element,
}

impl NativeRender {
    /// `None` for answers that are no stream.
    pub(super) fn new(framing: Framing) -> Option<Self> {
        let frame = match framing {
            Framing::Whole => return None,
            Framing::Events => Frame::Event,
            Framing::Array => Frame::FirstElement,
        };
        Some(Self { frame })
    }

    fn write(&mut self, json: &[u8], out: &mut Vec<u8>) {
        // The longest frame has 10 bytes.
        out.reserve(json.len().saturating_add(10));
        match self.frame {
            Frame::Event => {
                out.extend_from_slice(b"data: ");
                copy_on_one_line(json, out);
                out.extend_from_slice(b"\r\n\r\n");
            }
            Frame::FirstElement => {
                out.push(b'[');
                out.extend_from_slice(json);
                self.frame = Frame::Element;
            }
            Frame::Element => {
                out.extend_from_slice(b"\n,\n");
                out.extend_from_slice(json);
            }
        }
    }

    fn close(&self, out: &mut Vec<u8>) {
        match self.frame {
            Frame::Event => {}
            Frame::FirstElement => out.extend_from_slice(b"[]\n"),
            Frame::Element => out.extend_from_slice(b"\n]\n"),
        }
    }
}

/// JSON has line breaks only where it could as well have spaces. They come in whole answers that
/// are given as a stream (X15), which Google formats for people; its events have none (U6).
fn copy_on_one_line(mut json: &[u8], out: &mut Vec<u8>) {
    while let Some(at) = memchr2(b'\r', b'\n', json) {
        let (line, rest) = json.split_at(at);
        out.extend_from_slice(line);
        out.push(b' ');
        json = rest.get(1..).unwrap_or_default();
    }
    out.extend_from_slice(json);
}

impl Render for NativeRender {
    fn start(&mut self, _start: Start<'_>, _out: &mut Vec<u8>) {}

    fn event(&mut self, json: &[u8], out: &mut Vec<u8>) {
        self.write(json, out);
    }

    fn open(&mut self, _candidate: u32, _out: &mut Vec<u8>) {}

    fn say(&mut self, _candidate: u32, _said: &Said<'_>, _out: &mut Vec<u8>) {}

    fn note(&mut self, _candidate: u32, _notes: &Notes<'_>, _out: &mut Vec<u8>) {}

    fn block(&mut self, _reason: &str, _out: &mut Vec<u8>) {}

    fn end(&mut self, _stopped: &[(u32, Stopped)], _usage: Usage, out: &mut Vec<u8>) {
        self.close(out);
    }

    /// In Google's shape (U8), where Google's SDKs raise it. An array is closed after it, so that
    /// clients which read it whole see the error too; with that element in it, it does not look like
    /// an answer.
    fn fail(&mut self, error: &ApiError, out: &mut Vec<u8>) {
        self.write(&error.to_json(Dialect::Gemini), out);
        self.close(out);
    }

    /// A blank line, which ends no event, and whitespace, which JSON allows between elements. The
    /// usual comment would break Google's own Python client, which takes any line that does not begin
    /// with `data: ` for JSON (`HttpResponse._iter_response_stream`, google-genai 3.4, read
    /// 2026-11-24).
    fn heartbeat(&self) -> &'static [u8] {
        b"\r\n"
    }
}
