//! The requests of a run and how a complete answer to each is known.

use std::net::SocketAddr;

use anyhow::Result;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use serde::Serialize;
use serde_json::json;

/// A model that the simulator has.
const MODEL: &str = "gemini-2.5-flash";

/// Upstream keys, of which the simulator takes any.
pub(crate) const UPSTREAM_KEYS: &str =
    "bench-upstream-key-1,bench-upstream-key-2,bench-upstream-key-3";

/// The key that clients of gempool use.
pub(crate) const CLIENT_KEY: &str = "sk-pool-bench";

const SYSTEM: &str = "You are a zoologist who writes for curious adults. Be exact and short.";
const QUESTION: &str =
    "Why do antelopes run in zigzags when something chases them, and does it help?";

/// How an answer comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// In one piece.
    Unary,
    /// As events.
    Stream,
}

/// Which API is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// What the simulator speaks, and the proxy passes on.
    Gemini,
    /// What clients of gempool speak.
    OpenAi,
}

/// A request, ready to be sent many times.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) address: SocketAddr,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// What a complete answer contains.
    pub(crate) proof: &'static [u8],
}

/// The same question in the dialect of a target.
pub(crate) fn prepare(address: SocketAddr, dialect: Dialect, mode: Mode) -> Result<Prepared> {
    let (path, body) = match dialect {
        Dialect::Gemini => {
            let method = match mode {
                Mode::Unary => "generateContent",
                Mode::Stream => "streamGenerateContent?alt=sse",
            };
            let body = json!({
                "systemInstruction": {"parts": [{"text": SYSTEM}]},
                "contents": [{"role": "user", "parts": [{"text": QUESTION}]}],
                "generationConfig": {"temperature": 0.5, "maxOutputTokens": 500}
            });
            (format!("/v1beta/models/{MODEL}:{method}"), body)
        }
        Dialect::OpenAi => {
            let body = json!({
                "model": MODEL,
                "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}],
                "temperature": 0.5,
                "max_tokens": 500,
                "stream": mode == Mode::Stream
            });
            ("/v1/chat/completions".to_owned(), body)
        }
    };
    let mut headers = HeaderMap::new();
    headers.insert(HOST, address.to_string().parse()?);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    match dialect {
        Dialect::Gemini => {
            let name = HeaderName::from_static("x-goog-api-key");
            headers.insert(name, HeaderValue::from_static("bench-upstream-key-1"));
        }
        Dialect::OpenAi => {
            headers.insert(AUTHORIZATION, format!("Bearer {CLIENT_KEY}").parse()?);
        }
    }
    let proof: &[u8] = match (dialect, mode) {
        (Dialect::Gemini, _) => b"\"finishReason\": \"STOP\"",
        (Dialect::OpenAi, Mode::Unary) => b"\"finish_reason\":\"stop\"",
        (Dialect::OpenAi, Mode::Stream) => b"data: [DONE]",
    };
    Ok(Prepared {
        address,
        method: Method::POST,
        uri: path.parse()?,
        headers,
        body: Bytes::from(body.to_string()),
        proof,
    })
}

impl Prepared {
    /// The same for a client of gempool with another key.
    pub(crate) fn with_client_key(mut self, key: &str) -> Result<Self> {
        let value = format!("Bearer {key}").parse()?;
        self.headers.insert(AUTHORIZATION, value);
        Ok(self)
    }
}
