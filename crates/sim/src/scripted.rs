//! Makes the reply that a rule of the script asks for.
//!
//! It does not choose the rule.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use crate::connection::Break;
use crate::fault::{self, End};
use crate::named_error::Mention;
use crate::render;
use crate::reply::{Reply, Shape, Step};
use crate::script::{Answer, Fault, Respond, Stream, Then};
use crate::service::Checked;

/// Largest text of [`Fault::HugeEvent`], in bytes: beyond any limit worth testing.
const MAX_HUGE_BYTES: usize = 128 << 20;

/// The reply. `ordinary` makes the one that would have come, with given content or its own.
pub(crate) fn reply(
    then: Then,
    checked: Checked<'_>,
    ordinary: impl Fn(Option<&Answer>) -> Reply,
) -> Reply {
    match then {
        Then::Answer(content) => ordinary(Some(&content)),
        Then::Respond(respond) => responded(respond, checked),
        Then::Stream(stream) => streamed(&stream),
        Then::Fault(fault) => broken(&fault, ordinary),
    }
}

fn responded(respond: Respond, checked: Checked<'_>) -> Reply {
    let mention = Mention {
        retry_s: respond.retry_s,
        ..checked.mention()
    };
    let mut reply = match (respond.error, respond.body) {
        (Some(error), _) => Reply::error_body(error.body(mention), checked.shape),
        (None, Some(Value::String(text))) => Reply::given(checked.shape, Bytes::from(text)),
        (None, body) => Reply::given(checked.shape, render::document(&body)),
    };
    if let Some(status) = respond
        .status
        .and_then(|status| StatusCode::from_u16(status).ok())
    {
        reply.status = status;
    }
    for (name, value) in respond.headers {
        // The script was checked when it was set.
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            reply.headers.insert(name, value);
        }
    }
    wait_before(&mut reply, respond.delay_ms);
    reply
}

fn streamed(stream: &Stream) -> Reply {
    let delay = Duration::from_millis(stream.delay_ms);
    let pieces = stream.events.iter().map(|event| match event {
        Value::String(raw) => Bytes::from(raw.clone()),
        event => render::event(event),
    });
    let mut reply = Reply::stream(Shape::Events, pieces, delay);
    if stream.chunk_bytes > 0 {
        fault::cut(&mut reply, stream.chunk_bytes, delay);
    }
    reply
}

fn broken(fault: &Fault, ordinary: impl Fn(Option<&Answer>) -> Reply) -> Reply {
    let instead = |step| {
        let mut reply = ordinary(None);
        reply.before = vec![step];
        reply
    };
    let ended = |bytes, end| {
        let mut reply = ordinary(None);
        fault::end_after(&mut reply, bytes, end);
        reply
    };
    match *fault {
        Fault::ResetBeforeHeaders => instead(Step::Break(Break::Reset)),
        Fault::Close => instead(Step::Break(Break::Close)),
        Fault::StallBeforeHeaders => instead(Step::Stall),
        Fault::DelayHeaders { ms } => instead(Step::Wait(Duration::from_millis(ms))),
        Fault::ResetAfterBytes { bytes } => ended(bytes, End::Break(Break::Reset)),
        Fault::TruncateAfterBytes { bytes } => ended(bytes, End::Break(Break::Close)),
        Fault::StallAfterBytes { bytes } => ended(bytes, End::Stall),
        Fault::EndAfterBytes { bytes } => ended(bytes, End::Clean),
        Fault::MalformedEvent { at } => {
            let mut reply = ordinary(None);
            fault::spoil(&mut reply, at);
            reply
        }
        Fault::HugeEvent { bytes } => ordinary(Some(&Answer {
            text: vec!["x".repeat(bytes.min(MAX_HUGE_BYTES))],
            ..Answer::default()
        })),
        Fault::Drip { bytes, ms } => {
            let mut reply = ordinary(None);
            fault::cut(&mut reply, bytes, Duration::from_millis(ms));
            reply
        }
    }
}

fn wait_before(reply: &mut Reply, delay_ms: u64) {
    if delay_ms > 0 {
        reply
            .before
            .push(Step::Wait(Duration::from_millis(delay_ms)));
    }
}
