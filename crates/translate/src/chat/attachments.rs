//! Images, sound, files and videos of a message to Gemini parts (P2–P8, P10).
//!
//! It does not know which role may hold what, and counts nothing.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::message::{File, ImageUrl, InputAudio, VideoUrl};
use crate::{
    gemini::request::{Data, MediaResolution, Part, ResolutionLevel},
    invalid_request::{Code, Quoted, Refusal},
    json::{Object, Text, locate},
    media::{
        from_base64, from_file_id, from_url, from_url_of, is_url, media_type, type_of_name,
        type_of_sound,
    },
};

/// What an address is taken for that is asked to be an image and does not end like one.
const LIKELY_IMAGE: &str = "image/jpeg";

/// The same for a file, and the type of bare data whose name tells nothing (P7).
const LIKELY_FILE: &str = "application/pdf";

/// The same for a video.
const LIKELY_VIDEO: &str = "video/mp4";

/// Most frames per second that Gemini looks at
/// (<https://ai.google.dev/api/caching#VideoMetadata>, November 2026).
const MAX_FRAMES_PER_SECOND: f64 = 24.0;

/// An image by URL of any kind, with its resolution (P5).
///
/// # Errors
/// A [`Refusal`] whose path is relative to the part.
pub(super) fn convert_image<'a>(image: Option<&'a ImageUrl<'_>>) -> Result<Part<'a>, Refusal> {
    let url = image.and_then(|image| image.url.as_deref());
    let url = required(url, "image_url.url")?;
    let format = image.and_then(|image| image.format.as_deref());
    let format = check_type(format, "image_url.format")?;
    let detail = image.and_then(|image| image.detail.as_deref());
    let level = resolution(detail)?;
    let data = from_url_of(LIKELY_IMAGE, url, format)
        .map_err(|refusal| refusal.within("image_url.url"))?;
    Ok(Part {
        media_resolution: level.map(|level| MediaResolution { level }),
        ..Part::from(data)
    })
}

/// OpenAI's words, and the `medium` of others, in Gemini's. `auto` leaves it to the model, and
/// `original`, which forbids shrinking, is the highest level that every kind of image may have (P5).
fn resolution(detail: Option<&str>) -> Result<Option<ResolutionLevel>, Refusal> {
    match detail {
        None | Some("auto") => Ok(None),
        Some("low") => Ok(Some(ResolutionLevel::Low)),
        Some("medium") => Ok(Some(ResolutionLevel::Medium)),
        Some("high" | "original") => Ok(Some(ResolutionLevel::High)),
        Some(detail) => Err(Refusal::new(
            Code::InvalidValue,
            "image_url.detail",
            format_args!(
                "unknown detail {}; use one of `auto`, `low`, `medium`, `high`, `original`",
                Quoted(detail)
            ),
        )),
    }
}

/// Sound in base64, as OpenAI has it, or by URL (P6).
///
/// # Errors
/// A [`Refusal`] whose path is relative to the part.
pub(super) fn convert_sound<'a>(sound: Option<&'a InputAudio<'_>>) -> Result<Part<'a>, Refusal> {
    let data = sound.and_then(|sound| sound.data.as_deref());
    let data = required(data, "input_audio.data")?;
    let format = sound.and_then(|sound| sound.format.as_deref());
    let format = required(format, "input_audio.format")?;
    let Some(mime_type) = type_of_sound(format) else {
        return Err(Refusal::new(
            Code::InvalidValue,
            "input_audio.format",
            format_args!(
                "unknown format {}; use one of `wav`, `mp3`, `aiff`, `aac`, `ogg`, `flac`, `m4a`, `opus`, `webm`",
                Quoted(format)
            ),
        ));
    };
    let data = if is_url(data) {
        from_url(data, Some(mime_type))
    } else {
        from_base64(mime_type, data)
    };
    let data = data.map_err(|refusal| refusal.within("input_audio.data"))?;
    Ok(data.into())
}

