//! Content parts to Gemini parts (P1–P8).
//!
//! It does not know roles beyond which parts they may hold, and does not decide what happens to a
//! message without parts. Nothing is fetched: addresses are handed to Google.

use super::value::{InputAudio, Part, Value};
use crate::{
    gemini::request::{self as gemini, Data, MediaResolution, ResolutionLevel},
    invalid_request::{Code, Quoted, Refusal},
    media::{
        Budget, from_base64, from_file_id, from_url, from_url_of, is_url, type_of_name,
        type_of_sound,
    },
};

/// What an address is taken for that is asked to be an image and does not end like one.
const LIKELY_IMAGE: &str = "image/jpeg";

/// The same for a file, and the type of bare data whose name tells nothing (P7).
const LIKELY_FILE: &str = "application/pdf";

/// Which kinds of parts may be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    /// System and developer messages.
    Text,
    /// User messages and results of calls.
    TextAndMedia,
    /// Assistant messages.
    TextAndRefusals,
}

/// What a content part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Refusal,
    Image,
    File,
    Audio,
}

/// OpenAI's parts, and `text`, which clients of chat completions send here too. `input_text` and
/// `output_text` are taken from any role: which is which says the role already.
const KINDS: &[(&str, Kind)] = &[
    ("input_text", Kind::Text),
    ("output_text", Kind::Text),
    ("text", Kind::Text),
    ("refusal", Kind::Refusal),
    ("input_image", Kind::Image),
    ("input_file", Kind::File),
    ("input_audio", Kind::Audio),
];

/// Appends the parts of the content at `field`; empty texts are left out, since Gemini may refuse
/// them (M16).
///
/// # Errors
/// A [`Refusal`] whose path is relative to the item.
pub(super) fn convert_content<'a>(
    field: &str,
    content: &'a Value<'_>,
    allowed: Allowed,
    budget: &mut Budget,
    parts: &mut Vec<gemini::Part<'a>>,
) -> Result<(), Refusal> {
    match content {
        Value::Text(text) => push_text(parts, text),
        Value::Parts(list) => {
            for (index, part) in list.iter().enumerate() {
                convert_part(part, allowed, budget, parts)
                    .map_err(|refusal| refusal.within(format_args!("{field}[{index}]")))?;
            }
        }
        Value::Other(found) => {
            let problem =
                format_args!("expected a string or an array of content parts, found {found}");
            return Err(Refusal::new(Code::InvalidType, field, problem));
        }
    }
    Ok(())
}

fn push_text<'a>(parts: &mut Vec<gemini::Part<'a>>, text: &'a str) {
    if !text.is_empty() {
        parts.push(gemini::Part::text(text));
    }
}

fn convert_part<'a>(
    part: &'a Part<'_>,
    allowed: Allowed,
    budget: &mut Budget,
    parts: &mut Vec<gemini::Part<'a>>,
) -> Result<(), Refusal> {
    let Some(name) = part.r#type.as_deref() else {
        return Err(Refusal::missing("type", "`input_text` for instance"));
    };
    let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == name) else {
        return Err(Refusal::new(
            Code::InvalidValue,
            "type",
            format_args!("unknown type {}; use `input_text`", Quoted(name)),
        ));
    };
    match (kind, allowed) {
        (Kind::Text, _) => push_text(parts, required(part.text.as_deref(), "text")?),
        (Kind::Refusal, Allowed::TextAndRefusals) => {
            push_text(parts, required(part.refusal.as_deref(), "refusal")?);
        }
        (Kind::Image, Allowed::TextAndMedia) => {
            budget.take_image()?;
            parts.push(convert_image(part)?);
        }
        (Kind::File, Allowed::TextAndMedia) => {
            budget.take_file()?;
            parts.push(convert_file(part)?.into());
        }
        (Kind::Audio, Allowed::TextAndMedia) => {
            budget.take_file()?;
            let audio = part.input_audio.as_ref();
            let audio =
                audio.ok_or_else(|| Refusal::missing("input_audio", "an object with the sound"))?;
            let data = convert_audio(audio).map_err(|refusal| refusal.within("input_audio"))?;
            parts.push(data.into());
        }
        (Kind::Refusal | Kind::Image | Kind::File | Kind::Audio, _) => {
            let problem = format_args!("a part of type {} cannot be here", Quoted(name));
            return Err(Refusal::new(Code::InvalidValue, "type", problem));
        }
    }
    Ok(())
}

fn convert_image<'a>(part: &'a Part<'_>) -> Result<gemini::Part<'a>, Refusal> {
    let data = match (part.image_url.as_deref(), part.file_id.as_deref()) {
        (Some(url), _) => {
            from_url_of(LIKELY_IMAGE, url, None).map_err(|refusal| refusal.within("image_url"))?
        }
        (None, Some(id)) => from_file_id(id, None).map_err(|refusal| refusal.within("file_id"))?,
        (None, None) => return Err(Refusal::missing("image_url", "a data URL or an https URL")),
    };
    let mut image = gemini::Part::from(data);
    image.media_resolution = convert_detail(part.detail.as_deref())?;
    Ok(image)
}

/// `auto` leaves it to the model, and `original`, which forbids shrinking, is the highest level that
/// every kind of image may have (P5).
fn convert_detail(detail: Option<&str>) -> Result<Option<MediaResolution>, Refusal> {
    let level = match detail {
        None | Some("auto") => return Ok(None),
        Some("low") => ResolutionLevel::Low,
        Some("high" | "original") => ResolutionLevel::High,
        Some(other) => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "detail",
                format_args!(
                    "unknown detail {}; use one of `auto`, `low`, `high`, `original`",
                    Quoted(other)
                ),
            ));
        }
    };
    Ok(Some(MediaResolution { level }))
}

fn convert_file<'a>(part: &'a Part<'_>) -> Result<Data<'a>, Refusal> {
    let said = part.filename.as_deref().and_then(type_of_name);
    if let Some(data) = part.file_data.as_deref() {
        let converted = if is_url(data) {
            from_url_of(LIKELY_FILE, data, said)
        } else {
            from_base64(said.unwrap_or(LIKELY_FILE), data)
        };
        return converted.map_err(|refusal| refusal.within("file_data"));
    }
    if let Some(url) = part.file_url.as_deref() {
        return from_url_of(LIKELY_FILE, url, said).map_err(|refusal| refusal.within("file_url"));
    }
    let Some(id) = part.file_id.as_deref() else {
        return Err(Refusal::missing(
            "file_data",
            "a data URL, unless `file_url` or `file_id` is given",
        ));
    };
    from_file_id(id, said).map_err(|refusal| refusal.within("file_id"))
}

fn convert_audio<'a>(audio: &'a InputAudio<'_>) -> Result<Data<'a>, Refusal> {
    let format = required(audio.format.as_deref(), "format")?;
    let Some(media_type) = type_of_sound(format) else {
        return Err(Refusal::new(
            Code::InvalidValue,
            "format",
            format_args!("unknown format {}; use `wav` or `mp3`", Quoted(format)),
        ));
    };
    let data = required(audio.data.as_deref(), "data")?;
    let converted = if is_url(data) {
        from_url(data, Some(media_type))
    } else {
        from_base64(media_type, data)
    };
    converted.map_err(|refusal| refusal.within("data"))
}

fn required<'a>(value: Option<&'a str>, field: &str) -> Result<&'a str, Refusal> {
    value.ok_or_else(|| Refusal::missing(field, "a string"))
}
