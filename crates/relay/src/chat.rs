//! The use case "chat": OpenAI's chat completions, unary and streamed.
//!
//! Parses, chooses, calls and hands the bytes to the translator. It knows no HTTP header and no JSON.

use std::rc::Rc;

use bytes::Bytes;
use futures::StreamExt as _;
use gempool_pool::Verdict;
use gempool_translate::openai::ChatRequest;
use gempool_translate::{
    AnswerMeta, ChatStream, ModelName, UpstreamFault, chat_from_gemini, chat_to_gemini,
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
    let gemini = Bytes::from(chat_to_gemini(&request, &model)?);
    let asked = Asked {
        meta: AnswerMeta {
            fallback_id: format!("{:016x}", gateway.host.next_u64()),
            created_unix_s: gateway.host.now().0 / 1_000,
            model: request.model().to_owned(),
        },
        include_usage: request.include_usage(),
    };
    if request.stream() {
        let url = gateway.settings.upstream.stream(&model);
        let attempts = Call {
            model: model.as_str(),
            url: &url,
            body: Some(gemini),
            patience: gateway.settings.first_byte_timeout,
            waited_for: "first part of a streamed answer",
        };
        call(gateway, &attempts, async |answer| {
            read_head(answer, &asked).await
        })
        .await
        .map(ChatReply::Stream)
    } else {
        let url = gateway.settings.upstream.generate(&model);
        let attempts = Call {
            model: model.as_str(),
            url: &url,
            body: Some(gemini),
            patience: gateway.settings.total_timeout,
            waited_for: "answer",
        };
        call(gateway, &attempts, async |answer| {
            read_unary(answer, &asked).await
        })
        .await
        .map(ChatReply::Whole)
    }
}

struct Asked {
    meta: AnswerMeta,
    include_usage: bool,
}

async fn read_unary(mut answer: Answer, asked: &Asked) -> Result<Bytes, Rejected> {
    let read = read_whole(
        &mut answer.response.body,
        ANSWER_BYTES_MAX,
        &mut answer.patience,
    )
    .await;
    let translated =
        read.and_then(|body| chat_from_gemini(&body, &asked.meta).map_err(Fault::Broken));
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
async fn read_head(mut answer: Answer, asked: &Asked) -> Result<Body, Rejected> {
    let mut translator = ChatStream::new(asked.meta.clone(), asked.include_usage);
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
