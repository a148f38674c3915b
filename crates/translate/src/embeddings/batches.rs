//! Texts to bodies of `batchEmbedContents`, each of a size that Gemini takes (E1).

use std::borrow::Cow;

use serde::Serialize;

use super::{EmbeddingsRequest, family::TaskStyle, request::Wish, task::Task};
use crate::{
    invalid_request::{Code, Refusal},
    json::write_json,
};

/// Most texts in one call. Gemini's own words: "at most 100 requests can be in one batch" (E1, still
/// so in July 2026).
const MAX_BATCH: usize = 100;

/// Most bytes of one call's body. Gemini's own words: "Request payload size exceeds the limit: 4194304
/// bytes." (recorded answer of an embedding call, 2026).
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

const HEAD: &[u8] = b"{\"requests\":[";
const TAIL: &[u8] = b"]}";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EmbedContentRequest<'a> {
    /// With `models/`, and the same as in the path: Gemini wants it in each request (E1).
    model: &'a str,
    content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_dimensionality: Option<i64>,
}

#[derive(Serialize)]
struct Content<'a> {
    parts: [TextPart<'a>; 1],
}

#[derive(Serialize)]
struct TextPart<'a> {
    text: Cow<'a, str>,
}

/// The bodies that together ask for every text once, in order.
///
/// # Errors
/// A [`Refusal`] for a text that is larger than a whole call may be, and for dimensions that the
/// model does not have.
pub(super) fn write_bodies(
    request: &EmbeddingsRequest<'_>,
    model: &str,
) -> Result<Vec<Vec<u8>>, Refusal> {
    let wish = request.wish(model)?;
    let model = format!("models/{model}");
    let mut bodies = Vec::new();
    let mut body = HEAD.to_vec();
    let mut count = 0_usize;
    let mut next = Vec::new();
    for (index, text) in request.texts.as_slice().iter().enumerate() {
        next.clear();
        write_json(&mut next, &embed_request(&model, text, wish));
        if HEAD.len() + next.len() + TAIL.len() > MAX_BODY_BYTES {
            return Err(Refusal::new(
                Code::InvalidValue,
                request.texts.path(index),
                format_args!(
                    "is too long: Gemini takes at most {} MiB in a call",
                    MAX_BODY_BYTES >> 20
                ),
            ));
        }
        let comma_and_tail = 1 + TAIL.len();
        if count == MAX_BATCH || body.len() + next.len() + comma_and_tail > MAX_BODY_BYTES {
            body.extend_from_slice(TAIL);
            bodies.push(std::mem::replace(&mut body, HEAD.to_vec()));
            count = 0;
        }
        if count > 0 {
            body.push(b',');
        }
        body.extend_from_slice(&next);
        count += 1;
    }
    body.extend_from_slice(TAIL);
    bodies.push(body);
    Ok(bodies)
}

fn embed_request<'a>(model: &'a str, text: &'a str, wish: Wish<'a>) -> EmbedContentRequest<'a> {
    let (text, task_type, title) = match (wish.style, wish.task) {
        (TaskStyle::Prefix, Some(task)) => (task.prefix(wish.title, text), None, None),
        (TaskStyle::Fields, task) => (Cow::Borrowed(text), task.map(Task::as_str), wish.title),
        (TaskStyle::Prefix, None) => (Cow::Borrowed(text), None, None),
    };
    EmbedContentRequest {
        model,
        content: Content {
            parts: [TextPart { text }],
        },
        task_type,
        title,
        output_dimensionality: wish.dimensions,
    }
}
