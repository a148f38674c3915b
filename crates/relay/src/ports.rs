//! What the use cases need from the outside world, each trait documented by its promise.
//!
//! No implementation lives here: the component's are in the gateway's `src/host/`, the scripted ones
//! in `fakes` (feature of that name). Futures are local (no `Send`): a component is single-threaded.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use futures::future::LocalBoxFuture;
use gempool_pool::{ApiKey, UnixMillis};
use http::{HeaderName, HeaderValue, StatusCode};

use crate::upload::{UploadHead, UploadHeaders};

pub use gempool_state::ports::{Counters, DocumentStore, Rng, STORE_PATIENCE, StoreUnavailable};

/// Wall clock and timer.
pub trait Clock {
    /// Milliseconds since the Unix epoch. May jump in either direction; callers clamp.
    fn now(&self) -> UnixMillis;

    /// Resolves once, not earlier than `duration` from now. Dropping the future cancels the timer.
    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()>;
}

/// The road to Gemini.
pub trait Upstream {
    /// Sends one request and resolves with the head of the answer.
    ///
    /// The implementation adds exactly one credential (`x-goog-api-key`), the headers of the egress, and no header
    /// beyond `content-type`, `accept`, `accept-encoding: identity`, its own `user-agent` and, in an upload, what
    /// [`UploadHeaders::list`] says. It follows no redirect and retries nothing. Dropping the future or the body
    /// closes the exchange.
    fn send(
        &self,
        request: UpstreamRequest<'_>,
    ) -> LocalBoxFuture<'static, Result<UpstreamResponse, Unreachable>>;
}

/// Where operators read what went wrong.
pub trait Log {
    /// Writes one line at warning level. Lines hold no prompt, no secret and no line break, and come with
    /// failures only: a store of logs must not grow with the traffic.
    fn warn(&self, line: &str);
}

/// Work that goes on after an answer.
pub trait Spawn {
    /// Runs the future beside what is running, and after the answer of the request that asked for it. It may be
    /// dropped unfinished when the instance ends.
    fn spawn(&self, work: LocalBoxFuture<'static, ()>);
}

/// Everything together; implemented for whatever has all of it.
pub trait Host: Clock + Rng + DocumentStore + Counters + Upstream + Log + Spawn {}

impl<T: Clock + Rng + DocumentStore + Counters + Upstream + Log + Spawn> Host for T {}

/// A request to Gemini, complete but for the transport.
#[derive(Debug)]
pub struct UpstreamRequest<'a> {
    /// Absolute URL. Holds no credential, ever.
    pub url: &'a str,
    /// The one credential.
    pub key: &'a ApiKey,
    /// Headers of the egress, from the deployment's variables: never those that the implementation sets itself.
    pub headers: &'a [(HeaderName, HeaderValue)],
    /// What is asked of it.
    pub ask: Ask,
}

/// What is asked of a URL: the method, and the body that goes with it.
#[derive(Debug, Clone)]
pub enum Ask {
    /// `GET`
    Get,
    /// `DELETE`
    Delete,
    /// `POST` of JSON.
    Post(Bytes),
    /// `PATCH` with JSON.
    Patch(Bytes),
    /// `POST` of a file's bytes, or of the steps around them.
    Upload(UploadHeaders, Bytes),
}

impl Ask {
    /// JSON to post, or nothing to get.
    pub(crate) fn of_body(body: Option<Bytes>) -> Self {
        body.map_or(Self::Get, Self::Post)
    }
}

/// The head of an answer, and its body still to come.
pub struct UpstreamResponse {
    /// Status as sent.
    pub status: StatusCode,
    /// True when the answer came with a `content-encoding` other than identity, which was not asked for.
    pub encoded: bool,
    /// What its headers say of an upload.
    pub upload: UploadHead,
    /// Body bytes in arbitrary pieces. Ends cleanly only when the upstream ended its message cleanly.
    pub body: ByteStream,
}

/// Bytes as they arrive; an `Err` is a transport that broke off and is the last item.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, Unreachable>>>>;

/// The upstream could not be reached, or the connection broke. The text is for logs, and holds no secret.
#[derive(Debug, Clone, thiserror::Error)]
#[error("upstream connection failed: {0}")]
pub struct Unreachable(pub String);
