//! Every endpoint that turns a request into calls to Gemini: one table of which reader its body has.
//!
//! Reading, translation and key choice are below; nothing is decided here but the reader.

use std::rc::Rc;

use bytes::Bytes;
use gempool_relay::{Body, Borrowed, Client, Gateway, OwnedExchange, Reply, exchange};
use gempool_translate::anthropic::{CountTokensRequest, MessagesRequest};
use gempool_translate::embeddings::EmbeddingsRequest;
use gempool_translate::images::{ImageEditRequest, ImageRequest};
use gempool_translate::native::NativeRequest;
use gempool_translate::responses::ResponsesRequest;
use gempool_translate::speech::SpeechRequest;
use gempool_translate::transcription::{Task, TranscriptionRequest};
use gempool_translate::{ChatRequest, CompletionRequest, InvalidRequest};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Request, Response};

use crate::app::Desk;
use crate::refusal::Refusal;
use crate::router::Endpoint;
use crate::{request_body, respond};

/// Answers a request, whole or as a stream.
///
/// # Errors
/// Whatever keeps the first byte from being sent.
pub async fn handle<B>(
    gateway: &Rc<Gateway>,
    client: Client,
    endpoint: Endpoint<'_>,
    request: Request<B>,
    desk: &Desk,
) -> Result<Response<Body>, Refusal>
where
    B: http_body::Body<Data = Bytes> + Unpin,
{
    // Held until the answer begins: what goes on after that no longer needs the body.
    let (head, body, _held) = request_body::read(request, &desk.intake, &*desk.host).await?;
    let request = OwnedExchange::read(body, |body| read(endpoint, &head, body))?;
    Ok(match exchange(gateway, client, request).await? {
        Reply::Whole {
            content_type,
            body,
            length,
        } => respond::whole(content_type, body, length),
        Reply::Stream { content_type, body } => respond::stream(content_type, body),
    })
}

/// The reader of an endpoint's bodies.
fn read<'a>(
    endpoint: Endpoint<'_>,
    head: &Parts,
    body: &'a [u8],
) -> Result<Borrowed<'a>, InvalidRequest> {
    let content_type = || {
        let value = head.headers.get(CONTENT_TYPE);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    };
    let transcription = |task| TranscriptionRequest::parse(task, content_type(), body);
    Ok(match endpoint {
        Endpoint::ChatCompletions => Box::new(ChatRequest::parse(body)?),
        Endpoint::Completions => Box::new(CompletionRequest::parse(body)?),
        Endpoint::Responses => Box::new(ResponsesRequest::parse(body)?),
        Endpoint::Embeddings => Box::new(EmbeddingsRequest::parse(body)?),
        Endpoint::ImageGenerations => Box::new(ImageRequest::parse(body)?),
        Endpoint::ImageEdits => Box::new(ImageEditRequest::parse(content_type(), body)?),
        Endpoint::Speech => Box::new(SpeechRequest::parse(body)?),
        Endpoint::Transcriptions => Box::new(transcription(Task::Transcribe)?),
        Endpoint::Translations => Box::new(transcription(Task::Translate)?),
        Endpoint::Messages => Box::new(MessagesRequest::parse(body)?),
        Endpoint::CountTokens => Box::new(CountTokensRequest::parse(body)?),
        Endpoint::Native(call) => Box::new(NativeRequest::new(call, head.uri.query(), body)?),
    })
}
