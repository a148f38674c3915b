//! A scripted host on virtual time, for tests of use cases and routes.
//!
//! Time stands still while anything can run and jumps to the next timer when nothing can, so a test of an
//! hour takes no time and has no race. It checks nothing; tests look at what was recorded.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use futures::future::LocalBoxFuture;
use futures::{FutureExt as _, Stream};
use gempool_pool::UnixMillis;
use http::StatusCode;

use crate::ports::{
    Ask, Clock, Counters, DocumentStore, Log, Rng, Spawn, StoreUnavailable, Unreachable, Upstream,
    UpstreamRequest, UpstreamResponse,
};
use crate::upload::UploadHead;

/// Start of virtual time: 2026-11-21T12:00:00Z, a day with nothing special at midnight Pacific.
pub const START: UnixMillis = UnixMillis(1_795_262_400_000);

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

/// What went upstream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// `GET`, `POST` …
    pub method: &'static str,
    /// Absolute URL.
    pub url: String,
    /// The key, in clear: fakes have no secrets.
    pub key: String,
    /// Body, empty for GET.
    pub body: String,
    /// Headers of an upload.
    pub headers: Vec<(&'static str, String)>,
}

#[derive(Debug, Default)]
struct Time {
    now: Cell<u64>,
    /// Who waits until when. Some combinators poll only what was woken, so wakers are kept.
    timers: RefCell<BTreeMap<(u64, u64), Option<Waker>>>,
    made: Cell<u64>,
}

impl Time {
    /// Jumps to the next timer; false when there is none.
    fn advance(&self) -> bool {
        let now = self.now.get();
        let next = self
            .timers
            .borrow()
            .keys()
            .map(|(at, _)| *at)
            .find(|at| *at > now);
        let Some(next) = next else {
            return false;
        };
        self.now.set(next);
        for ((at, _), waker) in self.timers.borrow_mut().iter_mut() {
            if *at <= next
                && let Some(waker) = waker.take()
            {
                waker.wake();
            }
        }
        true
    }
}

struct Timer {
    time: Rc<Time>,
    key: (u64, u64),
}

impl Timer {
    fn after(time: &Rc<Time>, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let number = time.made.get();
        time.made.set(number.wrapping_add(1));
        let key = (time.now.get().saturating_add(millis), number);
        time.timers.borrow_mut().insert(key, None);
        Self {
            time: Rc::clone(time),
            key,
        }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.time.now.get() >= self.key.0 {
            return Poll::Ready(());
        }
        let mut timers = self.time.timers.borrow_mut();
        timers.insert(self.key, Some(cx.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.time.timers.borrow_mut().remove(&self.key);
    }
}

/// The host. Answers come in the order in which they were scripted; beyond the script nothing connects.
#[derive(Default)]
pub struct FakeHost {
    time: Rc<Time>,
    random: Cell<u64>,
    script: RefCell<VecDeque<Scripted>>,
    sent: RefCell<Vec<Sent>>,
    open_bodies: Rc<Cell<usize>>,
    /// Stored documents.
    pub documents: RefCell<BTreeMap<String, Vec<u8>>>,
    log: RefCell<Vec<String>>,
    /// Stored counters.
    pub counters: RefCell<BTreeMap<String, i64>>,
    /// Reads of documents so far.
    pub reads: Cell<usize>,
    /// True makes every store call fail.
    pub store_away: Cell<bool>,
    /// Work that goes on beside whatever is run.
    spawned: RefCell<Vec<LocalBoxFuture<'static, ()>>>,
}

impl FakeHost {
    /// A host that will give these answers.
    pub fn new(script: impl IntoIterator<Item = Scripted>) -> Rc<Self> {
        let host = Self::default();
        host.time.now.set(START.0);
        host.script.borrow_mut().extend(script);
        Rc::new(host)
    }

    /// Adds an answer.
    pub fn then(&self, answer: Scripted) {
        self.script.borrow_mut().push_back(answer);
    }

    /// Everything that went upstream so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.borrow().clone()
    }

    /// Lines logged so far.
    pub fn log(&self) -> Vec<String> {
        self.log.borrow().clone()
    }

    /// Upstream bodies that are neither read to the end nor dropped.
    pub fn open_bodies(&self) -> usize {
        self.open_bodies.get()
    }

    /// Lets time pass.
    pub fn pass(&self, duration: Duration) {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.time
            .now
            .set(self.time.now.get().saturating_add(millis));
    }

    /// Runs `future` to its end on virtual time.
    ///
    /// # Panics
    /// When it waits for something that no timer will bring.
    #[expect(clippy::panic, reason = "a test that deadlocks must say so")]
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
                return output;
            }
            self.poll_spawned(&mut cx);
            if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
                return output;
            }
            if !self.time.advance() {
                panic!("waits for ever: no timer is set");
            }
        }
    }

    /// Runs everything spawned to its end on virtual time.
    pub fn settle(&self) {
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            self.poll_spawned(&mut cx);
            if self.spawned.borrow().is_empty() || !self.time.advance() {
                return;
            }
        }
    }

    fn poll_spawned(&self, cx: &mut Context<'_>) {
        // What is polled may spawn more, so nothing is borrowed meanwhile.
        let mut running = self.spawned.take();
        running.retain_mut(|work| work.as_mut().poll(cx).is_pending());
        self.spawned.borrow_mut().append(&mut running);
    }
}

