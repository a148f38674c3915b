//! A request body with a size limit and an idle limit.
//!
//! Buffers nothing. What remains of a refused body is read and thrown away for a while, because many clients
//! read no response before they have sent everything.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use tokio::sync::SetOnce;
use tokio::time::{Instant, Sleep, sleep_until};
use wasmtime_wasi_http::Error;

use crate::errors::HostError;

/// Bytes of a refused body that are read and thrown away: three times the default limit.
const MAX_DISCARDED_BYTES: usize = 64 * 1024 * 1024;
/// How long that may take; nginx's `lingering_time` is 30 s and `lingering_timeout` 5 s.
const MAX_DISCARDING: Duration = Duration::from_secs(10);

/// Why a body was refused, told to whoever answers the request.
#[derive(Debug, Clone, Default)]
pub struct Refusal(Arc<SetOnce<HostError>>);

impl Refusal {
    /// Resolves when the body is refused; never, if it is fine.
    pub async fn refused(&self) -> HostError {
        *self.0.wait().await
    }

    fn refuse(&self, why: HostError) {
        // The first reason counts.
        let _ = self.0.set(why);
    }
}

/// A request body that fails once it is too long or too slow.
#[derive(Debug)]
pub struct RequestBody<B: Body> {
    /// `None` once refused or at its end.
    inner: Option<B>,
    left_bytes: u64,
    max_idle: Duration,
    /// Made at the first wait, so that a body that is there already costs no timer.
    timer: Option<Pin<Box<Sleep>>>,
    refusal: Refusal,
}

impl<B> RequestBody<B>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Error>,
{
    /// Bounds `inner` to `max_bytes` in all and `max_idle` between two pieces.
    pub fn new(inner: B, max_bytes: u64, max_idle: Duration) -> (Self, Refusal) {
        let refusal = Refusal::default();
        let body = Self {
            inner: Some(inner),
            left_bytes: max_bytes,
            max_idle,
            timer: None,
            refusal: refusal.clone(),
        };
        (body, refusal)
    }

    fn refuse(&mut self, why: HostError) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.refusal.refuse(why);
        if let Some(inner) = self.inner.take() {
            discard(inner);
        }
        Poll::Ready(Some(Err(match why {
            HostError::BodyTimeout => Error::ConnectionReadTimeout,
            _ => Error::HttpRequestBodySize(None),
        })))
    }
}

/// Reads and throws away what remains of `body`, within bounds, while the response is sent.
pub fn discard<B>(mut body: B)
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Error>,
{
    let read = async move {
        let mut left = MAX_DISCARDED_BYTES;
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
            if left == 0 {
                return;
            }
        }
    };
    tokio::spawn(tokio::time::timeout(MAX_DISCARDING, read));
}

impl<B> Body for RequestBody<B>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Error>,
{
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        let Some(inner) = &mut this.inner else {
            return Poll::Ready(None);
        };
        match Pin::new(inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                this.timer = None;
                let length = frame.data_ref().map_or(0, Bytes::len);
                match this.left_bytes.checked_sub(length as u64) {
                    Some(left) => this.left_bytes = left,
                    None => return this.refuse(HostError::BodyTooLarge),
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                this.inner = None;
                Poll::Ready(Some(Err(error.into())))
            }
            Poll::Ready(None) => {
                this.inner = None;
                Poll::Ready(None)
            }
            Poll::Pending => {
                let max_idle = this.max_idle;
                let timer = this
                    .timer
                    .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + max_idle)));
                if timer.as_mut().poll(context).is_ready() {
                    return this.refuse(HostError::BodyTimeout);
                }
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner
            .as_ref()
            .map_or_else(SizeHint::default, Body::size_hint)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{Full, StreamBody};

    use super::*;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(future)
    }

    type Piece = Result<Frame<Bytes>, Error>;

    fn pieces(sizes: &[usize]) -> impl Body<Data = Bytes, Error = Error> + Send + Unpin + 'static {
        let frames: Vec<Piece> = sizes
            .iter()
            .map(|size| Ok(Frame::data(vec![0; *size].into())))
            .collect();
        StreamBody::new(futures::stream::iter(frames))
    }

    async fn read(
        mut body: impl Body<Data = Bytes, Error = Error> + Unpin,
    ) -> Result<usize, Error> {
        let mut read = 0;
        while let Some(frame) = body.frame().await {
            read += frame?.data_ref().map_or(0, Bytes::len);
        }
        Ok(read)
    }

    #[test]
    fn limit_is_inclusive_however_the_body_is_split() {
        run(async {
            for sizes in [&[10][..], &[1; 10], &[9, 1], &[0, 10, 0]] {
                let (body, _) = RequestBody::new(pieces(sizes), 10, Duration::from_secs(1));
                assert_eq!(read(body).await.unwrap(), 10, "{sizes:?}");
            }
            for sizes in [&[11][..], &[1; 11], &[10, 1], &[usize::from(u16::MAX)]] {
                let (body, refusal) = RequestBody::new(pieces(sizes), 10, Duration::from_secs(1));
                assert!(read(body).await.is_err(), "{sizes:?}");
                assert_eq!(refusal.refused().await, HostError::BodyTooLarge);
            }
        });
    }

    #[test]
    fn silence_refuses() {
        run(async {
            let silent = StreamBody::new(futures::stream::pending::<Piece>());
            let (body, refusal) = RequestBody::new(silent, 10, Duration::from_millis(10));
            assert!(matches!(
                read(body).await,
                Err(Error::ConnectionReadTimeout)
            ));
            assert_eq!(refusal.refused().await, HostError::BodyTimeout);
        });
    }

    #[test]
    fn empty_body_is_at_its_end_at_once() {
        let (body, _) = RequestBody::new(Full::new(Bytes::new()), 10, Duration::from_secs(1));
        assert!(body.is_end_stream());
    }
}
