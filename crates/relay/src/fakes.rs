//! A scripted host on virtual time, for tests of use cases and routes.
//!
//! Time stands still while anything can run and jumps to the next timer when nothing can, so a test of an
//! hour takes no time and has no race. It checks nothing; tests look at what was recorded.

mod script;
mod store;
mod time;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_pool::UnixMillis;
use http::StatusCode;

use crate::ports::{
    Ask, Clock, Log, Rng, Spawn, Unreachable, Upstream, UpstreamRequest, UpstreamResponse,
};
use script::ScriptedBody;
use time::{Time, Timer};

pub use script::{Piece, Scripted};

/// Start of virtual time: 2026-11-21T12:00:00Z, a day with nothing special at midnight Pacific.
pub const START: UnixMillis = UnixMillis(1_795_262_400_000);

/// What went upstream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// `GET`, `POST` …
    pub method: &'static str,
    /// Absolute URL.
    pub url: String,
    /// The key, in clear: fakes have no secrets.
    pub key: String,
    /// Headers of the egress, `name: value`.
    pub egress_headers: Vec<String>,
    /// Body, empty for GET.
    pub body: String,
    /// Headers of an upload.
    pub headers: Vec<(&'static str, String)>,
}

/// The host. Answers come in the order in which they were scripted; beyond the script nothing connects.
#[derive(Default)]
pub struct FakeHost {
    time: Rc<Time>,
    random: Cell<u64>,
    script: RefCell<VecDeque<Scripted>>,
    sent: RefCell<Vec<Sent>>,
    open_bodies: Rc<Cell<usize>>,
    log: RefCell<Vec<String>>,
    /// Stored documents.
    pub documents: RefCell<BTreeMap<String, Vec<u8>>>,
    /// Stored counters.
    pub counters: RefCell<BTreeMap<String, i64>>,
    /// Names of the documents that were read so far, in their order.
    pub read: RefCell<Vec<String>>,
    /// Calls of the store so far, of any kind.
    pub store_calls: Cell<usize>,
    /// True makes every store call fail.
    pub store_away: Cell<bool>,
    /// True makes every store call hang until the caller gives up, as a store does whose server restarts.
    pub store_silent: Cell<bool>,
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

    /// Forgets the answers that were not asked for.
    pub fn forget_script(&self) {
        self.script.borrow_mut().clear();
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
            egress_headers: request
                .headers
                .iter()
                .map(|(name, value)| {
                    format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()))
                })
                .collect(),
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
