//! A response body from the upstream, within its time.
//!
//! Does not look at what it carries.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use wasmtime_wasi_http::Error;

use super::client_gone;

/// A response body from the upstream. Ends with an error if the upstream breaks off, is silent too long,
/// takes too long, or the client leaves; then the connection is dropped, not reused.
#[derive(Debug)]
pub struct UpstreamBody<B = Incoming> {
    incoming: Option<B>,
    idle: Duration,
    end: Instant,
    last: Instant,
    timer: Option<Pin<Box<Sleep>>>,
    stop: CancellationToken,
    stopped: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
}

impl<B> UpstreamBody<B> {
    /// Limits `incoming` to `idle` between two frames and to `end` in all.
    pub(super) fn new(incoming: B, idle: Duration, end: Instant, stop: CancellationToken) -> Self {
        Self {
            incoming: Some(incoming),
            idle,
            end,
            last: Instant::now(),
            timer: None,
            stop,
            stopped: None,
        }
    }

    fn fail(&mut self, error: Error) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.incoming = None;
        Poll::Ready(Some(Err(error)))
    }

    /// Resolves when a limit is over. The timer is set again only when it rings, not at every frame.
    fn poll_late(&mut self, context: &mut Context<'_>) -> Poll<Error> {
        loop {
            let due = (self.last + self.idle).min(self.end);
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(due)));
            std::task::ready!(timer.as_mut().poll(context));
            if due <= Instant::now() {
                let total = self.end <= due;
                return Poll::Ready(if total {
                    Error::HttpResponseTimeout
                } else {
                    Error::ConnectionReadTimeout
                });
            }
            timer.as_mut().reset(due);
        }
    }

    fn poll_stopped(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let stop = &self.stop;
        self.stopped
            .get_or_insert_with(|| Box::pin(stop.clone().cancelled_owned()))
            .as_mut()
            .poll(context)
    }
}

impl<B> Body for UpstreamBody<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        if this.stop.is_cancelled() {
            return this.fail(client_gone());
        }
        let Some(incoming) = &mut this.incoming else {
            return Poll::Ready(None);
        };
        match Pin::new(incoming).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                this.last = Instant::now();
                // A slow drip satisfies the idle limit for ever.
                if this.last >= this.end {
                    return this.fail(Error::HttpResponseTimeout);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                tracing::debug!(%error, "upstream body broke off");
                this.fail(Error::HttpResponseIncomplete)
            }
            Poll::Ready(None) => {
                this.incoming = None;
                Poll::Ready(None)
            }
            Poll::Pending => {
                if this.poll_stopped(context).is_ready() {
                    return this.fail(client_gone());
                }
                match this.poll_late(context) {
                    Poll::Ready(error) => this.fail(error),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming
            .as_ref()
            .map_or_else(SizeHint::default, Body::size_hint)
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use http_body_util::{BodyExt as _, StreamBody};

    use super::*;

    type Piece = Result<Frame<Bytes>, std::io::Error>;

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(10);

    /// Reads a body of `pieces`, after which nothing comes, and returns how it ends.
    fn end(
        pieces: usize,
        idle: Duration,
        total: Duration,
        stop: &CancellationToken,
    ) -> (usize, Error) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(async {
            let piece = || Piece::Ok(Frame::data(Bytes::from_static(b"x")));
            let some = stream::iter((0..pieces).map(|_| piece()));
            let silent = StreamBody::new(futures::StreamExt::chain(some, stream::pending()));
            let mut body = UpstreamBody::new(silent, idle, Instant::now() + total, stop.clone());
            let mut read = 0;
            loop {
                match body.frame().await.unwrap() {
                    Ok(_) => read += 1,
                    Err(error) => {
                        assert!(body.incoming.is_none(), "the connection must go");
                        return (read, error);
                    }
                }
            }
        })
    }

    #[test]
    fn silence_ends_it() {
        let (read, error) = end(3, SHORT, LONG, &CancellationToken::new());
        assert_eq!(read, 3);
        assert!(matches!(error, Error::ConnectionReadTimeout));
    }

    #[test]
    fn total_time_ends_it() {
        let (_, error) = end(3, LONG, SHORT, &CancellationToken::new());
        assert!(matches!(error, Error::HttpResponseTimeout));
    }

    #[test]
    fn a_drip_does_not_outlast_the_total_time() {
        let (read, error) = end(usize::MAX, LONG, SHORT, &CancellationToken::new());
        assert!(read > 0);
        assert!(matches!(error, Error::HttpResponseTimeout));
    }

    #[test]
    fn a_client_that_left_ends_it_at_once() {
        let stop = CancellationToken::new();
        stop.cancel();
        let (read, error) = end(3, LONG, LONG, &stop);
        assert_eq!(read, 0);
        assert!(matches!(error, Error::InternalError(_)));
    }

    #[test]
    fn a_broken_upstream_is_an_error_not_an_end() {
        let pieces = vec![
            Piece::Ok(Frame::data(Bytes::from_static(b"x"))),
            Err(std::io::Error::other("reset")),
        ];
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(async {
            let inner = StreamBody::new(stream::iter(pieces));
            let mut body =
                UpstreamBody::new(inner, LONG, Instant::now() + LONG, CancellationToken::new());
            assert!(body.frame().await.unwrap().is_ok());
            let broken = body.frame().await.unwrap();
            assert!(matches!(broken, Err(Error::HttpResponseIncomplete)));
        });
    }
}
