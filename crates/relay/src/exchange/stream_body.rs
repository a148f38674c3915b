//! A stream after its first byte: translated, kept alive while silent, never ended cleanly unless whole.
//!
//! Nothing is retried here. A fault becomes an error event and then an error of the body, so that the
//! edge aborts the transport: a client that ignores events still sees a broken answer.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::{Either, LocalBoxFuture, select};
use gempool_pool::Verdict;
use gempool_translate::AnswerStream;

use super::asked::Asked;
use crate::body::{Body, BodyError};
use crate::fault::{Fault, settle};
use crate::lease::Lease;
use crate::ports::ByteStream;

/// Bytes reserved for a translated chunk beyond the upstream's own: an OpenAI chunk repeats id, model and
/// time, about 200 bytes, for a Gemini event of about the same size.
const TRANSLATED_EXTRA_BYTES: usize = 512;

/// A committed stream.
pub(super) struct StreamBody {
    asked: Rc<Asked>,
    /// `None` once settled.
    lease: Option<Lease>,
    upstream: ByteStream,
    translator: AnswerStream,
    tick: Duration,
    timer: LocalBoxFuture<'static, ()>,
    /// Whole ticks since the last upstream byte.
    silent: Duration,
    /// Whole ticks since the stream was committed.
    lived: Duration,
    next: Next,
}

enum Next {
    /// What was translated while the head was held back.
    Head(Bytes),
    Read,
    /// The error event is out; the transport must break now.
    Break(String),
    /// The client has everything; something is left to be kept.
    After(LocalBoxFuture<'static, ()>),
    End,
}

impl StreamBody {
    /// Takes over a stream whose translated head is `head`.
    pub(super) fn new(
        asked: Rc<Asked>,
        lease: Lease,
        upstream: ByteStream,
        translator: AnswerStream,
        head: Bytes,
    ) -> Self {
        let gateway = &asked.gateway;
        let settings = &gateway.settings;
        // One timer measures heartbeats, silence and life. Half a heartbeat, because a byte may have
        // come just after the last tick: two silent ticks are at least one silent heartbeat.
        let tick = (settings.heartbeat / 2)
            .min(settings.idle_timeout)
            .min(settings.total_timeout);
        let timer = gateway.host.sleep(tick);
        Self {
            asked,
            lease: Some(lease),
            upstream,
            translator,
            tick,
            timer,
            silent: Duration::ZERO,
            lived: Duration::ZERO,
            next: Next::Head(head),
        }
    }

    pub(super) fn into_body(self) -> Body {
        Body::Stream(Box::pin(futures::stream::unfold(self, |mut body| async {
            let item = body.produce().await?;
            Some((item, body))
        })))
    }

    async fn produce(&mut self) -> Option<Result<Bytes, BodyError>> {
        match std::mem::replace(&mut self.next, Next::Read) {
            Next::Head(head) => Some(Ok(head)),
            Next::Read => Some(Ok(self.read().await)),
            Next::Break(reason) => {
                self.next = Next::End;
                Some(Err(BodyError(reason)))
            }
            Next::After(after) => {
                after.await;
                self.next = Next::End;
                None
            }
            Next::End => {
                self.next = Next::End;
                None
            }
        }
    }

    /// The next bytes for the client: an event, a heartbeat, the end or an error event.
    async fn read(&mut self) -> Bytes {
        loop {
            let step = match select(self.upstream.next(), &mut self.timer).await {
                Either::Left((item, _)) => Step::Item(item),
                Either::Right(((), _)) => Step::Tick,
            };
            let outcome = match step {
                Step::Item(Some(Ok(chunk))) => self.translate(&chunk),
                Step::Item(Some(Err(unreachable))) => Err(Fault::Unreachable(unreachable)),
                Step::Item(None) => return self.finish(),
                Step::Tick => self.tick(),
            };
            match outcome {
                Ok(Some(bytes)) => return bytes,
                Ok(None) => {}
                Err(fault) => return self.fail(&fault),
            }
        }
    }

    fn translate(&mut self, chunk: &[u8]) -> Result<Option<Bytes>, Fault> {
        self.silent = Duration::ZERO;
        let mut out = Vec::with_capacity(chunk.len().saturating_add(TRANSLATED_EXTRA_BYTES));
        match self.translator.push(chunk, &mut out) {
            Ok(()) => Ok((!out.is_empty()).then(|| out.into())),
            Err(fault) => Err(Fault::Broken(fault)),
        }
    }

    fn tick(&mut self) -> Result<Option<Bytes>, Fault> {
        let gateway = &self.asked.gateway;
        let settings = &gateway.settings;
        self.silent = self.silent.saturating_add(self.tick);
        self.lived = self.lived.saturating_add(self.tick);
        if self.lived >= settings.total_timeout {
            return Err(Fault::Late {
                waited_for: "end of the stream",
                waited: self.lived,
            });
        }
        if self.silent > settings.idle_timeout {
            return Err(Fault::Late {
                waited_for: "further part of the stream",
                waited: self.silent,
            });
        }
        self.timer = gateway.host.sleep(self.tick);
        Ok((self.silent > self.tick).then_some(Bytes::from_static(self.translator.heartbeat())))
    }

    fn finish(&mut self) -> Bytes {
        let mut out = Vec::new();
        match self.translator.finish(&mut out) {
            Ok(()) => {
                if let Some(lease) = self.lease.take() {
                    lease.settle(&Verdict::Success);
                }
                let signatures = self.translator.take_signatures();
                self.next = self.asked.keep(signatures).map_or(Next::End, Next::After);
                out.into()
            }
            Err(fault) => self.fail(&Fault::Broken(fault)),
        }
    }

    fn fail(&mut self, fault: &Fault) -> Bytes {
        let Some(lease) = self.lease.take() else {
            self.next = Next::End;
            return Bytes::new();
        };
        let error = settle(lease, fault).failure.to_error();
        let mut event = Vec::new();
        self.translator.fail(&error, &mut event);
        self.next = Next::Break(error.message);
        event.into()
    }
}

enum Step {
    Item(Option<Result<Bytes, crate::ports::Unreachable>>),
    Tick,
}
