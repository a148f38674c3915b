//! Begins a stream before Gemini does, when Gemini takes long.
//!
//! A model may think for minutes before its first word; what lies between it and the client (proxies,
//! SDK time-outs) takes such a silence for death. So after a while the headers go out and heartbeats
//! follow. Keys are still tried in turn meanwhile; only the status can no longer tell of a failure,
//! which then ends the stream as an error event.

use std::rc::Rc;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::{Either, LocalBoxFuture, select};
use futures::stream::unfold;

use super::asked::Asked;
use crate::body::{Body, BodyError};
use crate::failure::Failure;

/// Work that opens a stream.
type Work = LocalBoxFuture<'static, Result<Body, Failure>>;

/// What comes next of a stream that was begun early.
enum State {
    Waiting(Work),
    Opened(Body),
    Failed(String),
    Ended,
}

/// The stream that `work` opens, or one that waits for it with heartbeats.
///
/// # Errors
/// What `work` fails with while nothing was sent.
pub(super) async fn begin(asked: &Rc<Asked>, work: Work) -> Result<Body, Failure> {
    let gateway = &asked.gateway;
    let first = gateway.host.sleep(gateway.settings.first_heartbeat);
    match select(work, first).await {
        Either::Left((opened, _)) => opened,
        Either::Right(((), work)) => {
            let asked = Rc::clone(asked);
            let state = (asked, State::Waiting(work), true);
            Ok(Body::Stream(Box::pin(unfold(state, step))))
        }
    }
}

type Item = Result<Bytes, BodyError>;

async fn step(
    (asked, state, beat_now): (Rc<Asked>, State, bool),
) -> Option<(Item, (Rc<Asked>, State, bool))> {
    let (item, next) = match state {
        State::Waiting(work) if beat_now => (Ok(heartbeat(&asked)), State::Waiting(work)),
        State::Waiting(work) => {
            let pause = asked.gateway.host.sleep(asked.gateway.settings.heartbeat);
            match select(work, pause).await {
                Either::Right(((), work)) => (Ok(heartbeat(&asked)), State::Waiting(work)),
                Either::Left((Err(failure), _)) => {
                    let error = failure.to_error();
                    let mut event = Vec::new();
                    if let Ok(mut translator) = asked.translator() {
                        translator.fail(&error, &mut event);
                    }
                    (Ok(event.into()), State::Failed(error.message))
                }
                Either::Left((Ok(body), _)) => opened(body).await?,
            }
        }
        State::Opened(body) => opened(body).await?,
        // The event is out; the transport must break, so that nobody takes this for an end.
        State::Failed(reason) => (Err(BodyError(reason)), State::Ended),
        State::Ended => return None,
    };
    Some((item, (asked, next, false)))
}

async fn opened(mut body: Body) -> Option<(Item, State)> {
    let item = match &mut body {
        Body::Full(bytes) => bytes.take().map(Ok),
        Body::Stream(stream) => stream.next().await,
    };
    item.map(|item| (item, State::Opened(body)))
}

fn heartbeat(asked: &Asked) -> Bytes {
    let beat = asked.translator().map(|translator| translator.heartbeat());
    Bytes::from_static(beat.unwrap_or_default())
}
