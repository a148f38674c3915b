//! The head of a streamed answer: held back until it has something to say, so that an empty or failed
//! one can be tried again with another key.

use std::rc::Rc;

use futures::StreamExt as _;
use gempool_translate::{AnswerStream, UpstreamFault};

use super::asked::{Asked, Way};
use super::stream_body::StreamBody;
use crate::attempt::{Answer, Rejected, call};
use crate::body::Body;
use crate::failure::Failure;
use crate::fault::Fault;
use crate::head::{ANSWER_BYTES_MAX, read_whole};

/// A stream that has something to say.
///
/// # Errors
/// Whatever kept every attempt from saying something.
pub(super) async fn open(asked: Rc<Asked>) -> Result<Body, Failure> {
    call(
        &asked.gateway,
        &asked.call(0),
        || asked.resigned(0),
        async |answer| match asked.translator() {
            Err(fault) => Err((answer.lease, fault)),
            Ok(translator) if asked.way == Way::StreamedFromWhole => {
                from_whole(&asked, answer, translator).await
            }
            Ok(translator) => from_stream(&asked, answer, translator).await,
        },
    )
    .await
}

async fn from_stream(
    asked: &Rc<Asked>,
    mut answer: Answer,
    mut translator: AnswerStream,
) -> Result<Body, Rejected> {
    let mut out = Vec::new();
    loop {
        let next = answer.patience.wait(answer.response.body.next()).await;
        let pushed = match next {
            Ok(Some(Ok(chunk))) => translator.push(&chunk, &mut out).map_err(Fault::Broken),
            Ok(Some(Err(unreachable))) => Err(Fault::Unreachable(unreachable)),
            Ok(None) => return finish(asked, answer, translator, out).await,
            Err(late) => Err(late),
        };
        if let Err(fault) = pushed {
            return Err((answer.lease, fault));
        }
        if translator.has_output() {
            let body = StreamBody::new(
                asked,
                answer.lease,
                answer.response.body,
                translator,
                out.into(),
            );
            return Ok(body.into_body());
        }
    }
}

async fn from_whole(
    asked: &Rc<Asked>,
    mut answer: Answer,
    mut translator: AnswerStream,
) -> Result<Body, Rejected> {
    let body = read_whole(
        &mut answer.response.body,
        ANSWER_BYTES_MAX,
        &mut answer.patience,
    )
    .await;
    let mut out = Vec::new();
    let pushed = body.and_then(|body| {
        translator
            .push_whole(&body, &mut out)
            .map_err(Fault::Broken)
    });
    match pushed {
        Ok(()) => finish(asked, answer, translator, out).await,
        Err(fault) => Err((answer.lease, fault)),
    }
}

/// The answer was over before anything was sent of it.
async fn finish(
    asked: &Rc<Asked>,
    answer: Answer,
    mut translator: AnswerStream,
    mut out: Vec<u8>,
) -> Result<Body, Rejected> {
    let finished = match translator.finish(&mut out) {
        // An empty answer is worth another try, and better than an error when none is left.
        Err(UpstreamFault::Empty) if answer.last => translator.finish_empty(&mut out),
        finished => finished,
    };
    match finished {
        Ok(()) => {
            answer.lease.succeed(translator.usage());
            Ok(match asked.keeper().keep(translator.take_signatures()) {
                Some(after) => Body::followed_by(out.into(), after),
                None => Body::full(out),
            })
        }
        Err(fault) => Err((answer.lease, Fault::Broken(fault))),
    }
}
