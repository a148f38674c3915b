//! Standard output and error of components, as log lines.
//!
//! Keeps at most one unfinished line per stream, and cuts lines that are too long.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

use crate::manifest::Part;

/// Longest line in bytes; more is cut, not wrapped, so that one write cannot fill the log.
const MAX_LINE_BYTES: usize = 4096;

/// One output stream of one instance.
#[derive(Debug, Clone)]
pub struct Output {
    part: Part,
    line: Arc<Mutex<Line>>,
}

#[derive(Debug, Default)]
struct Line {
    bytes: Vec<u8>,
    cut: bool,
}

impl Output {
    /// A stream of an instance of `part`.
    pub fn of(part: Part) -> Self {
        Self {
            part,
            line: Arc::default(),
        }
    }

    fn take(&self, bytes: &[u8], mut log: impl FnMut(&str)) {
        // A half-written line is no reason to lose the next one.
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ends) = match piece.strip_suffix(b"\n") {
                Some(text) => (text, true),
                None => (piece, false),
            };
            let room = MAX_LINE_BYTES - line.bytes.len();
            let fitting = text.get(..room).unwrap_or(text);
            line.cut |= fitting.len() < text.len();
            line.bytes.extend_from_slice(fitting);
            if ends {
                let mark = if line.cut { " …" } else { "" };
                log(&format!("{}{mark}", String::from_utf8_lossy(&line.bytes)));
                *line = Line::default();
            }
        }
    }
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Output {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let component = self.part.name();
        self.take(bytes, |line| tracing::info!(component, "{line}"));
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(writes: &[&[u8]]) -> Vec<String> {
        let output = Output::of(Part::Gateway);
        let mut lines = Vec::new();
        for write in writes {
            output.take(write, |line| lines.push(line.to_owned()));
        }
        lines
    }

    #[test]
    fn lines_are_whole_however_they_are_written() {
        let text = b"one\ntwo\n\nthree\n".as_slice();
        for at in 0..=text.len() {
            let (head, tail) = text.split_at(at);
            assert_eq!(
                lines(&[head, tail]),
                ["one", "two", "", "three"],
                "split at {at}"
            );
        }
    }

    #[test]
    fn long_lines_are_cut_and_say_so() {
        let long = vec![b'x'; MAX_LINE_BYTES + 1];
        let lines = lines(&[&long, &long, b"\nnext\n"]);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].len(), MAX_LINE_BYTES + " …".len());
        assert_eq!(lines[1], "next");
    }
}
