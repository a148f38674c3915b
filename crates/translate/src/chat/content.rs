//! Message content to Gemini parts (P1–P10, M14, M16).
//!
//! It does not know roles beyond which parts they may hold, and does not decide what happens to a
//! message without parts.

use super::{
    attachments::{convert_file, convert_image, convert_sound, convert_video},
    message as openai,
};
use crate::{
    gemini::request::Part,
    invalid_request::{Code, Quoted, Refusal},
    json::TextOr,
    media::Budget,
};

/// Which kinds of parts a role may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    /// System and developer messages.
    Text,
    /// User messages, and results of tools (P9).
    Attachments,
    /// Assistant messages: images are in what image models answered and clients send back.
    Answers,
}

impl Allowed {
    fn allows(self, kind: Kind) -> bool {
        match kind {
            Kind::Text => true,
            Kind::Refusal => self == Self::Answers,
            Kind::Image => self != Self::Text,
            Kind::Sound | Kind::File | Kind::Video => self == Self::Attachments,
        }
    }
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Refusal,
    Image,
    Sound,
    File,
    Video,
}

/// Appends the parts of `content`; empty texts are left out, since Gemini may refuse them (M16).
///
/// # Errors
/// A [`Refusal`] whose path is relative to the message.
pub(super) fn convert_content<'a>(
    content: &'a openai::Content<'_>,
    allowed: Allowed,
    budget: &mut Budget,
    parts: &mut Vec<Part<'a>>,
) -> Result<(), Refusal> {
    match content {
        TextOr::Text(text) => push_text(parts, text),
        TextOr::Other(list) => {
            for (index, part) in list.iter().enumerate() {
                convert_part(part, allowed, budget, parts)
                    .map_err(|refusal| refusal.within(format_args!("content[{index}]")))?;
            }
        }
    }
    Ok(())
}

/// Appends `text` unless it is empty.
pub(super) fn push_text<'a>(parts: &mut Vec<Part<'a>>, text: &'a str) {
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
    let kind = read_kind(part.r#type.as_deref(), allowed)?;
    let text =
        |text: Option<&'a str>, field| text.ok_or_else(|| Refusal::missing(field, "a string"));
    match kind {
        Kind::Text => push_text(parts, text(part.text.as_deref(), "text")?),
        Kind::Refusal => push_text(parts, text(part.refusal.as_deref(), "refusal")?),
        Kind::Image => {
            budget.take_image()?;
            parts.push(convert_image(part.image_url.as_deref())?);
        }
        Kind::Sound => {
            budget.take_file()?;
            parts.push(convert_sound(part.input_audio.as_deref())?);
        }
        Kind::File => {
            budget.take_file()?;
            parts.push(convert_file(part.file.as_deref())?);
        }
        Kind::Video => {
            budget.take_file()?;
            let video = part.video_url.as_deref();
            parts.push(convert_video(video, part.video_metadata)?);
        }
    }
    Ok(())
}

fn read_kind(name: Option<&str>, allowed: Allowed) -> Result<Kind, Refusal> {
    let Some(name) = name else {
        return Err(Refusal::missing(
            "type",
            "`text` or `image_url`, for instance",
        ));
    };
    let kind = match name {
        "text" => Kind::Text,
        "refusal" => Kind::Refusal,
        "image_url" => Kind::Image,
        "input_audio" => Kind::Sound,
        "file" => Kind::File,
        "video_url" => Kind::Video,
        _ => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "type",
                format_args!(
                    "unknown type {}; use one of `text`, `image_url`, `input_audio`, `file`, `video_url`",
                    Quoted(name)
                ),
            ));
        }
    };
    if allowed.allows(kind) {
        return Ok(kind);
    }
    Err(Refusal::new(
        Code::InvalidValue,
        "type",
        format_args!(
            "a message of this role cannot hold a part of type {}",
            Quoted(name)
        ),
    ))
}
