//! Server-sent events from bytes that may split anywhere (X1).
//!
//! It finds events and knows nothing of what is in them, but for one thing: Gemini may end a stream
//! with a JSON error outside any event (U8), which it keeps apart.

#[cfg(test)]
mod tests;

use memchr::memchr2;

use crate::UpstreamFault;

/// Largest event accepted, in bytes (FLT-16). The largest recorded answer, an image with its thought
/// signature, has 2.4 MiB; an image of 4096 by 4096 pixels may have ten times as much.
pub const MAX_EVENT_BYTES: usize = 24 << 20;

/// Most bytes kept of what comes after the events. The largest recorded error body has 3 KiB.
const MAX_TAIL_BYTES: usize = 64 << 10;

/// Largest buffer kept for the next event, in bytes. Recorded text events stay below 8 KiB;
/// the buffer of an image goes back, so that `line` and `data` never hold two at once.
const MAX_KEPT_BUFFER_BYTES: usize = 64 << 10;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// An incremental decoder. Work is linear in the bytes pushed, however they are split: every byte
/// is looked at once and copied at most twice.
///
/// An event that lies in one pushed slice, with one `data` line, is handed out without a copy.
#[derive(Default)]
pub(crate) struct SseDecoder {
    /// The start of a line whose end has not come yet.
    line: Vec<u8>,
    /// Data of the event so far, beginning at `data_start`.
    data: Vec<u8>,
    data_start: usize,
    has_data: bool,
    /// The last byte was CR, so an LF coming next belongs to it.
    after_cr: bool,
    past_first_line: bool,
    /// What follows the events, from the first line that begins like JSON.
    tail: Option<Vec<u8>>,
}

/// What a complete line means.
enum Line<'a> {
    /// Ends an event.
    Blank,
    /// The value of a `data` field.
    Data(&'a [u8]),
    /// The first line of JSON outside an event.
    Json,
    /// Comments, other fields, unknown ones.
    Other,
}

impl SseDecoder {
    /// Feeds bytes and calls `on_event` with the data of each event that they complete.
    ///
    /// # Errors
    /// `EventTooLarge`, or what `on_event` returns; the decoder must not be used after that.
    pub(crate) fn push(
        &mut self,
        mut bytes: &[u8],
        mut on_event: impl FnMut(&[u8]) -> Result<(), UpstreamFault>,
    ) -> Result<(), UpstreamFault> {
        // Data of the current event while it is one line, and that in `bytes`.
        let mut borrowed: Option<&[u8]> = None;
        while !bytes.is_empty() && self.tail.is_none() {
            if std::mem::take(&mut self.after_cr) {
                bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
            }
            let Some(end) = memchr2(b'\r', b'\n', bytes) else {
                self.check_size(bytes.len())?;
                self.line.extend_from_slice(bytes);
                bytes = &[];
                break;
            };
            let (piece, rest) = bytes.split_at(end);
            self.check_size(piece.len())?;
            self.after_cr = rest.first() == Some(&b'\r');
            bytes = rest.get(1..).unwrap_or_default();

            if !self.line.is_empty() {
                // It began in an earlier push, so it is the first of this one: nothing is borrowed.
                self.line.extend_from_slice(piece);
                self.end_kept_line(&mut on_event)?;
                continue;
            }
            match self.read_line(piece) {
                Line::Blank => match borrowed.take() {
                    Some(data) => on_event(data)?,
                    None => self.dispatch(&mut on_event)?,
                },
                Line::Data(value) if borrowed.is_none() && !self.has_data => borrowed = Some(value),
                Line::Data(value) => {
                    self.keep_data(borrowed.take());
                    self.append_data(value);
                }
                Line::Json if borrowed.is_none() && !self.has_data => self.begin_tail(piece),
                Line::Json | Line::Other => {}
            }
        }
        self.keep_tail(bytes);
        self.keep_data(borrowed);
        Ok(())
    }

    /// Ends the input: a last event needs no blank line.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub(crate) fn finish(
        &mut self,
        mut on_event: impl FnMut(&[u8]) -> Result<(), UpstreamFault>,
    ) -> Result<(), UpstreamFault> {
        if !self.line.is_empty() {
            self.end_kept_line(&mut on_event)?;
        }
        self.dispatch(&mut on_event)
    }

    /// What came after the events, if it began like JSON.
    pub(crate) fn tail(&self) -> Option<&[u8]> {
        self.tail.as_deref()
    }

    fn check_size(&self, more: usize) -> Result<(), UpstreamFault> {
        if self.line.len() + self.data.len() + more > MAX_EVENT_BYTES {
            return Err(UpstreamFault::EventTooLarge);
        }
        Ok(())
    }

    fn read_line<'a>(&mut self, line: &'a [u8]) -> Line<'a> {
        let line = if std::mem::replace(&mut self.past_first_line, true) {
            line
        } else {
            line.strip_prefix(BOM).unwrap_or(line)
        };
        match line {
            [] => Line::Blank,
            [b'{' | b'[', ..] => Line::Json,
            _ => data_value(line).map_or(Line::Other, Line::Data),
        }
    }

    /// Acts on a line that came in several slices and lies in `self.line`.
    fn end_kept_line(
        &mut self,
        on_event: &mut impl FnMut(&[u8]) -> Result<(), UpstreamFault>,
    ) -> Result<(), UpstreamFault> {
        let mut line = std::mem::take(&mut self.line);
        match self.read_line(&line) {
            Line::Blank => self.dispatch(on_event)?,
            Line::Data(value) if !self.has_data => {
                // The usual case: the line becomes the event's data where it is.
                self.data_start = line.len() - value.len();
                self.has_data = true;
                std::mem::swap(&mut self.data, &mut line);
            }
            Line::Data(value) => self.append_data(value),
            Line::Json if !self.has_data => self.begin_tail(&line),
            Line::Json | Line::Other => {}
        }
        line.clear();
        self.line = line;
        Ok(())
    }

    fn dispatch(
        &mut self,
        on_event: &mut impl FnMut(&[u8]) -> Result<(), UpstreamFault>,
    ) -> Result<(), UpstreamFault> {
        if std::mem::take(&mut self.has_data) {
            on_event(self.data.get(self.data_start..).unwrap_or_default())?;
            self.data.clear();
            self.data.shrink_to(MAX_KEPT_BUFFER_BYTES);
            self.data_start = 0;
        }
        Ok(())
    }

    fn keep_data(&mut self, value: Option<&[u8]>) {
        if let Some(value) = value {
            self.data.extend_from_slice(value);
            self.has_data = true;
        }
    }

    fn append_data(&mut self, value: &[u8]) {
        self.data.push(b'\n');
        self.data.extend_from_slice(value);
    }

    fn begin_tail(&mut self, line: &[u8]) {
        self.tail = Some(Vec::new());
        self.keep_tail(line);
        self.keep_tail(b"\n");
    }

    fn keep_tail(&mut self, bytes: &[u8]) {
        if let Some(tail) = &mut self.tail {
            let room = MAX_TAIL_BYTES.saturating_sub(tail.len());
            tail.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        }
    }
}

/// The value of a `data` line; `None` for other lines.
fn data_value(line: &[u8]) -> Option<&[u8]> {
    match line.strip_prefix(b"data")? {
        [] => Some(&[]),
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        _ => None,
    }
}
