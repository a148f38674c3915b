//! A TCP connection that an answer can break: reset or closed, at a point it chooses.
//!
//! It knows nothing of HTTP. Breaking waits until what was written before has left the process, so
//! that "after n bytes" means what it says.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use futures::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How a connection is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// RST: the peer reads an error.
    Reset,
    /// FIN: the peer reads an end, wherever it is.
    Close,
}

const WHOLE: u8 = 0;
const RESET: u8 = 1;
const CLOSE: u8 = 2;

/// Breaks one connection, from inside an answer that travels on it.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    state: AtomicU8,
    connection: AtomicWaker,
}

impl Breaker {
    /// Breaks the connection once what is buffered for it has been written.
    pub(crate) fn trip(&self, how: Break) {
        let state = match how {
            Break::Reset => RESET,
            Break::Close => CLOSE,
        };
        self.state.store(state, Ordering::Release);
        self.connection.wake();
    }

    fn is_tripped(&self) -> bool {
        self.state.load(Ordering::Acquire) != WHOLE
    }

    fn is_reset(&self) -> bool {
        self.state.load(Ordering::Acquire) == RESET
    }
}

/// The stream of a connection with its breaker.
#[derive(Debug)]
pub(crate) struct BreakableStream {
    stream: TcpStream,
    breaker: Arc<Breaker>,
}

impl BreakableStream {
    pub(crate) fn new(stream: TcpStream, breaker: Arc<Breaker>) -> Self {
        Self { stream, breaker }
    }
}

impl Drop for BreakableStream {
    fn drop(&mut self) {
        if self.breaker.is_reset() {
            // With no time to linger the kernel answers the close with RST instead of FIN. If it
            // refuses, the peer is gone already.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for BreakableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // HTTP always has a read pending, so this is where the breaker finds the connection.
        self.breaker.connection.register(context.waker());
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for BreakableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // hyper flushes the stream only after it has written all it holds.
        if self.breaker.is_tripped() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A shutdown would send FIN before the reset.
        if self.breaker.is_reset() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
