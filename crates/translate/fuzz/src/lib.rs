//! What all targets share: the dialects, by the first byte of an input, and models to translate for.
//!
//! A new dialect is one line in [`DIALECTS`]. Nothing is asserted here.

use std::collections::BTreeMap;

use gempool_translate::{
    AnswerMeta, ChatRequest, CompletionRequest, Exchange, Features, InvalidRequest, ModelName,
    Plan, Signing, Target,
    anthropic::{CountTokensRequest, MessagesRequest},
    embeddings::EmbeddingsRequest,
    images::{ImageEditRequest, ImageRequest},
    native::{NativeCall, NativeMethod, NativeRequest},
    responses::ResponsesRequest,
    speech::SpeechRequest,
    transcription::{Task, TranscriptionRequest},
};

/// A client API.
pub struct Dialect {
    /// Begins inputs that are for it.
    pub letter: u8,
    /// Reads a client's body.
    pub read: Read,
    /// The smallest body that it takes, of a client that wants a stream if it can have one.
    pub plain: &'static [u8],
}

type Read = fn(&[u8]) -> Result<Box<dyn Exchange + '_>, InvalidRequest>;

/// The form that inputs of forms are read as.
const FORM: &str = "multipart/form-data; boundary=b";

/// All of them. Letters stay when lines are added, so that corpora keep their meaning.
#[rustfmt::skip]
pub const DIALECTS: &[Dialect] = &[
    Dialect { letter: b'c', read: |body| Ok(Box::new(ChatRequest::parse(body)?)), plain: br#"{"model":"m","messages":[{"role":"user","content":"a"}],"stream":true,"stream_options":{"include_usage":true}}"# },
    Dialect { letter: b'r', read: |body| Ok(Box::new(ResponsesRequest::parse(body)?)), plain: br#"{"model":"m","input":"a","stream":true}"# },
    Dialect { letter: b'a', read: |body| Ok(Box::new(MessagesRequest::parse(body)?)), plain: br#"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"}],"stream":true}"# },
    Dialect { letter: b'k', read: |body| Ok(Box::new(CountTokensRequest::parse(body)?)), plain: br#"{"model":"m","messages":[{"role":"user","content":"a"}]}"# },
    Dialect { letter: b'l', read: |body| Ok(Box::new(CompletionRequest::parse(body)?)), plain: br#"{"model":"m","prompt":"a","stream":true,"stream_options":{"include_usage":true}}"# },
    Dialect { letter: b'e', read: |body| Ok(Box::new(EmbeddingsRequest::parse(body)?)), plain: br#"{"model":"m","input":"a"}"# },
    Dialect { letter: b'i', read: |body| Ok(Box::new(ImageRequest::parse(body)?)), plain: br#"{"model":"m","prompt":"a"}"# },
    Dialect { letter: b'f', read: |body| Ok(Box::new(ImageEditRequest::parse(FORM, body)?)), plain: b"--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na\r\n--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\r\n--b--\r\n" },
    Dialect { letter: b's', read: |body| Ok(Box::new(SpeechRequest::parse(body)?)), plain: br#"{"model":"m","input":"a","voice":"alloy","response_format":"wav"}"# },
    Dialect { letter: b't', read: |body| Ok(Box::new(TranscriptionRequest::parse(Task::Transcribe, FORM, body)?)), plain: b"--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n--b--\r\n" },
    Dialect { letter: b'n', read: |body| native(NativeMethod::StreamGenerate, "alt=sse", body), plain: b"{}" },
    Dialect { letter: b'N', read: |body| native(NativeMethod::StreamGenerate, "", body), plain: b"{}" },
    Dialect { letter: b'B', read: |body| native(NativeMethod::BatchEmbed, "", body), plain: b"{}" },
];

/// One model of every family that is treated in its own way.
const MODELS: [&str; 6] = [
    "gemini-2.0-flash",
    "gemini-2.5-pro",
    "gemini-2.5-flash-image",
    "gemini-3-flash-preview",
    "gemini-3.8-flash",
    "gemma-3-27b-it",
];

fn native<'a>(
    method: NativeMethod,
    query: &str,
    body: &'a [u8],
) -> Result<Box<dyn Exchange + 'a>, InvalidRequest> {
    let call = NativeCall { model: "m", method };
    Ok(Box::new(NativeRequest::new(call, Some(query), body)?))
}

/// The dialect that the first byte chooses, and the rest. Bytes that are no letter of a dialect
/// choose, too, so that the fuzzer wastes nothing.
pub fn dialect(data: &[u8]) -> Option<(&'static Dialect, &[u8])> {
    let (first, rest) = data.split_first()?;
    let named = DIALECTS.iter().find(|dialect| dialect.letter == *first);
    let dialect = named.or_else(|| DIALECTS.get(usize::from(*first) % DIALECTS.len()))?;
    Some((dialect, rest))
}

/// Plans for every model, whole and streamed.
pub fn plans(exchange: &dyn Exchange) -> Vec<Result<Plan, InvalidRequest>> {
    let signatures = BTreeMap::from([("call_1".to_owned(), "c2ln".to_owned())]);
    let mut plans = Vec::new();
    for name in MODELS {
        let model: ModelName = name.parse().expect("a constant");
        for (signing, streamed) in [(Signing::Kept, false), (Signing::Replaced, true)] {
            plans.push(exchange.plan(&Target {
                model: &model,
                features: Features::default(),
                safety: &[],
                signatures: &signatures,
                signing,
                streamed,
            }));
        }
    }
    plans
}

/// What an answer needs.
pub fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "0123456789abcdef".to_owned(),
        created_unix_s: 1_795_000_000,
        model: "m".to_owned(),
    }
}

/// Whatever was planned is JSON, and whatever was refused says why.
pub fn check_plans(exchange: &dyn Exchange) {
    for plan in plans(exchange) {
        match plan {
            Ok(plan) => {
                assert!(!plan.bodies.is_empty(), "a plan calls at least once");
                for body in plan.bodies {
                    let read: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(&body);
                    assert!(read.is_ok(), "not JSON: {}", String::from_utf8_lossy(&body));
                }
            }
            Err(refusal) => assert!(!refusal.message.is_empty()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_takes_its_plain_body_and_has_a_letter_of_its_own() {
        for (index, one) in DIALECTS.iter().enumerate() {
            let letter = char::from(one.letter);
            let earlier = &DIALECTS[..index];
            assert!(
                earlier.iter().all(|other| other.letter != one.letter),
                "{letter}"
            );
            if let Err(refusal) = (one.read)(one.plain) {
                panic!("{letter}: {refusal}");
            }
        }
    }
}
