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
    Waiting(Waiting),
    Opened(Body),
    Failed(String),
    Ended,
}

/// A stream that is not open yet. Once it is, nothing here holds the request any more.
struct Waiting {
    asked: Rc<Asked>,
    work: Work,
    heartbeat: Bytes,
    /// Whether a heartbeat is due without waiting.
    due: bool,
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
            let heartbeat = asked.translator().map(|translator| translator.heartbeat());
            let state = State::Waiting(Waiting {
                asked: Rc::clone(asked),
                work,
                heartbeat: Bytes::from_static(heartbeat.unwrap_or_default()),
                due: true,
            });
            Ok(Body::Stream(Box::pin(unfold(state, step))))
        }
    }
}

type Item = Result<Bytes, BodyError>;

async fn step(state: State) -> Option<(Item, State)> {
    match state {
        State::Waiting(waiting) => wait(waiting).await,
        State::Opened(body) => opened(body).await,
        // The event is out; the transport must break, so that nobody takes this for an end.
        State::Failed(reason) => Some((Err(BodyError(reason)), State::Ended)),
        State::Ended => None,
    }
}

async fn wait(mut waiting: Waiting) -> Option<(Item, State)> {
    let heartbeat = waiting.heartbeat.clone();
    if std::mem::take(&mut waiting.due) {
        return Some((Ok(heartbeat), State::Waiting(waiting)));
    }
    let gateway = &waiting.asked.gateway;
    let pause = gateway.host.sleep(gateway.settings.heartbeat);
    match select(&mut waiting.work, pause).await {
        Either::Right(((), _)) => Some((Ok(heartbeat), State::Waiting(waiting))),
        Either::Left((Err(failure), _)) => {
            let error = failure.to_error();
            let mut event = Vec::new();
            if let Ok(mut translator) = waiting.asked.translator() {
                translator.fail(&error, &mut event);
            }
            Some((Ok(event.into()), State::Failed(error.message)))
        }
        Either::Left((Ok(body), _)) => {
            drop(waiting);
            opened(body).await
        }
    }
}

async fn opened(mut body: Body) -> Option<(Item, State)> {
    let item = match &mut body {
        Body::Full(bytes) => bytes.take().map(Ok),
        Body::Stream(stream) => stream.next().await,
    };
    item.map(|item| (item, State::Opened(body)))
}
