//! The body of an answer to a client: whole, or a stream that can fail.
//!
//! It is an `http_body::Body`, so that any edge (WASI 0.3, WASI 0.2, a test) can drive it. It holds no
//! SDK type and buffers nothing: a slow client slows the upstream.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::future::LocalBoxFuture;
use futures::{FutureExt as _, Stream, StreamExt as _};
use http_body::{Frame, SizeHint};

/// Why a body could not be completed. The edge must abort the transport: a clean end would make a cut
/// answer look whole.
#[derive(Debug, thiserror::Error)]
#[error("the answer broke off: {0}")]
pub struct BodyError(pub String);

/// An answer's body.
pub enum Body {
    /// Known as a whole; `None` once it was taken.
    Full(Option<Bytes>),
    /// Produced while it is sent.
    Stream(Pin<Box<dyn Stream<Item = Result<Bytes, BodyError>>>>),
}

impl Body {
    /// A body that is known as a whole.
    pub fn full(bytes: impl Into<Bytes>) -> Self {
        Self::Full(Some(bytes.into()))
    }

    /// A body that is known as a whole, and work that is done once it was handed over.
    pub fn followed_by(bytes: Bytes, after: LocalBoxFuture<'static, ()>) -> Self {
        let whole = futures::stream::iter([Ok(bytes)]);
        let rest = after.map(|()| futures::stream::empty()).flatten_stream();
        Self::Stream(Box::pin(whole.chain(rest)))
    }

    /// No bytes at all.
    pub fn empty() -> Self {
        Self::Full(None)
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Full(bytes) => write!(f, "Full({} bytes)", bytes.as_ref().map_or(0, Bytes::len)),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.get_mut() {
            Self::Full(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Stream(stream) => stream
                .as_mut()
                .poll_next(cx)
                .map(|item| item.map(|result| result.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Full(bytes) => bytes.as_ref().is_none_or(Bytes::is_empty),
            Self::Stream(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Full(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::Stream(_) => SizeHint::default(),
        }
    }
}