impl Spawn for FakeHost {
    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        self.spawned.borrow_mut().push(work);
    }
}

impl Counters for FakeHost {
    fn add(&self, name: &str, delta: i64) -> LocalBoxFuture<'_, Result<i64, StoreUnavailable>> {
        let result = if self.store_away.get() {
            Err(StoreUnavailable("away".to_owned()))
        } else {
            let mut counters = self.counters.borrow_mut();
            let sum = counters.entry(name.to_owned()).or_default();
            *sum = sum.saturating_add(delta);
            Ok(*sum)
        };
        async move { result }.boxed_local()
    }

    fn forget(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        let result = if self.store_away.get() {
            Err(StoreUnavailable("away".to_owned()))
        } else {
            self.counters.borrow_mut().remove(name);
            Ok(())
        };
        async { result }.boxed_local()
    }
}

impl Clock for FakeHost {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.time.now.get())
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        Timer::after(&self.time, duration).boxed_local()
    }
}

impl Log for FakeHost {
    fn warn(&self, line: &str) {
        self.log.borrow_mut().push(line.to_owned());
    }
}

impl Rng for FakeHost {
    fn next_u64(&self) -> u64 {
        // SplitMix64's increment: equidistributed and the same in every run.
        let next = self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random.set(next);
        next
    }
}

impl DocumentStore for FakeHost {
    fn get(&self, name: &str) -> LocalBoxFuture<'_, Result<Option<Vec<u8>>, StoreUnavailable>> {
        self.reads.set(self.reads.get() + 1);
        let result = if self.store_away.get() {
            Err(StoreUnavailable("away".to_owned()))
        } else {
            Ok(self.documents.borrow().get(name).cloned())
        };
        async { result }.boxed_local()
    }

    fn set(
        &self,
        name: &str,
        document: Vec<u8>,
    ) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        let result = if self.store_away.get() {
            Err(StoreUnavailable("away".to_owned()))
        } else {
            self.documents
                .borrow_mut()
                .insert(name.to_owned(), document);
            Ok(())
        };
        async { result }.boxed_local()
    }

    fn delete(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        let result = if self.store_away.get() {
            Err(StoreUnavailable("away".to_owned()))
        } else {
            self.documents.borrow_mut().remove(name);
            Ok(())
        };
        async { result }.boxed_local()
    }
}

impl Upstream for FakeHost {
    fn send(
        &self,
        request: UpstreamRequest<'_>,
    ) -> LocalBoxFuture<'static, Result<UpstreamResponse, Unreachable>> {
        let (method, headers, body) = match request.ask {
            Ask::Get => ("GET", Vec::new(), Bytes::new()),
            Ask::Delete => ("DELETE", Vec::new(), Bytes::new()),
            Ask::Post(body) => ("POST", Vec::new(), body),
            Ask::Patch(body) => ("PATCH", Vec::new(), body),
            Ask::Upload(headers, body) => ("POST", headers.list(), body),
        };
        self.sent.borrow_mut().push(Sent {
            method,
            headers,
            url: request.url.to_owned(),
            key: request.key.expose().to_owned(),
            body: String::from_utf8_lossy(&body).into_owned(),
        });
        let answer = self
            .script
            .borrow_mut()
            .pop_front()
            .unwrap_or_else(Scripted::unreachable);
        let time = Rc::clone(&self.time);
        let open_bodies = Rc::clone(&self.open_bodies);
        async move {
            Timer::after(&time, answer.delay).await;
            let status = answer
                .status
                .and_then(|status| StatusCode::from_u16(status).ok())
                .ok_or_else(|| Unreachable("scripted: no connection".to_owned()))?;
            open_bodies.set(open_bodies.get() + 1);
            Ok(UpstreamResponse {
                status,
                encoded: false,
                upload: answer.upload,
                body: Box::pin(ScriptedBody {
                    time,
                    pieces: answer.body.into(),
                    waiting: None,
                    open_bodies,
                }),
            })
        }
        .boxed_local()
    }
}

struct ScriptedBody {
    time: Rc<Time>,
    pieces: VecDeque<Piece>,
    waiting: Option<Timer>,
    open_bodies: Rc<Cell<usize>>,
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
