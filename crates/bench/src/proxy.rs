//! The yardstick: the plain reverse proxy that one writes with hyper in an afternoon.
//!
//! It forwards, streams both ways, keeps connections alive and sets `TCP_NODELAY`. It has no limits, no
//! time-outs, no keys and no translation: what it costs is what any Rust proxy costs here.

use std::io::Write;
use std::sync::Arc;

use anyhow::Result;
use http::header::{CONNECTION, HOST, TRANSFER_ENCODING};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Empty, combinators::BoxBody};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

type Body = BoxBody<bytes::Bytes, hyper::Error>;

struct Upstream {
    authority: Authority,
    client: Client<HttpConnector, Incoming>,
}

/// Forwards to `upstream` (`ADDR:PORT`) until the process ends.
pub(crate) async fn serve(upstream: String) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(
        std::io::stdout(),
        "proxy listening on http://{}",
        listener.local_addr()?
    )?;
    accept(listener, upstream.parse()?).await
}

async fn accept(listener: TcpListener, authority: Authority) -> Result<()> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let upstream = Arc::new(Upstream {
        authority,
        client: Client::builder(TokioExecutor::new()).build(connector),
    });
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let upstream = Arc::clone(&upstream);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let upstream = Arc::clone(&upstream);
                async move { upstream.forward(request).await }
            });
            // A client that leaves is no news.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

impl Upstream {
    async fn forward(&self, mut request: Request<Incoming>) -> Result<Response<Body>, http::Error> {
        let path = request.uri().path_and_query().cloned();
        *request.uri_mut() = Uri::builder()
            .scheme(Scheme::HTTP)
            .authority(self.authority.clone())
            .path_and_query(path.unwrap_or_else(|| PathAndQuery::from_static("/")))
            .build()?;
        let headers = request.headers_mut();
        headers.remove(CONNECTION);
        headers.remove(TRANSFER_ENCODING);
        headers.remove(HOST);
        match self.client.request(request).await {
            Ok(mut response) => {
                let headers = response.headers_mut();
                headers.remove(CONNECTION);
                headers.remove(TRANSFER_ENCODING);
                Ok(response.map(BodyExt::boxed))
            }
            Err(_) => Response::builder()
                .status(StatusCode::BAD_GATEWAY)
                .body(Empty::new().map_err(|never| match never {}).boxed()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::load::{self, Window};
    use crate::workload::{self, Dialect, Mode};

    /// Long enough for some answers on a busy machine.
    const WINDOW: Window = Window {
        warm_up: Duration::ZERO,
        time: Duration::from_millis(500),
    };

    #[tokio::test]
    async fn forwards_unary_and_streamed_answers_whole() {
        let simulator = crate::simulator::start().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let upstream = simulator.addr().to_string().parse().unwrap();
        let proxy = tokio::spawn(accept(listener, upstream));
        for mode in [Mode::Unary, Mode::Stream] {
            let prepared = workload::prepare(address, Dialect::Gemini, mode).unwrap();
            let measured = load::run(&prepared, 2, WINDOW, || Ok(())).await.unwrap();
            assert_eq!(measured.failure, None, "{mode:?}");
            assert_eq!(measured.latency.len(), measured.complete, "{mode:?}");
        }
        proxy.abort();
    }
}
