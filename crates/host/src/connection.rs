//! One client connection: HTTP over it, and a watch over its time.
//!
//! hyper's own header time-out also ends idle kept-alive connections, and its protocol detection has none, so
//! the clock is kept here, beside the socket: first byte to whole headers, idle between requests, a client
//! that takes nothing. One timer per connection, set again only when it rings.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::body::response::ResponseBody;
use crate::limits::ClientLimits;

mod activity;
mod socket;

pub use activity::ActiveRequest;
use activity::{Activity, Times, Verdict};
use socket::Timed;

/// Streams on one HTTP/2 connection; RFC 9113 §6.5.2 recommends at least 100.
const H2_MAX_STREAMS: u32 = 128;
/// Bytes buffered per HTTP/2 stream for a slow client.
const H2_SEND_BUFFER_BYTES: usize = 64 * 1024;
/// HTTP/2 resets by us before the connection counts as an attack (h2's default is 1,024).
const H2_MAX_LOCAL_RESETS: usize = 128;
/// HTTP/2 ping to find dead clients.
const H2_PING_INTERVAL: Duration = Duration::from_secs(30);

/// The protocols and their limits, the same for all connections of a thread.
#[derive(Debug, Clone)]
pub struct Protocol {
    builder: auto::Builder<TokioExecutor>,
    times: Times,
}

impl Protocol {
    /// HTTP/1.1 and h2c within `limits`.
    pub fn new(limits: &ClientLimits) -> Self {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .max_headers(limits.max_headers.into())
            .max_buf_size(usize::try_from(limits.max_header_bytes).unwrap_or(usize::MAX));
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(H2_PING_INTERVAL)
            .max_header_list_size(limits.max_header_bytes)
            .max_concurrent_streams(H2_MAX_STREAMS)
            .max_local_error_reset_streams(H2_MAX_LOCAL_RESETS)
            .max_send_buf_size(H2_SEND_BUFFER_BYTES);
        let times = Times {
            header: limits.header_read_ms,
            idle: limits.keep_alive_ms,
            stall: limits.write_stall_ms,
        };
        Self { builder, times }
    }

    /// Serves `stream` until it ends, it breaks a time limit, or, after `drain`, its requests are answered.
    pub async fn serve<F, Answer>(&self, stream: TcpStream, drain: CancellationToken, answer: F)
    where
        F: Fn(Request<Incoming>, ActiveRequest) -> Answer,
        Answer: Future<Output = Response<ResponseBody>> + Send + 'static,
    {
        let activity = Arc::new(Activity::new());
        let socket = Timed {
            stream,
            activity: Arc::clone(&activity),
        };
        let service = service_fn(|request| {
            let answered = answer(request, ActiveRequest::begin(&activity));
            async move { Ok::<_, Infallible>(answered.await) }
        });
        let mut connection = pin!(self.builder.serve_connection(TokioIo::new(socket), service));
        let mut draining = false;
        loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "connection ended");
                    }
                    return;
                }
                verdict = activity.watch(self.times), if !draining || activity.requests() > 0 => match verdict {
                    Verdict::Close(why) => {
                        tracing::debug!(why, "connection closed");
                        return;
                    }
                    Verdict::Idle => {
                        draining = true;
                        connection.as_mut().graceful_shutdown();
                    }
                },
                () = drain.cancelled(), if !draining => {
                    draining = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
