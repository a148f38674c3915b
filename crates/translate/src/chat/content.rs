//! Message content to Gemini parts (P1, P2).
//!
//! It does not know roles beyond which parts they may hold, and does not decide what happens to a
//! message without parts.

use super::message as openai;
use crate::{
    gemini::request::Part,
    invalid_request::{Code, Quoted, Refusal},
    media,
};

/// Most images in one request (SEC-065).
const MAX_IMAGES: usize = 64;

/// Which kinds of parts a role may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allowed {
    /// System and developer messages.
    Text,
    /// User messages.
    TextAndImages,
    /// Assistant messages.
    TextAndRefusals,
}

/// Counts over the whole request what is limited per request.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    images: usize,
}

/// Appends the parts of `content`; empty texts are left out, since Gemini may refuse them (M16).
///
/// # Errors
/// A [`Refusal`] whose path is relative to the message.
pub(crate) fn convert_content<'a>(
    content: &'a openai::Content<'_>,
    allowed: Allowed,
    budget: &mut Budget,
    parts: &mut Vec<Part<'a>>,
) -> Result<(), Refusal> {
    match content {
        openai::Content::Text(text) => push_text(parts, text),
        openai::Content::Parts(list) => {
            for (index, part) in list.iter().enumerate() {
                convert_part(part, allowed, budget, parts)
                    .map_err(|refusal| refusal.within(format_args!("content[{index}]")))?;
            }
        }
    }
    Ok(())
}

/// Appends `text` unless it is empty.
pub(crate) fn push_text<'a>(parts: &mut Vec<Part<'a>>, text: &'a str) {
    if !text.is_empty() {
        parts.push(Part::text(text));
    }
}

fn convert_part<'a>(
    part: &'a openai::Part<'_>,
    allowed: Allowed,
    budget: &mut Budget,
    parts: &mut Vec<Part<'a>>,
) -> Result<(), Refusal> {
    let Some(kind) = part.r#type.as_deref() else {
        return Err(Refusal::new(
            Code::MissingParameter,
            "type",
            "is required: `text` or `image_url`",
        ));
    };
    match (kind, allowed) {
        ("text", _) => push_text(parts, required(part.text.as_deref(), "text")?),
        ("refusal", Allowed::TextAndRefusals) => {
            push_text(parts, required(part.refusal.as_deref(), "refusal")?);
        }
        ("image_url", Allowed::TextAndImages) => parts.push(convert_image(part, budget)?),
        ("image_url" | "refusal", _) => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!(
                    "a message of this role cannot hold a part of type {}",
                    Quoted(kind)
                ),
            ));
        }
        ("input_audio" | "file" | "video_url", _) => {
            return Err(Refusal::not_supported_yet(
                "type",
                format_args!("a part of type {} is", Quoted(kind)),
            ));
        }
        _ => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!("unknown type {}; use `text` or `image_url`", Quoted(kind)),
            ));
        }
    }
    Ok(())
}

fn convert_image<'a>(part: &'a openai::Part<'_>, budget: &mut Budget) -> Result<Part<'a>, Refusal> {
    budget.images += 1;
    if budget.images > MAX_IMAGES {
        return Err(Refusal::new(
            Code::TooLong,
            "",
            format_args!("a request may hold at most {MAX_IMAGES} images"),
        ));
    }
    let url = part
        .image_url
        .as_ref()
        .and_then(|image| image.url.as_deref());
    let url = required(url, "image_url.url")?;
    let data = media::from_url(url, None).map_err(|refusal| refusal.within("image_url.url"))?;
    Ok(data.into())
}

fn required<'a>(value: Option<&'a str>, field: &str) -> Result<&'a str, Refusal> {
    value.ok_or_else(|| Refusal::new(Code::MissingParameter, field, "is required: a string"))
}
