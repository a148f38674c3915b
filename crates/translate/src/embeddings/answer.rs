//! Answers of `batchEmbedContents` to one list of embeddings (E7).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{EmbeddingsRequest, request::Encoding, vector::Vector};
use crate::{
    AnswerMeta, JSON, UnaryAnswer, UpstreamFault, Usage,
    json::{Object, write_json},
    upstream_report,
};

/// Characters that make a token, for models that count none (E5). Google's own rule of thumb
/// (<https://ai.google.dev/gemini-api/docs/tokens>, read 2026-11-24).
const CHARS_PER_TOKEN: usize = 4;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchAnswer<'a> {
    #[serde(borrow)]
    embeddings: Option<Vec<Object<ContentEmbedding<'a>>>>,
    /// Raw, so that a surprise in it cannot break the vectors.
    usage_metadata: Option<&'a RawValue>,
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct ContentEmbedding<'a> {
    #[serde(borrow)]
    values: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UsageMetadata {
    prompt_token_count: Option<u64>,
}

#[derive(Serialize)]
struct UsageBody {
    prompt_tokens: u64,
    total_tokens: u64,
}

/// Merges the answers in their order.
///
/// # Errors
/// `Malformed` unless there is one vector for each text; `Truncated` and `Reported` as ever.
pub(super) fn render(
    request: &EmbeddingsRequest<'_>,
    answers: &[&[u8]],
    meta: &AnswerMeta,
) -> Result<UnaryAnswer, UpstreamFault> {
    // Gemini's answers are pretty-printed: about half of them is white space.
    let bytes: usize = answers.iter().map(|answer| answer.len()).sum();
    let mut body = Vec::with_capacity(bytes / 2);
    body.extend_from_slice(b"{\"object\":\"list\",\"data\":[");
    let mut index = 0_usize;
    let mut counted = Some(0_u64);
    for answer in answers {
        let answer = BatchAnswer::parse(answer)?;
        for Object(embedding) in answer.embeddings.iter().flatten() {
            if index > 0 {
                body.push(b',');
            }
            body.extend_from_slice(b"{\"object\":\"embedding\",\"index\":");
            write_json(&mut body, &index);
            body.extend_from_slice(b",\"embedding\":");
            let vector = Vector::read(embedding.values.as_deref().unwrap_or_default())?;
            match request.encoding {
                Encoding::Float => vector.write_floats(&mut body),
                Encoding::Base64 => vector.write_base64(&mut body),
            }
            body.push(b'}');
            index += 1;
        }
        counted = counted
            .zip(answer.tokens())
            .map(|(sum, tokens)| sum.saturating_add(tokens));
    }
    let texts = request.texts.as_slice();
    if index != texts.len() {
        return Err(UpstreamFault::Malformed);
    }
    let tokens = counted.unwrap_or_else(|| estimate(texts.iter().map(|text| &**text)));
    body.extend_from_slice(b"],\"model\":");
    write_json(&mut body, &meta.model);
    body.extend_from_slice(b",\"usage\":");
    write_json(
        &mut body,
        &UsageBody {
            prompt_tokens: tokens,
            total_tokens: tokens,
        },
    );
    body.push(b'}');
    Ok(UnaryAnswer {
        body,
        content_type: JSON,
        usage: Usage {
            prompt_tokens: tokens,
            total_tokens: tokens,
            ..Usage::default()
        },
        empty: false,
        signatures: Vec::new(),
    })
}

impl<'a> BatchAnswer<'a> {
    fn parse(json: &'a [u8]) -> Result<Self, UpstreamFault> {
        match serde_json::from_slice::<Object<Self>>(json) {
            Ok(Object(Self {
                error: Some(error), ..
            })) => Err(upstream_report::reported(error)),
            Ok(Object(answer)) => Ok(answer),
            Err(error) if error.is_eof() => Err(UpstreamFault::Truncated),
            Err(_) => Err(upstream_report::parse_report(json).unwrap_or(UpstreamFault::Malformed)),
        }
    }

    /// What Gemini counted, if this model counts.
    fn tokens(&self) -> Option<u64> {
        let usage: UsageMetadata = serde_json::from_str(self.usage_metadata?.get()).ok()?;
        usage.prompt_token_count
    }
}

/// Tokens of `texts`, by rule of thumb. Asking Gemini would cost a call.
fn estimate<'a>(texts: impl Iterator<Item = &'a str>) -> u64 {
    let chars: usize = texts.map(|text| text.chars().count()).sum();
    u64::try_from(chars.div_ceil(CHARS_PER_TOKEN)).unwrap_or(u64::MAX)
}
