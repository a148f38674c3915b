//! Going on with a stream that was cut: another call with what was said so far.
//!
//! Off unless the deployment or the model's name asks for it, and bounded: each continuation pays for the
//! whole prompt again. What the client already has is never repeated or changed.

use std::rc::Rc;

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_translate::{AnswerStream, continue_body, limits_output};

use super::asked::Asked;
use crate::attempt::{Call, call};
use crate::failure::Failure;
use crate::lease::Lease;
use crate::ports::ByteStream;

/// The rest of an answer, as Gemini begins to send it.
pub(super) type Rest = LocalBoxFuture<'static, Result<(Lease, ByteStream), Failure>>;

/// A call for the rest of the answer that `translator` has told so far; `None` if there is nothing to go
/// on with, or it was cut where the client wanted it to be, or `used` continuations are enough.
pub(super) fn go_on(asked: &Rc<Asked>, translator: &AnswerStream, used: u32) -> Option<Rest> {
    if used >= asked.continuations() {
        return None;
    }
    let text = translator.cut_after()?;
    let body = asked.call(0).body?;
    if translator.reached_limit() && limits_output(&body) {
        return None;
    }
    let body = Bytes::from(continue_body(&body, text)?);
    let asked = Rc::clone(asked);
    let rest = async move {
        let attempts = Call {
            body: Some(body),
            ..asked.call(0)
        };
        call(
            &asked.gateway,
            &attempts,
            || None,
            async |answer| Ok((answer.lease, answer.response.body)),
        )
        .await
    };
    Some(rest.boxed_local())
}
