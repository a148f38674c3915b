//! Bodies as the host's byte streams: reading one in pieces, writing one that may fail.
//!
//! Knows nothing of HTTP heads and buffers nothing but the piece at hand. A body that breaks off is told as
//! an error in both directions, never as an end.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use futures::Stream;
use futures::stream::unfold;
use gempool_relay::Body;
use http_body::Body as _;
use spin_sdk::wasip3::http::types::{ErrorCode, Trailers};
use spin_sdk::wasip3::wit_bindgen::{
    FutureReader, FutureWriter, StreamReader, StreamResult, StreamWriter,
};
use spin_sdk::wasip3::{wit_future, wit_stream};

/// Room for one piece, in bytes. Hosts hand over what they have, and a socket read seldom has more.
const PIECE_BYTES: usize = 16 * 1024;

/// How a body ended.
type Ending = Result<Option<Trailers>, ErrorCode>;

/// Pieces of a body as they arrive; an `Err` is the last item.
pub(super) type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, ErrorCode>>>>;

/// A message whose body can be taken out.
pub(super) trait Consume: Sized + 'static {
    /// `consume-body` of the message's resource.
    fn consume(
        self,
        received: FutureReader<Result<(), ErrorCode>>,
    ) -> (StreamReader<u8>, FutureReader<Ending>);
}

struct Reading {
    bytes: StreamReader<u8>,
    ending: FutureReader<Ending>,
    /// Dropping it tells the sender that the body was received.
    _received: FutureWriter<Result<(), ErrorCode>>,
    /// Bytes still to come, if the head said how many there are.
    left: Option<u64>,
}

enum State<M> {
    Unread(M),
    Reading(Reading),
    Ended,
}

/// The body of `message`, of `length` bytes if its head says so. The host is asked for it at the first poll, so
/// a body that nobody reads costs nothing; and it is not asked again once the last byte is in, because each
/// question costs as much as the work on a whole small message.
pub(super) fn read<M: Consume>(message: M, length: Option<u64>) -> Pieces {
    Box::pin(unfold(State::Unread(message), move |state| async move {
        let mut reading = match state {
            State::Unread(_) if length == Some(0) => return None,
            State::Unread(message) => {
                let (received, reader) = wit_future::new(|| Ok(()));
                let (bytes, ending) = message.consume(reader);
                Reading {
                    bytes,
                    ending,
                    _received: received,
                    left: length,
                }
            }
            State::Reading(reading) => reading,
            State::Ended => return None,
        };
        let (result, piece) = reading.bytes.read(Vec::with_capacity(PIECE_BYTES)).await;
        match result {
            StreamResult::Complete(_) => {
                let came = u64::try_from(piece.len()).unwrap_or(u64::MAX);
                reading.left = reading.left.map(|left| left.saturating_sub(came));
                let next = if reading.left == Some(0) {
                    State::Ended
                } else {
                    State::Reading(reading)
                };
                Some((Ok(Bytes::from(piece)), next))
            }
            // Trailers are nobody's business; an error in their place is.
            StreamResult::Dropped | StreamResult::Cancelled => match reading.ending.await {
                Ok(_) => None,
                Err(error) => Some((Err(error), State::Ended)),
            },
        }
    }))
}

/// The length that a head announces; `None` when it announces none, or nonsense, and the end must be seen.
pub(super) fn announced(length: Option<&[u8]>) -> Option<u64> {
    std::str::from_utf8(length?).ok()?.parse().ok()
}

/// The reading end of a body, for the message that it belongs to, and the task that writes it.
pub(super) fn write(
    body: Body,
) -> (
    StreamReader<u8>,
    FutureReader<Ending>,
    impl Future<Output = ()> + 'static,
) {
    let (writer, bytes) = wit_stream::new();
    let (ending, ended) = wit_future::new(|| Err(broken("the body was given up".to_owned())));
    (bytes, ended, pump(body, writer, ending))
}

async fn pump(mut body: Body, mut writer: StreamWriter<u8>, ending: FutureWriter<Ending>) {
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let piece = match frame {
            Ok(frame) => frame.into_data().unwrap_or_default(),
            Err(error) => {
                // Whoever reads must not take this for the end. If nobody does any more, that is fine.
                let _ = ending.write(Err(broken(error.to_string()))).await;
                return;
            }
        };
        if !writer.write_all(piece.into()).await.is_empty() {
            // The reader left; dropping the body ends what feeds it.
            return;
        }
    }
    drop(writer);
    let _ = ending.write(Ok(None)).await;
}

fn broken(reason: String) -> ErrorCode {
    ErrorCode::InternalError(Some(reason))
}
