//! The client that calls the upstream: pooled connections, time limits, no redirects, no proxy.
//!
//! Knows nothing of components, nor of where they may call: `egress.rs` does. One client per thread, so that a response is read
//! where it is used.

use std::fmt;
use std::io;
use std::time::Duration;

use http::{Request, Response};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

use crate::limits::UpstreamLimits;

mod body;
mod hop_by_hop;
pub mod origin;
pub mod origins;

pub use body::UpstreamBody;

/// Idle upstream connections kept per thread: as many as an even share of 512 requests on two threads.
const MAX_IDLE_CONNECTIONS: usize = 256;
/// How long they are kept. Google closes after 240 s; earlier, so that we seldom meet a closing one.
const MAX_IDLE: Duration = Duration::from_secs(90);
/// Dead upstream connections are found by TCP within about two minutes.
const TCP_KEEP_ALIVE: Duration = Duration::from_secs(60);

/// Calls the upstream.
#[derive(Clone)]
pub struct Upstream {
    client: legacy::Client<HttpsConnector<HttpConnector>, WasiBody>,
    limits: UpstreamLimits,
}

impl fmt::Debug for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Upstream")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Upstream {
    /// A client for the current thread's runtime. Trusts the roots that Mozilla trusts, and nothing else.
    pub fn new(limits: &UpstreamLimits) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        // Without it the kernel waits up to 40 ms to fill a segment.
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(limits.connect_ms));
        tcp.set_keepalive(Some(TCP_KEEP_ALIVE));
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(tcp);
        let client = legacy::Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(MAX_IDLE)
            .pool_max_idle_per_host(MAX_IDLE_CONNECTIONS)
            .build(connector);
        Self {
            client,
            limits: limits.clone(),
        }
    }

    /// Sends `request` and waits for the response's headers. `options` may shorten a limit, never lengthen it.
    /// Cancelling `stop` drops the call, its connection and later the body at once.
    ///
    /// # Errors
    ///
    /// A WASI HTTP error code that says what failed.
    pub async fn call(
        &self,
        mut request: Request<WasiBody>,
        options: Option<RequestOptions>,
        stop: CancellationToken,
    ) -> Result<Response<UpstreamBody>, Error> {
        hop_by_hop::remove(request.headers_mut());
        let options = options.unwrap_or_default();
        let limit = |asked: Option<Duration>, most: Duration| asked.unwrap_or(most).min(most);
        let first_byte = limit(options.first_byte_timeout, self.limits.first_byte_ms);
        let idle = limit(options.between_bytes_timeout, self.limits.upstream_idle_ms);
        let end = Instant::now() + self.limits.total_ms;

        let mut response = tokio::select! {
            biased;
            () = stop.cancelled() => return Err(client_gone()),
            answered = tokio::time::timeout(first_byte.min(self.limits.total_ms), self.client.request(request)) => {
                answered.map_err(|_| Error::ConnectionReadTimeout)?.map_err(|error| describe(&error))?
            }
        };
        hop_by_hop::remove(response.headers_mut());
        Ok(response.map(|incoming| UpstreamBody::new(incoming, idle, end, stop)))
    }
}

/// What a component is told when its client left. Trying again with another key is useless.
pub fn client_gone() -> Error {
    Error::InternalError(Some("client disconnected".to_owned()))
}

/// Finds the cause in the chain of a client error.
fn describe(error: &legacy::Error) -> Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return describe_io(io);
        }
        if let Some(hyper) = error.downcast_ref::<hyper::Error>()
            && hyper.is_parse()
        {
            return Error::HttpProtocolError;
        }
        if error.to_string() == "dns error" {
            return Error::DnsError {
                rcode: None,
                info_code: None,
            };
        }
        cause = error.source();
    }
    Error::ConnectionTerminated
}

fn describe_io(error: &io::Error) -> Error {
    // The TLS connector wraps the error of the handshake in another one.
    if let Some(inner) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<io::Error>())
    {
        return describe_io(inner);
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Error::ConnectionRefused,
        io::ErrorKind::TimedOut => Error::ConnectionTimeout,
        // rustls reports a failed handshake so; its text is the only public sign of the reason.
        io::ErrorKind::InvalidData if error.to_string().contains("certificate") => {
            Error::TlsCertificateError
        }
        io::ErrorKind::InvalidData => Error::TlsProtocolError,
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            Error::DestinationUnavailable
        }
        _ => Error::ConnectionTerminated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An upstream that speaks no TLS, or nothing at all.
    fn call(url: &str) -> Error {
        let limits = UpstreamLimits {
            connect_ms: Duration::from_secs(5),
            first_byte_ms: Duration::from_secs(5),
            upstream_idle_ms: Duration::from_secs(5),
            total_ms: Duration::from_secs(5),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let request = Request::get(url).body(WasiBody::default()).unwrap();
            let upstream = Upstream::new(&limits);
            let called = upstream.call(request, None, CancellationToken::new());
            called.await.map(drop).unwrap_err()
        })
    }

    #[test]
    fn a_refused_connection_is_told_from_a_broken_one() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        assert!(matches!(
            call(&format!("http://{address}/")),
            Error::ConnectionRefused
        ));
    }

    #[test]
    fn an_upstream_without_tls_is_a_tls_error() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let plain = std::thread::spawn(move || {
            use std::io::{Read as _, Write as _};
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 1024]);
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .unwrap();
        });
        let error = call(&format!("https://{address}/"));
        plain.join().unwrap();
        assert!(matches!(error, Error::TlsProtocolError), "{error:?}");
    }
}
