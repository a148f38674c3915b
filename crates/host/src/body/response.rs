//! A response body that never looks complete when it is not.
//!
//! wasmtime closes the bodies of a trapped instance as if they had ended. Here such an end becomes an error,
//! which makes the connection abort. Also knows when the client has everything, or left.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use tokio::sync::OwnedSemaphorePermit;
use wasmtime_wasi_http::WasiBody;

use crate::cancel::Client;
use crate::connection::ActiveRequest;
use crate::instance::crowd::Running;

/// Why a response body was cut.
#[derive(Debug, thiserror::Error)]
pub enum Cut {
    /// The instance that wrote it ended by a trap.
    #[error("the instance ended before its response")]
    Broken,
    /// The component or the upstream ended it with an error.
    #[error("the response body failed: {0}")]
    Failed(#[from] wasmtime_wasi_http::Error),
}

/// What a running request holds until its response is delivered.
#[derive(Debug)]
pub struct Held {
    /// Who waits for it.
    pub client: Client,
    /// Its place among all requests in flight.
    pub permit: OwnedSemaphorePermit,
    /// Its place on the connection.
    pub active: ActiveRequest,
    /// Its place in an instance.
    pub running: Running,
}

/// A response body, from a component or from the host itself.
#[derive(Debug)]
pub struct ResponseBody {
    source: Source,
    held: Option<Held>,
    /// Why the body ends, told one turn later, so that what came before it is sent first.
    cut: Option<Cut>,
}

#[derive(Debug)]
enum Source {
    Host(Full<Bytes>),
    Guest(WasiBody),
}

impl ResponseBody {
    /// The body of a response that the host made.
    pub fn host(body: Full<Bytes>, held: Option<Held>) -> Self {
        Self {
            source: Source::Host(body),
            held,
            cut: None,
        }
    }

    /// The body of a response that a component made.
    pub fn guest(body: WasiBody, held: Held) -> Self {
        Self {
            source: Source::Guest(body),
            held: Some(held),
            cut: None,
        }
    }

    fn is_broken(&self) -> bool {
        self.held
            .as_ref()
            .is_some_and(|held| held.client.request().is_broken())
    }

    /// Ends the body with `cut` at the next turn. An error at once would make the server drop the connection
    /// with what it has not written yet, such as the event that tells the client of the error.
    fn cut_next(
        &mut self,
        cut: Cut,
        context: &Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(held) = &self.held {
            tracing::warn!(request = %held.client.request().id(), %cut, "response cut");
        }
        self.cut = Some(cut);
        context.waker().wake_by_ref();
        Poll::Pending
    }

    /// Lets go of everything at the end of the body.
    fn deliver(&mut self) {
        if let Some(held) = self.held.take() {
            held.client.delivered();
        }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let this = self.get_mut();
        if let Some(cut) = this.cut.take() {
            return Poll::Ready(Some(Err(cut)));
        }
        let polled = match &mut this.source {
            Source::Host(body) => Pin::new(body)
                .poll_frame(context)
                .map(|frame| frame.map(|frame| frame.map_err(|never| match never {}))),
            Source::Guest(body) => Pin::new(body)
                .poll_frame(context)
                .map(|frame| frame.map(|frame| frame.map_err(Cut::Failed))),
        };
        match polled {
            Poll::Ready(None) if matches!(this.source, Source::Guest(_)) && this.is_broken() => {
                this.cut_next(Cut::Broken, context)
            }
            Poll::Ready(None) => {
                this.deliver();
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(cut))) => this.cut_next(cut, context),
            other => other,
        }
    }

    fn is_end_stream(&self) -> bool {
        if self.cut.is_some() {
            return false;
        }
        match &self.source {
            Source::Host(body) => body.is_end_stream(),
            Source::Guest(body) => body.is_end_stream() && !self.is_broken(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Host(body) => body.size_hint(),
            Source::Guest(body) => body.size_hint(),
        }
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        // The server stops asking once `Content-Length` bytes are out, without waiting for the end.
        if self.is_end_stream() {
            self.deliver();
        }
    }
}
