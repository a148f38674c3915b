//! A client that sees what a socket sees: bytes, and whether they end with FIN or RST.
//!
//! It reads one response per connection and checks nothing.

use std::io::ErrorKind;
use std::time::Duration;

use gemini_sim::Sim;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long a test waits for what must happen at once, on a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A model of the default list.
pub(crate) const MODEL: &str = "gemini-2.5-flash";

pub(crate) const UNARY: &str = "/v1beta/models/gemini-2.5-flash:generateContent";
pub(crate) const EVENTS: &str = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
pub(crate) const ARRAY: &str = "/v1beta/models/gemini-2.5-flash:streamGenerateContent";

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Fin,
    Reset,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// Without chunk framing.
    pub(crate) body: String,
    /// Whether the framing says that the body is whole.
    pub(crate) is_whole: bool,
    pub(crate) end: End,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The JSON of each event.
    pub(crate) fn events(&self) -> Vec<Value> {
        let events = self
            .body
            .split("\r\n\r\n")
            .filter(|event| !event.is_empty());
        events
            .map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap())
            .collect()
    }
}

/// A request that every method of a generating model takes.
pub(crate) fn prompt(text: &str) -> Value {
    json!({"contents": [{"role": "user", "parts": [{"text": text}]}]})
}

/// Writes a request on a connection of its own.
pub(crate) async fn open(
    sim: &Sim,
    method: &str,
    target: &str,
    headers: &str,
    body: &[u8],
) -> TcpStream {
    let mut stream = TcpStream::connect(sim.addr()).await.unwrap();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: sim\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    stream
}

/// As [`open`], a POST with the key `k`.
pub(crate) async fn open_post(sim: &Sim, target: &str, body: &Value) -> TcpStream {
    let body = body.to_string();
    open(
        sim,
        "POST",
        target,
        "x-goog-api-key: k\r\n",
        body.as_bytes(),
    )
    .await
}

/// All bytes up to the end of the connection.
pub(crate) async fn read_to_end(mut stream: TcpStream) -> (Vec<u8>, End) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    let reading = async {
        loop {
            match stream.read(&mut buffer).await {
                Ok(0) => return End::Fin,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return End::Reset,
                Err(error) => panic!("unexpected end of a connection: {error}"),
            }
        }
    };
    let end = tokio::time::timeout(PATIENCE, reading).await;
    (bytes, end.expect("the connection ends"))
}

/// Bytes until the response contains `text`.
pub(crate) async fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut bytes = Vec::new();
    let reading = async {
        while !String::from_utf8_lossy(&bytes).contains(text) {
            let mut byte = [0];
            stream.read_exact(&mut byte).await.unwrap();
            bytes.push(byte[0]);
        }
    };
    tokio::time::timeout(PATIENCE, reading)
        .await
        .expect("the text comes");
    String::from_utf8(bytes).unwrap()
}

pub(crate) async fn request(
    sim: &Sim,
    method: &str,
    target: &str,
    headers: &str,
    body: &[u8],
) -> Response {
    let (bytes, end) = read_to_end(open(sim, method, target, headers, body).await).await;
    parse(&bytes, end)
}

pub(crate) async fn post(sim: &Sim, target: &str, body: &Value) -> Response {
    let (bytes, end) = read_to_end(open_post(sim, target, body).await).await;
    parse(&bytes, end)
}

pub(crate) async fn get(sim: &Sim, target: &str) -> Response {
    request(sim, "GET", target, "x-goog-api-key: k\r\n", b"").await
}

pub(crate) fn parse(bytes: &[u8], end: End) -> Response {
    let text = String::from_utf8_lossy(bytes);
    let (head, rest) = text.split_once("\r\n\r\n").expect("a response head");
    let mut lines = head.lines();
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers: Vec<_> = lines
        .map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_lowercase(), value.to_owned())
        })
        .collect();
    let named = |name: &str| headers.iter().find(|(header, _)| header == name);
    let (body, is_whole) = match named("content-length") {
        Some((_, length)) => (
            rest.to_owned(),
            rest.len() == length.parse::<usize>().unwrap(),
        ),
        None => unchunk(rest),
    };
    Response {
        status,
        body,
        is_whole,
        end,
        headers: headers.clone(),
    }
}

/// The data of chunks, and whether the last one came.
fn unchunk(mut rest: &str) -> (String, bool) {
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return (body, true);
        }
        body.push_str(&after[..size.min(after.len())]);
        rest = after.get(size + 2..).unwrap_or_default();
    }
    (body, false)
}
