//! What leaves an instance: every outgoing HTTP request of a component passes here.
//!
//! Allows the origins that the deployment names, and ties each call to the inbound request it is made for, so that the call ends
//! when that client leaves. Sends nothing itself; `upstream.rs` does.

use std::sync::Arc;

use http::Request;
use http_body_util::BodyExt as _;
use tokio_util::sync::CancellationToken;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

use crate::cancel::RequestContext;
use crate::upstream::Upstream;
use crate::upstream::origin::Origin;

/// What wasmtime expects from a sent request.
type Sent = Result<(http::Response<WasiBody>, Transmission), Error>;
/// The fate of the request body.
type Transmission = Box<dyn Future<Output = Result<(), Error>> + Send>;

/// The way out of one instance.
#[derive(Debug)]
pub struct Egress {
    upstream: Upstream,
    /// None for a component that may call nobody.
    allowed: Arc<[Origin]>,
    /// The request for which the next call is made; see `wasi/http.rs`.
    caller: Option<Arc<RequestContext>>,
}

impl Egress {
    /// A way to `allowed` and to nowhere else.
    pub fn new(upstream: Upstream, allowed: Arc<[Origin]>) -> Self {
        Self {
            upstream,
            allowed,
            caller: None,
        }
    }

    /// Notes for whom the next call is made.
    pub fn set_caller(&mut self, caller: Option<Arc<RequestContext>>) {
        self.caller = caller;
    }
}

impl WasiHttpHooks for Egress {
    fn set_host_header(&mut self) -> bool {
        // The client sets it for HTTP/1.1; HTTP/2 has `:authority`.
        false
    }

    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _processed: Transmission,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        let caller = self.caller.take();
        let allowed = self
            .allowed
            .iter()
            .any(|origin| origin.allows(request.uri()));
        let upstream = self.upstream.clone();
        Box::new(async move {
            if !allowed {
                // The path may be long and the query may hold anything: log the host only.
                tracing::warn!(
                    host = request.uri().host(),
                    "component called a host it may not call"
                );
                return Err(Error::HttpRequestDenied);
            }
            let stop = caller.map_or_else(CancellationToken::new, |caller| {
                caller.client_gone().clone()
            });
            let response = upstream.call(request, options, stop).await?;
            let transmission: Transmission = Box::new(std::future::ready(Ok(())));
            Ok((response.map(|body| body.boxed_unsync()), transmission))
        })
    }
}