/// A document, or any other file: its data, or where Google finds it (P7, P8).
///
/// # Errors
/// A [`Refusal`] whose path is relative to the part.
pub(super) fn convert_file<'a>(file: Option<&'a File<'_>>) -> Result<Part<'a>, Refusal> {
    let Some(file) = file else {
        return Err(Refusal::missing("file", "an object with `file_data`"));
    };
    let format = check_type(file.format.as_deref(), "file.format")?;
    let said = format.or_else(|| file.filename.as_deref().and_then(type_of_name));
    let data = match (file.file_data.as_deref(), file.file_id.as_deref()) {
        (Some(_), Some(_)) => {
            return Err(Refusal::new(
                Code::InvalidValue,
                "file.file_id",
                "cannot be given together with `file_data`",
            ));
        }
        (Some(data), None) => convert_file_data(data, said)?,
        // Other gateways take addresses here, and no id of a file looks like one.
        (None, Some(id)) if is_url(id) => {
            from_url_of(LIKELY_FILE, id, said).map_err(|refusal| refusal.within("file.file_id"))?
        }
        (None, Some(id)) => {
            from_file_id(id, said).map_err(|refusal| refusal.within("file.file_id"))?
        }
        (None, None) => {
            return Err(Refusal::missing("file.file_data", "a data URL or base64"));
        }
    };
    Ok(Part {
        video_metadata: check_video_metadata(file.video_metadata)
            .map_err(|refusal| refusal.within("file.video_metadata"))?,
        ..Part::from(data)
    })
}

fn convert_file_data<'a>(data: &'a str, said: Option<&'a str>) -> Result<Data<'a>, Refusal> {
    let converted = if is_url(data) {
        from_url_of(LIKELY_FILE, data, said)
    } else {
        from_base64(said.unwrap_or(LIKELY_FILE), data)
    };
    converted.map_err(|refusal| refusal.within("file.file_data"))
}

/// A video by URL of any kind: not OpenAI's, but what others made of it (P10).
///
/// # Errors
/// A [`Refusal`] whose path is relative to the part.
pub(super) fn convert_video<'a>(
    video: Option<&'a VideoUrl<'_>>,
    metadata: Option<&'a RawValue>,
) -> Result<Part<'a>, Refusal> {
    let url = video.and_then(|video| video.url.as_deref());
    let url = required(url, "video_url.url")?;
    let format = video.and_then(|video| video.format.as_deref());
    let format = check_type(format, "video_url.format")?;
    let data = from_url_of(LIKELY_VIDEO, url, format)
        .map_err(|refusal| refusal.within("video_url.url"))?;
    Ok(Part {
        video_metadata: check_video_metadata(metadata)
            .map_err(|refusal| refusal.within("video_metadata"))?,
        ..Part::from(data)
    })
}

/// What of a video is looked at. Gemini refuses other fields (U5), and takes both spellings (U4).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VideoMetadata<'a> {
    fps: Option<f64>,
    #[serde(borrow, alias = "startOffset")]
    start_offset: Option<Text<'a>>,
    #[serde(alias = "endOffset")]
    end_offset: Option<Text<'a>>,
}

/// The client's own object, if Gemini will take it.
fn check_video_metadata(raw: Option<&RawValue>) -> Result<Option<&RawValue>, Refusal> {
    let Some(raw) = raw else {
        return Ok(None);
    };
    let Ok(metadata) = serde_json::from_str::<Object<VideoMetadata<'_>>>(raw.get()) else {
        return Err(locate::<Object<VideoMetadata<'_>>>(raw.get()));
    };
    if let Some(fps) = metadata.fps
        && !(fps > 0.0 && fps <= MAX_FRAMES_PER_SECOND)
    {
        return Err(Refusal::new(
            Code::InvalidValue,
            "fps",
            format_args!("must be above 0 and at most {MAX_FRAMES_PER_SECOND}, not {fps}"),
        ));
    }
    for (field, offset) in [
        ("start_offset", &metadata.start_offset),
        ("end_offset", &metadata.end_offset),
    ] {
        if offset.as_deref().is_some_and(|offset| !is_duration(offset)) {
            return Err(Refusal::new(
                Code::InvalidValue,
                field,
                "must be a time in seconds such as `12.5s`",
            ));
        }
    }
    Ok(Some(raw))
}

/// `12s`, `12.5s`: how durations are written in JSON of protocol buffers.
fn is_duration(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_suffix('s').is_some_and(|number| {
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        digits(whole) && digits(fraction)
    })
}

fn check_type<'a>(said: Option<&'a str>, path: &str) -> Result<Option<&'a str>, Refusal> {
    if let Some(said) = said {
        media_type(said).map_err(|refusal| refusal.within(path))?;
    }
    Ok(said)
}

fn required<'a>(value: Option<&'a str>, path: &str) -> Result<&'a str, Refusal> {
    value.ok_or_else(|| Refusal::missing(path, "a string"))
}
