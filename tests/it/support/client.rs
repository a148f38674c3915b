//! A plain HTTP/1.1 client: one connection per request, closed exactly when the test drops it.
//!
//! It follows, retries and decompresses nothing. Every answer is searched for keys.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::patience::patiently;
use super::secrets::{CLIENT_KEYS, Canaries};
use super::transcript::{End, EventStream, Transcript};

/// Most bytes of one answer; the longest here is an image of a few hundred KiB.
const ANSWER_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// Talks to one product, with a client key unless told otherwise.
#[derive(Clone)]
pub(crate) struct Client {
    addr: SocketAddr,
    authorization: Option<String>,
}

impl Client {
    /// A client that sends the first client key as bearer.
    pub(crate) fn new(addr: SocketAddr) -> Self {
        Self {
            addr,
            authorization: Some(format!("Bearer {}", CLIENT_KEYS[0])),
        }
    }

    /// The same without any credential.
    pub(crate) fn anonymous(&self) -> Self {
        Self {
            addr: self.addr,
            authorization: None,
        }
    }

    /// The same with another key.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self {
            addr: self.addr,
            authorization: Some(format!("Bearer {key}")),
        }
    }

    /// Begins a request.
    pub(crate) fn request(&self, method: Method, path: &str) -> Call {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(http::header::HOST, self.addr.to_string());
        if let Some(authorization) = &self.authorization {
            request = request.header(http::header::AUTHORIZATION, authorization);
        }
        Call {
            addr: self.addr,
            request,
            body: Bytes::new(),
        }
    }

    /// `GET path`, read to its end.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).answer().await
    }

    /// `POST path` with JSON, read to its end.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::POST, path).json(body).answer().await
    }

    /// A chat completion that is not streamed.
    pub(crate) async fn chat(&self, body: &Value) -> Answer {
        self.post(CHAT, body).await
    }

    /// A streamed chat completion, its head received.
    pub(crate) async fn open_stream(&self, body: &Value) -> EventStream {
        let response = self.request(Method::POST, CHAT).json(body).send().await;
        let status = response.status;
        if status != StatusCode::OK {
            let answer = response.answer().await;
            panic!("a stream was expected, not {status}: {}", answer.text());
        }
        EventStream::new(response)
    }

    /// A streamed chat completion, read to its end.
    pub(crate) async fn stream(&self, body: &Value) -> Transcript {
        self.open_stream(body).await.read_to_end().await
    }
}

/// Path of the route most tests use.
pub(crate) const CHAT: &str = "/v1/chat/completions";

/// A request being made.
pub(crate) struct Call {
    addr: SocketAddr,
    request: http::request::Builder,
    body: Bytes,
}

impl Call {
    /// Adds a header (also a second one of the same name).
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Sets a body of JSON.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    /// Sets the bytes of the body.
    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it and waits for the response's head.
    pub(crate) async fn send(self) -> Response {
        let request = self
            .request
            .body(Full::new(self.body))
            .expect("a valid request");
        let what = format!("the head of {} {}", request.method(), request.uri());
        patiently(&what, async {
            let socket = TcpStream::connect(self.addr).await.expect("connect");
            socket.set_nodelay(true).expect("TCP_NODELAY");
            let (mut sender, connection) = http1::handshake(TokioIo::new(socket))
                .await
                .expect("handshake");
            // The task owns the socket; ending it closes the connection.
            let connection = Connection(tokio::spawn(async move {
                // How it ended is seen by whoever reads the body.
                let _ = connection.await;
            }));
            let response = sender
                .send_request(request)
                .await
                .unwrap_or_else(|error| panic!("no response: {error}"));
            let (head, body) = response.into_parts();
            Canaries::keys().assert_absent(
                "a response header",
                format!("{:?}", head.headers).as_bytes(),
            );
            Response {
                status: head.status,
                headers: head.headers,
                body,
                _sender: sender,
                _connection: connection,
            }
        })
        .await
    }

    /// Sends it and reads the whole answer.
    pub(crate) async fn answer(self) -> Answer {
        self.send().await.answer().await
    }
}

/// Closes its connection when dropped.
struct Connection(JoinHandle<()>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A response whose body is still under way. Dropping it is a client that hangs up.
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Incoming,
    _sender: http1::SendRequest<Full<Bytes>>,
    _connection: Connection,
}

impl Response {
    /// The next bytes, or how the body ended.
    pub(crate) async fn next(&mut self) -> Result<Bytes, End> {
        match patiently("more of the response body", self.body.frame()).await {
            None => Err(End::Clean),
            Some(Err(error)) => Err(End::Broken(error.to_string())),
            Some(Ok(frame)) => Ok(frame
                .into_data()
                .unwrap_or_else(|frame| panic!("trailers reached the client: {frame:?}"))),
        }
    }

    /// Reads the rest, which must end cleanly.
    pub(crate) async fn answer(mut self) -> Answer {
        let mut body = Vec::new();
        loop {
            match self.next().await {
                Ok(data) => body.extend_from_slice(&data),
                Err(End::Clean) => break,
                Err(End::Broken(error)) => panic!("the answer broke off: {error}"),
            }
            assert!(body.len() <= ANSWER_LIMIT_BYTES, "an endless answer");
        }
        Canaries::keys().assert_absent("a response body", &body);
        Answer {
            status: self.status,
            headers: self.headers,
            body,
        }
    }
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value, or `""`.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("an ASCII header"))
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!(
                "{} answered no JSON ({error}): {}",
                self.status,
                self.text()
            )
        })
    }

    /// The body of a success.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        self.json()
    }

    /// The `error` object of a failure with this status, checked to be in OpenAI's shape.
    pub(crate) fn error(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert!(
            self.header("content-type").starts_with("application/json"),
            "an error is JSON, not `{}`",
            self.header("content-type")
        );
        let body = self.json();
        assert_openai_error(&body);
        body["error"].clone()
    }
}

/// Checks `{"error":{"message","type","param","code"}}` (reference: OpenAI's API, error object).
pub(crate) fn assert_openai_error(body: &Value) {
    let error = body["error"]
        .as_object()
        .unwrap_or_else(|| panic!("not an error object: {body}"));
    for field in ["message", "type"] {
        let text = error.get(field).and_then(Value::as_str).unwrap_or_default();
        assert!(!text.is_empty(), "`error.{field}` is missing: {body}");
    }
    for field in ["param", "code"] {
        let value = error
            .get(field)
            .unwrap_or_else(|| panic!("`error.{field}` is missing: {body}"));
        assert!(
            value.is_null() || value.is_string(),
            "`error.{field}`: {body}"
        );
    }
}
