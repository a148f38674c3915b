//! Sends the steps of a reply, and notes how that ended.
//!
//! It decides nothing: what happens when is in the steps.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

use crate::connection::Breaker;
use crate::record::{Log, Outcome};
use crate::reply::{Framing, Step};

/// Notes the end of one request when it is dropped.
#[derive(Debug)]
pub(crate) struct Exchange {
    log: Arc<Log>,
    seq: u64,
    outcome: Outcome,
    bytes_sent: u64,
}

impl Exchange {
    pub(crate) fn new(log: Arc<Log>, seq: u64) -> Self {
        Self {
            log,
            seq,
            // hyper drops the answer when the client leaves; every other end is noted before.
            outcome: Outcome::ClientGone,
            bytes_sent: 0,
        }
    }

    pub(crate) fn note(&mut self, outcome: Outcome) {
        self.outcome = outcome;
    }

    pub(crate) fn note_status(&self, status: u16) {
        self.log.update(self.seq, |record| record.status = status);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.log.update(self.seq, |record| {
            record.outcome = self.outcome;
            record.bytes_sent = self.bytes_sent;
        });
    }
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) struct ReplyBody {
    steps: IntoIter<Step>,
    waiting: Option<Pin<Box<Sleep>>>,
    framing: Framing,
    breaker: Arc<Breaker>,
    exchange: Option<Exchange>,
}

impl ReplyBody {
    pub(crate) fn new(
        steps: Vec<Step>,
        framing: Framing,
        breaker: Arc<Breaker>,
        exchange: Exchange,
    ) -> Self {
        Self {
            steps: steps.into_iter(),
            waiting: None,
            framing,
            breaker,
            exchange: Some(exchange),
        }
    }

    /// A body that is not part of any record.
    pub(crate) fn unrecorded(body: Bytes) -> Self {
        Self {
            framing: Framing::Length(body.len() as u64),
            steps: vec![Step::Data(body)].into_iter(),
            waiting: None,
            breaker: Arc::default(),
            exchange: None,
        }
    }

    fn note(&mut self, outcome: Outcome) {
        if let Some(exchange) = &mut self.exchange {
            exchange.note(outcome);
        }
    }

    fn send(&mut self, bytes: Bytes) -> Frame<Bytes> {
        let count = bytes.len() as u64;
        if let Framing::Length(left) = &mut self.framing {
            *left = left.saturating_sub(count);
        }
        if let Some(exchange) = &mut self.exchange {
            exchange.bytes_sent += count;
        }
        if self.is_end_stream() {
            self.note(Outcome::Served);
        }
        Frame::data(bytes)
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let body = self.get_mut();
        loop {
            if let Some(waiting) = &mut body.waiting {
                ready!(waiting.as_mut().poll(context));
                body.waiting = None;
            }
            match body.steps.next() {
                Some(Step::Data(bytes)) => return Poll::Ready(Some(Ok(body.send(bytes)))),
                Some(Step::Flush) if body.steps.as_slice().is_empty() => {}
                Some(Step::Flush) => {
                    // hyper writes what it holds before it asks again.
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Some(Step::Wait(time)) => body.waiting = Some(Box::pin(tokio::time::sleep(time))),
                Some(Step::Stall) => {
                    // Nothing follows a stall, so that a later poll would be an end.
                    body.steps = vec![Step::Stall].into_iter();
                    return Poll::Pending;
                }
                Some(Step::Break(how)) => {
                    body.note(Outcome::Faulted);
                    body.steps = vec![Step::Stall].into_iter();
                    body.breaker.trip(how);
                    return Poll::Pending;
                }
                None => {
                    body.note(Outcome::Served);
                    return Poll::Ready(None);
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.framing == Framing::Length(0) && self.steps.as_slice().is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match self.framing {
            Framing::Length(bytes) => SizeHint::with_exact(bytes),
            Framing::Chunked => SizeHint::default(),
        }
    }
}
