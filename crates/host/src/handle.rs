//! One request: admitted, bounded, routed, answered.
//!
//! Decides nothing about the API; everything but the host's own errors comes from a component.

use std::sync::Arc;

use http::header::{EXPECT, HOST};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderValue, Request, Response, Uri, Version};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::sync::Semaphore;
use wasmtime_wasi_http::handler::{ExpirationError, InstantiationError, ProxyHandler};
use wasmtime_wasi_http::{Error, WasiBody};

use crate::body::request::{Refusal, RequestBody, discard};
use crate::body::response::{Held, ResponseBody};
use crate::cancel::{Client, RequestContext, RequestId};
use crate::connection::ActiveRequest;
use crate::errors::{HostError, REQUEST_ID, X_REQUEST_ID};
use crate::instance::{Nursery, Ticket};
use crate::limits::ClientLimits;
use crate::manifest::{Part, Routes};

/// What all requests of a thread share.
pub struct Handler {
    /// Which path goes where.
    pub routes: Arc<Routes>,
    /// Instances of the gateway.
    pub gateway: ProxyHandler<Nursery>,
    /// Instances of the admin component.
    pub admin: ProxyHandler<Nursery>,
    /// Places for requests of the whole process.
    pub places: Arc<Semaphore>,
    /// Bounds on requests.
    pub limits: ClientLimits,
    /// Tells runs of the process apart in request ids.
    pub epoch: u32,
}

impl Handler {
    /// Answers one request, always.
    pub async fn answer(
        &self,
        request: Request<Incoming>,
        active: ActiveRequest,
    ) -> Response<ResponseBody> {
        let id = RequestId::next(self.epoch);
        let http1 = request.version() < Version::HTTP_2;
        let refuse = |error: HostError| {
            tracing::debug!(request = %id, status = error.status().as_u16(), "refused");
            error
                .response(&id, http1)
                .map(|body| ResponseBody::host(body, None))
        };
        let Ok(permit) = Arc::clone(&self.places).try_acquire_owned() else {
            return refuse(HostError::Overloaded);
        };
        if let Err(error) = self.check(&request) {
            // Who waits for `100 Continue` will not send the body; reading it would ask for it.
            let sends = !request.headers().contains_key(EXPECT);
            if error == HostError::BodyTooLarge && sends {
                discard(request.into_body().map_err(Error::from));
            }
            return refuse(error);
        }

        let handler = match self.routes.find(request.uri().path()) {
            Part::Gateway => &self.gateway,
            Part::Admin => &self.admin,
        };
        let context = RequestContext::new(id.clone());
        // From here on, dropping this future means that the client left.
        let client = Client::of(&context);
        let Some((waiting, running)) = handler.state().crowd().arrive().await else {
            tracing::error!(request = %id, "all instances are in use");
            return refuse(HostError::NoInstance);
        };
        let (request, refusal) = self.for_component(request);
        let ticket = Ticket {
            request: context,
            waiting,
        };
        let answered = tokio::select! {
            biased;
            response = handler.handle(ticket, request) => response.map_err(|error| diagnose(&error, &id)),
            why = refusal.refused() => Err(why),
        };
        match answered {
            Ok(mut response) => {
                name(response.headers_mut(), &id);
                let held = Held {
                    client,
                    permit,
                    active,
                    running,
                };
                response.map(|body| ResponseBody::guest(body, held))
            }
            Err(error) => refuse(error),
        }
    }

    /// What can be refused by the headers alone.
    fn check(&self, request: &Request<Incoming>) -> Result<(), HostError> {
        if !names_one_host(request.version(), request.uri(), request.headers()) {
            return Err(HostError::InvalidHost);
        }
        let path = request
            .uri()
            .path_and_query()
            .map_or(0, |path| path.as_str().len());
        if u32::try_from(path).unwrap_or(u32::MAX) > self.limits.max_url_bytes {
            return Err(HostError::UrlTooLong);
        }
        if request.body().size_hint().lower() > self.limits.max_body_bytes {
            return Err(HostError::BodyTooLarge);
        }
        Ok(())
    }

    /// The request as a component sees it: absolute URI, bounded body.
    fn for_component(&self, request: Request<Incoming>) -> (Request<WasiBody>, Refusal) {
        let (mut parts, body) = request.into_parts();
        parts.uri = absolute(&parts.uri, parts.headers.get(HOST));
        let (body, refusal) = RequestBody::new(
            body.map_err(Error::from),
            self.limits.max_body_bytes,
            self.limits.body_idle_ms,
        );
        (Request::from_parts(parts, body.boxed_unsync()), refusal)
    }
}

