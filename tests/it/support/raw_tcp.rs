//! A bare connection for bytes that no HTTP client would send.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::patience::patiently;

/// Most bytes read from one connection; every answer in these tests is a small error.
const ANSWER_LIMIT_BYTES: usize = 1024 * 1024;

/// One TCP connection to the product.
pub(crate) struct RawConnection {
    stream: TcpStream,
    seen: Vec<u8>,
}

impl RawConnection {
    /// Connects.
    pub(crate) async fn open(addr: SocketAddr) -> Self {
        let stream = patiently("a TCP connection", TcpStream::connect(addr))
            .await
            .expect("connect");
        stream.set_nodelay(true).expect("TCP_NODELAY");
        Self {
            stream,
            seen: Vec::new(),
        }
    }

    /// Sends `bytes`; a peer that has already closed is not an error here, the answer tells.
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = patiently("the peer to read", self.stream.write_all(bytes.as_ref())).await;
    }

    /// Reads until the peer closes (or resets), and returns all it sent.
    pub(crate) async fn read_to_close(&mut self) -> String {
        patiently("the peer to close the connection", async {
            while self.read_some().await {}
        })
        .await;
        String::from_utf8_lossy(&self.seen).into_owned()
    }

    /// Reads until `text` is among the bytes seen; fails if the peer closes before.
    pub(crate) async fn read_until(&mut self, text: &str) -> String {
        patiently(text, async {
            loop {
                let seen = String::from_utf8_lossy(&self.seen).into_owned();
                if seen.contains(text) {
                    return seen;
                }
                assert!(
                    self.read_some().await,
                    "closed before `{text}`, after: {seen}"
                );
            }
        })
        .await
    }

    /// The statuses of all responses seen so far, in order.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        String::from_utf8_lossy(&self.seen)
            .split("HTTP/1.")
            .skip(1)
            .filter_map(|rest| rest.get(2..5)?.parse().ok())
            .collect()
    }

    async fn read_some(&mut self) -> bool {
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer).await {
            Ok(count @ 1..) => {
                self.seen.extend_from_slice(&buffer[..count]);
                assert!(self.seen.len() <= ANSWER_LIMIT_BYTES, "an endless answer");
                true
            }
            Ok(0) | Err(_) => false,
        }
    }
}
