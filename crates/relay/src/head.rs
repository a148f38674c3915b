//! Waiting for upstream bytes with a bound on every wait.
//!
//! One timer serves many chunks: a timer per chunk would cost a host call each. It knows nothing of
//! what the bytes mean.

use std::future::Future;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use futures::future::{Either, LocalBoxFuture, select};

use crate::fault::Fault;
use crate::ports::{ByteStream, Clock};

/// Largest unary answer that is held, in bytes. Gemini's largest are images in base64 with signatures
/// over a megabyte each (reference N8); 64 MiB leaves room for several and bounds an instance's memory.
pub(crate) const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A wait that ends at a fixed time, however many things are awaited under it.
pub(crate) struct Patience {
    timer: LocalBoxFuture<'static, ()>,
    waited_for: &'static str,
    waited: Duration,
}

impl Patience {
    /// Starts to run now. `waited_for` completes "no … from Gemini within".
    pub(crate) fn start(
        clock: &(impl Clock + ?Sized),
        waited: Duration,
        waited_for: &'static str,
    ) -> Self {
        Self {
            timer: clock.sleep(waited),
            waited_for,
            waited,
        }
    }

    /// `future`'s output, unless patience ends first.
    pub(crate) async fn wait<T>(
        &mut self,
        future: impl Future<Output = T> + Unpin,
    ) -> Result<T, Fault> {
        match select(future, &mut self.timer).await {
            Either::Left((output, _)) => Ok(output),
            Either::Right(((), _)) => Err(Fault::Late {
                waited_for: self.waited_for,
                waited: self.waited,
            }),
        }
    }
}

/// Reads a whole body of at most `limit_bytes`.
pub(crate) async fn read_whole(
    body: &mut ByteStream,
    limit_bytes: usize,
    patience: &mut Patience,
) -> Result<Bytes, Fault> {
    let mut whole = BytesMut::new();
    let mut first: Option<Bytes> = None;
    while let Some(chunk) = patience.wait(body.next()).await? {
        let chunk = chunk.map_err(Fault::Unreachable)?;
        let held = whole
            .len()
            .saturating_add(first.as_ref().map_or(0, Bytes::len));
        if held.saturating_add(chunk.len()) > limit_bytes {
            return Err(Fault::TooLarge { limit_bytes });
        }
        // Most answers come in one piece: then nothing is copied.
        match first.take() {
            None if whole.is_empty() => first = Some(chunk),
            earlier => {
                if let Some(earlier) = earlier {
                    whole.extend_from_slice(&earlier);
                }
                whole.extend_from_slice(&chunk);
            }
        }
    }
    Ok(first.unwrap_or_else(|| whole.freeze()))
}