/// Whether all readers of the request would agree on its host (RFC 9112, 3.2): HTTP/1.1 has exactly one
/// `Host`, HTTP/1.0 at most one, HTTP/2 has it in the URI.
fn names_one_host(version: Version, uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version != Version::HTTP_11 || uri.authority().is_some(),
        (Some(host), None) => {
            // A user part is legal in a URI and never in `Host`.
            let text = host.as_bytes();
            !text.contains(&b'@') && Authority::try_from(text).is_ok()
        }
        (Some(_), Some(_)) => false,
    }
}

/// `uri` with scheme and authority, which HTTP/1.1 has in `Host` if at all. Components must not trust it: it
/// is what the client says.
fn absolute(uri: &Uri, host: Option<&HeaderValue>) -> Uri {
    let authority = uri
        .authority()
        .cloned()
        .or_else(|| Authority::try_from(host?.as_bytes()).ok())
        .unwrap_or_else(|| Authority::from_static("localhost"));
    let mut parts = http::uri::Parts::default();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(authority);
    // `OPTIONS *` has a path that an absolute URI cannot have.
    let path = uri
        .path_and_query()
        .filter(|path| path.as_str().starts_with('/'));
    parts.path_and_query = Some(
        path.cloned()
            .unwrap_or_else(|| PathAndQuery::from_static("/")),
    );
    Uri::from_parts(parts).unwrap_or_default()
}

/// Names the request in the response. The host's name replaces the component's, because it is the one that
/// the host's log has.
fn name(headers: &mut HeaderMap, id: &RequestId) {
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        // The same under the name that Anthropic's SDKs read, where the component gives it.
        if headers.contains_key(REQUEST_ID) {
            headers.insert(REQUEST_ID, id.clone());
        }
        headers.insert(X_REQUEST_ID, id);
    }
}

/// What the client is told when no response came; what the operator should know is logged.
fn diagnose(error: &wasmtime::Error, id: &RequestId) -> HostError {
    if error.is::<InstantiationError<Ticket>>() {
        tracing::error!(request = %id, error = format!("{error:#}"), "no instance");
        HostError::NoInstance
    } else if error.is::<ExpirationError>() {
        tracing::warn!(request = %id, "no response in time");
        HostError::Timeout
    } else if let Some(code) =
        error.downcast_ref::<wasmtime_wasi_http::p3::bindings::http::types::ErrorCode>()
    {
        tracing::warn!(request = %id, ?code, "component failed");
        HostError::ComponentFailed
    } else {
        // The instance's end, logged where it happened, took the request with it.
        tracing::warn!(request = %id, error = format!("{error:#}"), "request failed");
        HostError::Trapped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_exactly_one_host() {
        for (version, uri, hosts, expected) in [
            (Version::HTTP_11, "/", ["pool"].as_slice(), true),
            (Version::HTTP_11, "/", &["pool.example:80"], true),
            (Version::HTTP_11, "/", &["[::1]:80"], true),
            (Version::HTTP_11, "/", &[], false),
            (Version::HTTP_11, "/", &["pool", "other"], false),
            (Version::HTTP_11, "/", &["pool", "pool"], false),
            (Version::HTTP_11, "/", &["pool/#@other"], false),
            (Version::HTTP_11, "/", &["user@pool"], false),
            (Version::HTTP_11, "/", &["pool?x"], false),
            (Version::HTTP_11, "/", &[""], false),
            (Version::HTTP_11, "http://pool/", &[], true),
            (Version::HTTP_10, "/", &[], true),
            (Version::HTTP_2, "http://pool/", &[], true),
        ] {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(HOST, HeaderValue::from_static(host));
            }
            let uri = uri.parse().unwrap();
            assert_eq!(
                names_one_host(version, &uri, &headers),
                expected,
                "{hosts:?}"
            );
        }
    }

    #[test]
    fn component_sees_an_absolute_uri() {
        let cases = [
            (
                "/v1/models?x=1",
                Some("pool.example:80"),
                "http://pool.example:80/v1/models?x=1",
            ),
            ("/v1/models", None, "http://localhost/v1/models"),
            ("/", Some("bad host"), "http://localhost/"),
            ("*", Some("a"), "http://a/"),
            ("http://b/x", Some("a"), "http://b/x"),
        ];
        for (uri, host, expected) in cases {
            let host = host.map(|host| HeaderValue::from_str(host).unwrap());
            assert_eq!(
                absolute(&uri.parse().unwrap(), host.as_ref()),
                expected,
                "{uri}"
            );
        }
    }
}
