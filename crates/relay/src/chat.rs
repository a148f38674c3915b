//! The use case "chat": OpenAI's chat completions, unary and streamed.
//!
//! Parses, chooses, calls and hands the bytes to the translator. It knows no HTTP header and no JSON.

use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use futures::StreamExt as _;
use gempool_pool::Verdict;
use gempool_translate::{
    AnswerMeta, AnswerStream, ChatRequest, Exchange as _, Features, ModelName, Signing, Target,
    UpstreamFault,
};

use crate::attempt::{Answer, Call, Rejected, call};
use crate::body::Body;
use crate::failure::Failure;
use crate::fault::Fault;
use crate::gateway::Gateway;
use crate::head::{ANSWER_BYTES_MAX, read_whole};
use crate::stream_body::StreamBody;

/// A chat answer.
#[derive(Debug)]
pub enum ChatReply {
    /// One JSON document.
    Whole(Bytes),
    /// Server-sent events.
    Stream(Body),
}

/// Answers a chat completion request whose raw body is `body`.
///
/// # Errors
/// Whatever keeps the first byte from being sent. Later trouble ends inside the stream.
pub async fn chat(gateway: &Rc<Gateway>, body: &[u8]) -> Result<ChatReply, Failure> {
    let request = ChatRequest::parse(body)?;
    let model: ModelName = request.model().parse()?;
    let target = Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &BTreeMap::new(),
        signing: Signing::Kept,
        streamed: request.stream(),
    };
    let gemini = request.plan(&target)?.bodies.pop().map(Bytes::from);
    let meta = AnswerMeta {
        fallback_id: format!("{:016x}", gateway.host.next_u64()),
        created_unix_s: gateway.host.now().0 / 1_000,
        model: request.model().to_owned(),
    };
    if request.stream() {
        let url = gateway.settings.upstream.stream(&model);
        let attempts = Call {
            model: model.as_str(),
            url: &url,
            body: gemini,
            patience: gateway.settings.first_byte_timeout,
            waited_for: "first part of a streamed answer",
        };
        call(gateway, &attempts, async |answer| {
            read_head(answer, &request, &meta).await
        })
        .await
        .map(ChatReply::Stream)
    } else {
        let url = gateway.settings.upstream.generate(&model);
        let attempts = Call {
            model: model.as_str(),
            url: &url,
            body: gemini,
            patience: gateway.settings.total_timeout,
            waited_for: "answer",
        };
        call(gateway, &attempts, async |answer| {
            read_unary(answer, &request, &meta).await
        })
        .await
        .map(ChatReply::Whole)
    }
}

async fn read_unary(
    mut answer: Answer,
    request: &ChatRequest<'_>,
    meta: &AnswerMeta,
) -> Result<Bytes, Rejected> {
    let read = read_whole(
        &mut answer.response.body,
        ANSWER_BYTES_MAX,
        &mut answer.patience,
    )
    .await;
    let translated = read.and_then(|body| request.render(&[&body], meta).map_err(Fault::Broken));
    match translated {
        // An empty answer is worth another try, and better than an error when none is left.
        Ok(translated) if translated.empty && !answer.last => {
            Err((answer.lease, Fault::Broken(UpstreamFault::Empty)))
        }
        Ok(translated) => {
            answer.lease.settle(&Verdict::Success);
            Ok(Bytes::from(translated.body))
        }
        Err(fault) => Err((answer.lease, fault)),
    }
}

/// Holds a stream back until it has something to say, so that an empty or failed one can be retried.
async fn read_head(
    mut answer: Answer,
    request: &ChatRequest<'_>,
    meta: &AnswerMeta,
) -> Result<Body, Rejected> {
    let Some(mut translator): Option<AnswerStream> = request.stream_translator(meta) else {
        return Err((answer.lease, Fault::Broken(UpstreamFault::Malformed)));
    };
    let mut out = Vec::new();
    loop {
        let next = answer.patience.wait(answer.response.body.next()).await;
        let pushed = match next {
            Ok(Some(Ok(chunk))) => translator.push(&chunk, &mut out).map_err(Fault::Broken),
            Ok(Some(Err(unreachable))) => Err(Fault::Unreachable(unreachable)),
            Ok(None) => {
                let finished = match translator.finish(&mut out) {
                    // An empty answer is worth another try, and better than an error when none is left.
                    Err(UpstreamFault::Empty) if answer.last => translator.finish_empty(&mut out),
                    finished => finished,
                };
                return match finished {
                    Ok(()) => {
                        answer.lease.settle(&Verdict::Success);
                        Ok(Body::full(out))
                    }
                    Err(fault) => Err((answer.lease, Fault::Broken(fault))),
                };
            }
            Err(late) => Err(late),
        };
        if let Err(fault) = pushed {
            return Err((answer.lease, fault));
        }
        if translator.has_output() {
            let body = StreamBody::new(answer.lease, answer.response.body, translator, out.into());
            return Ok(body.into_body());
        }
    }
}
