//! One kept-alive connection, over which requests go one after the other.
//!
//! It judges no answer: whoever asks knows what a good one is.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, bail};
use bytes::Bytes;
use http::{Request, StatusCode, Version};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use memchr::memmem;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::simulator::FIRST_WORD;
use crate::stopwatch::Stopwatch;
use crate::workload::Prepared;

/// Largest answer that is kept to look for its proof, in bytes; the answers of a run have some 10 KiB.
const MAX_ANSWER_BYTES: usize = 1 << 20;

/// A connection; it ends with this.
#[derive(Debug)]
pub(crate) struct Caller {
    sender: SendRequest<Full<Bytes>>,
    connection: JoinHandle<hyper::Result<()>>,
    /// The body of the last answer.
    pub(crate) answer: Vec<u8>,
}

/// The head of an answer whose body has come, too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// When the first text of the answer was there, by the stopwatch of the call; none if it has no such text.
    pub(crate) first_text: Option<Duration>,
}

impl Caller {
    pub(crate) async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        Ok(Self {
            sender,
            connection: tokio::spawn(connection),
            answer: Vec::new(),
        })
    }

    /// Sends a request and takes the whole answer, whatever its status.
    pub(crate) async fn ask(&mut self, prepared: &Prepared, clock: Stopwatch) -> Result<Reply> {
        let mut request = Request::new(Full::new(prepared.body.clone()));
        *request.method_mut() = prepared.method.clone();
        *request.version_mut() = Version::HTTP_11;
        *request.uri_mut() = prepared.uri.clone();
        *request.headers_mut() = prepared.headers.clone();
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let mut body = response.into_body();
        let mut first_text = None;
        self.answer.clear();
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame?.into_data() {
                if self.answer.len() + data.len() > MAX_ANSWER_BYTES {
                    bail!("an answer is larger than {MAX_ANSWER_BYTES} bytes");
                }
                self.answer.extend_from_slice(&data);
                if first_text.is_none()
                    && memmem::find(&self.answer, FIRST_WORD.as_bytes()).is_some()
                {
                    first_text = Some(clock.elapsed());
                }
            }
        }
        Ok(Reply { status, first_text })
    }

    /// Whether the last answer contains what a complete one does.
    pub(crate) fn is_complete(&self, prepared: &Prepared) -> bool {
        memmem::find(&self.answer, prepared.proof).is_some()
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.connection.abort();
    }
}
