//! The use case of nearly every endpoint: a client's request, the calls to Gemini that answer it, and
//! the answer in the client's dialect, whole or streamed.
//!
//! It knows no dialect (those are `gempool-translate`'s) and no HTTP header. `asked` is what was asked
//! for, `whole` and `stream_head` read answers until they may be sent, `early`, `stream_body` and `going_on`
//! send streams.

mod asked;
mod early;
mod going_on;
mod stream_body;
mod stream_head;
mod whole;

use std::rc::Rc;

use bytes::Bytes;
use futures::FutureExt as _;
use gempool_translate::{Exchange, InvalidRequest};
use self_cell::self_cell;

use crate::body::Body;
use crate::client::Client;
use crate::failure::Failure;
use crate::gateway::Gateway;
use asked::Asked;

/// A request that was read, borrowing from its body.
pub type Borrowed<'a> = Box<dyn Exchange + 'a>;

self_cell!(
    /// A request that was read, together with the body that it borrows from: it outlives the function
    /// that read it, because retries may go on after a stream was begun.
    pub struct OwnedExchange {
        owner: Bytes,
        #[covariant]
        dependent: Borrowed,
    }
);

impl OwnedExchange {
    /// Reads `body` with `parse`.
    ///
    /// # Errors
    /// What `parse` returns.
    pub fn read(
        body: Bytes,
        parse: impl for<'a> FnOnce(&'a [u8]) -> Result<Borrowed<'a>, InvalidRequest>,
    ) -> Result<Self, Failure> {
        Self::try_new(body, |body| parse(body)).map_err(Failure::from)
    }

    pub(crate) fn get(&self) -> &dyn Exchange {
        &**self.borrow_dependent()
    }
}

impl std::fmt::Debug for OwnedExchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OwnedExchange({} bytes)", self.borrow_owner().len())
    }
}

/// An answer.
#[derive(Debug)]
pub enum Reply {
    /// One document.
    Whole {
        /// Its `content-type`.
        content_type: &'static str,
        /// The bytes, as a body because something may be left to do after the last one.
        body: Body,
        /// How many bytes.
        length: usize,
    },
    /// Server-sent events, or another form of stream.
    Stream {
        /// Its `content-type`.
        content_type: &'static str,
        /// The events.
        body: Body,
    },
}

/// Answers a request of `client`.
///
/// # Errors
/// Whatever keeps the first byte from being sent. Later trouble ends inside the stream.
pub async fn exchange(
    gateway: &Rc<Gateway>,
    client: Client,
    request: OwnedExchange,
) -> Result<Reply, Failure> {
    let asked = Rc::new(Asked::resolve(gateway, client, request).await?);
    if !asked.streams() {
        return whole::answer(&asked).await;
    }
    let content_type = asked.stream_type();
    let work = stream_head::open(Rc::clone(&asked)).boxed_local();
    let body = early::begin(&asked, work).await?;
    Ok(Reply::Stream { content_type, body })
}
