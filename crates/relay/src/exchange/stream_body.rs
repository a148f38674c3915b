//! A stream after its first byte: translated, kept alive while silent, never ended cleanly unless whole.
//!
//! Nothing is retried here, but where that is wanted a cut answer is gone on with. A fault becomes an
//! error event and then an error of the body, so that the edge aborts the transport: a client that
//! ignores events still sees a broken answer.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::{Either, LocalBoxFuture, select};
use gempool_pool::Verdict;
use gempool_state::usage::Outcome;
use gempool_translate::AnswerStream;

use super::asked::{Asked, Keeper};
use super::going_on::{Rest, go_on};
use crate::body::{Body, BodyError};
use crate::failure::Failure;
use crate::fault::{Fault, failure_of, settle};
use crate::gateway::Gateway;
use crate::lease::Lease;
use crate::pool_runtime::PoolRuntime;
use crate::ports::{ByteStream, Unreachable};

/// Bytes reserved for a translated chunk beyond the upstream's own: an OpenAI chunk repeats id, model and
/// time, about 200 bytes, for a Gemini event of about the same size.
const TRANSLATED_EXTRA_BYTES: usize = 512;

/// A committed stream.
pub(super) struct StreamBody {
    gateway: Rc<Gateway>,
    pool: Rc<PoolRuntime>,
    keeper: Keeper,
    /// Only where a cut answer is gone on with: a request is as large as its images, and a stream may
    /// last for minutes.
    asked: Option<Rc<Asked>>,
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
    /// The call for the rest of a cut answer, while it is under way.
    rest: Option<Rest>,
    continuations: u32,
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
        asked: &Rc<Asked>,
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
            gateway: Rc::clone(gateway),
            pool: Rc::clone(&asked.client.pool),
            keeper: asked.keeper(),
            asked: asked.for_going_on(),
            lease: Some(lease),
            upstream,
            translator,
            tick,
            timer,
            silent: Duration::ZERO,
            lived: Duration::ZERO,
            next: Next::Head(head),
            rest: None,
            continuations: 0,
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
        let mut out = Vec::new();
        loop {
            let outcome = match self.step().await {
                Step::Tick => self.tick(&mut out),
                Step::Item(Some(Ok(chunk))) => self.translate(&chunk, &mut out),
                Step::Item(Some(Err(unreachable))) => Err(Fault::Unreachable(unreachable)),
                Step::Item(None) => {
                    if self.goes_on(None) {
                        continue;
                    }
                    self.finish(&mut out)
                }
                Step::Rest(rest) => {
                    self.rest = None;
                    match *rest {
                        Ok((lease, upstream)) => {
                            self.translator.resume();
                            self.lease = Some(lease);
                            self.upstream = upstream;
                            Ok(())
                        }
                        // What there is was cut by a limit and is whole as such, or broke off.
                        Err(_) if self.translator.reached_limit() => self.finish(&mut out),
                        Err(failure) => {
                            self.broken(&failure, &mut out);
                            Ok(())
                        }
                    }
                }
            };
            if let Err(fault) = outcome
                && !self.goes_on(Some(&fault))
            {
                self.fail(&fault, &mut out);
            }
            if !out.is_empty() || !matches!(self.next, Next::Read) {
                return out.into();
            }
        }
    }

    async fn step(&mut self) -> Step {
        let timer = &mut self.timer;
        match &mut self.rest {
            None => match select(self.upstream.next(), timer).await {
                Either::Left((item, _)) => Step::Item(item),
                Either::Right(((), _)) => Step::Tick,
            },
            Some(rest) => match select(rest, timer).await {
                Either::Left((rest, _)) => Step::Rest(Box::new(rest)),
                Either::Right(((), _)) => Step::Tick,
            },
        }
    }

    /// Whether the answer, cut by `fault` or by a limit, is gone on with. The key gets its verdict.
    fn goes_on(&mut self, fault: Option<&Fault>) -> bool {
        let asked = self.asked.as_ref();
        let rest = asked.and_then(|asked| go_on(asked, &self.translator, self.continuations));
        let Some(rest) = rest else {
            return false;
        };
        if let Some(lease) = self.lease.take() {
            match fault {
                Some(fault) => drop(settle(lease, fault)),
                // The request goes on, and is counted when it is over.
                None => lease.settle(&Verdict::Success),
            }
        }
        self.continuations = self.continuations.saturating_add(1);
        self.rest = Some(rest);
        true
    }

    fn translate(&mut self, chunk: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
        self.silent = Duration::ZERO;
        out.reserve(chunk.len().saturating_add(TRANSLATED_EXTRA_BYTES));
        let pushed = self.translator.push(chunk, out).map_err(Fault::Broken);
        if let Some(lease) = &mut self.lease {
            // Should the client leave, what it has seen is counted.
            lease.note_spent(self.translator.usage());
        }
        pushed
    }

    fn tick(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let gateway = &self.gateway;
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
        if self.silent > self.tick {
            out.extend_from_slice(self.translator.heartbeat());
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        self.translator.finish(out).map_err(Fault::Broken)?;
        if let Some(lease) = self.lease.take() {
            lease.succeed(self.translator.usage());
        }
        let signatures = self.translator.take_signatures();
        self.next = self.keeper.keep(signatures).map_or(Next::End, Next::After);
        Ok(())
    }

    fn fail(&mut self, fault: &Fault, out: &mut Vec<u8>) {
        let failure = match self.lease.take() {
            Some(lease) => {
                self.gateway
                    .count_lease(&lease, Outcome::Failed, &self.translator.usage());
                settle(lease, fault).failure
            }
            None => failure_of(&self.gateway, &self.pool, fault),
        };
        self.broken(&failure, out);
    }

    /// Writes the error event, after what was translated before it.
    fn broken(&mut self, failure: &Failure, out: &mut Vec<u8>) {
        let error = failure.to_error();
        self.translator.fail(&error, out);
        self.next = Next::Break(error.message);
    }
}

enum Step {
    Item(Option<Result<Bytes, Unreachable>>),
    Rest(Box<Result<(Lease, ByteStream), Failure>>),
    Tick,
}
