//! Scripted answers, and their bodies piece by piece.
//!
//! What is in them is the test's affair.

use std::cell::Cell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::{FutureExt as _, Stream};

use super::time::{Time, Timer};
use crate::ports::Unreachable;
use crate::upload::UploadHead;

/// One piece of a scripted body.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Bytes, as one chunk.
    Bytes(Vec<u8>),
    /// Silence.
    Wait(Duration),
    /// The connection breaks.
    Reset,
}

/// A scripted answer.
#[derive(Debug, Clone)]
pub struct Scripted {
    /// Silence before the head.
    pub delay: Duration,
    /// `None`: no connection at all.
    pub status: Option<u16>,
    /// What its headers say of an upload.
    pub upload: UploadHead,
    /// The body; ends cleanly after the last piece.
    pub body: Vec<Piece>,
}

impl Scripted {
    /// An immediate answer in one chunk.
    pub fn whole(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::pieces(status, vec![Piece::Bytes(body.into())])
    }

    /// An immediate head, then `body`.
    pub fn pieces(status: u16, body: Vec<Piece>) -> Self {
        Self {
            delay: Duration::ZERO,
            status: Some(status),
            upload: UploadHead::default(),
            body,
        }
    }

    /// The same answer with a header about an upload.
    #[must_use]
    pub fn with_upload(mut self, name: &str, value: &str) -> Self {
        let more = UploadHead::read(|asked| (asked == name).then(|| value.to_owned()));
        self.upload = UploadHead {
            id: more.id.or(self.upload.id),
            status: more.status.or(self.upload.status),
            size_received: more.size_received.or(self.upload.size_received),
            granularity: more.granularity.or(self.upload.granularity),
        };
        self
    }

    /// No connection.
    pub fn unreachable() -> Self {
        Self {
            delay: Duration::ZERO,
            status: None,
            upload: UploadHead::default(),
            body: Vec::new(),
        }
    }
}

/// A body that is still to come.
pub(super) struct ScriptedBody {
    pub(super) time: Rc<Time>,
    pub(super) pieces: VecDeque<Piece>,
    pub(super) waiting: Option<Timer>,
    pub(super) open_bodies: Rc<Cell<usize>>,
}

impl Stream for ScriptedBody {
    type Item = Result<Bytes, Unreachable>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(timer) = &mut self.waiting {
                std::task::ready!(timer.poll_unpin(cx));
                self.waiting = None;
            }
            match self.pieces.pop_front() {
                None => return Poll::Ready(None),
                Some(Piece::Bytes(bytes)) => return Poll::Ready(Some(Ok(bytes.into()))),
                Some(Piece::Wait(duration)) => {
                    self.waiting = Some(Timer::after(&self.time, duration));
                }
                Some(Piece::Reset) => {
                    self.pieces.clear();
                    let reset = Unreachable("scripted: reset".to_owned());
                    return Poll::Ready(Some(Err(reset)));
                }
            }
        }
    }
}

impl Drop for ScriptedBody {
    fn drop(&mut self) {
        self.open_bodies
            .set(self.open_bodies.get().saturating_sub(1));
    }
}
