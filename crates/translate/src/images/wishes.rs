//! What a client wishes of its images, checked, and what cannot be had refused.

use super::{fields::Fields, size::Size};
use crate::{
    invalid_request::{Code, Quoted, Refusal},
    json::Text,
};

/// Most images of one request: OpenAI's own limit.
const MAX_N: i64 = 10;

/// Wishes that are the same for generations and edits.
#[derive(Debug)]
pub(super) struct Wishes<'a> {
    pub(super) model: Text<'a>,
    pub(super) prompt: Text<'a>,
    pub(super) n: usize,
    pub(super) size: Size,
    pub(super) quality: Quality,
    pub(super) delivery: Delivery,
    /// JPEG's quality, 0 to 100, for models that can be told.
    pub(super) compression: Option<i64>,
    /// `png` or `jpeg`, for models that can be told.
    pub(super) output_format: Option<&'static str>,
    pub(super) stream: bool,
    /// As written, for the event of a stream.
    pub(super) asked: Asked<'a>,
}

/// What the event of a streamed image repeats.
#[derive(Debug, Default)]
pub(super) struct Asked<'a> {
    pub(super) size: Option<Text<'a>>,
    pub(super) quality: Option<Text<'a>>,
    pub(super) background: Option<Text<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quality {
    Usual,
    High,
}

/// How images are handed over (I4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    Base64,
    /// A `data:` URL.
    Url,
}

impl<'a> Wishes<'a> {
    /// # Errors
    /// A [`Refusal`] that names the first field with a value that OpenAI does not define or Gemini
    /// cannot give.
    pub(super) fn read(fields: &mut Fields<'a>) -> Result<Self, Refusal> {
        refuse_impossible(fields)?;
        check_hints(fields)?;
        let required = |field: &mut Option<Text<'a>>, name, what: &str| {
            let text = field.take().filter(|text| !text.trim().is_empty());
            text.ok_or_else(|| Refusal::missing(name, what))
        };
        let n = fields.n.unwrap_or(1);
        let stream = fields.stream.unwrap_or(false);
        if !(1..=MAX_N).contains(&n) {
            return Err(Refusal::new(
                Code::InvalidValue,
                "n",
                format_args!("must be between 1 and {MAX_N}, not {n}"),
            ));
        }
        if stream && n > 1 {
            return Err(Refusal::new(
                Code::UnsupportedValue,
                "n",
                "must be 1 in a stream: each image is a call of its own",
            ));
        }
        Ok(Self {
            model: required(
                &mut fields.model,
                "model",
                "the name of an image model, `gemini-3.1-flash-image` for instance",
            )?,
            prompt: required(&mut fields.prompt, "prompt", "what the image shall show")?,
            n: usize::try_from(n).unwrap_or(1),
            size: Size::read(fields.size.as_deref())?,
            quality: read_quality(fields.quality.as_deref())?,
            delivery: match one_of(
                "response_format",
                &fields.response_format,
                &["b64_json", "url"],
            )? {
                Some("url") => Delivery::Url,
                _ => Delivery::Base64,
            },
            compression: in_range("output_compression", fields.output_compression, 100)?,
            output_format: one_of("output_format", &fields.output_format, &["png", "jpeg"])?,
            stream,
            asked: Asked {
                size: fields.size.take(),
                quality: fields.quality.take(),
                background: fields.background.take(),
            },
        })
    }
}

/// Fields that would make another kind of image.
fn refuse_impossible(fields: &Fields<'_>) -> Result<(), Refusal> {
    for (name, present, what) in [
        ("mask", fields.mask.is_some(), "masks"),
        ("markup", fields.markup.is_some(), "overlays"),
        ("svg", fields.svg.is_some(), "vector images"),
        ("frame_count", fields.frame_count.is_some(), "animations"),
        (
            "frame_duration_ms",
            fields.frame_duration_ms.is_some(),
            "animations",
        ),
    ] {
        if present {
            return Err(Refusal::new(
                Code::UnsupportedParameter,
                name,
                format_args!("Gemini has no {what}; say in the prompt what to change"),
            ));
        }
    }
    for (name, value, impossible, why) in [
        (
            "background",
            &fields.background,
            &["transparent"][..],
            "Gemini makes no transparent images; use `opaque` or `auto`",
        ),
        (
            "output_format",
            &fields.output_format,
            &["webp", "gif", "svg"],
            "Gemini makes PNG or JPEG as the model likes; use `png` or `jpeg`",
        ),
    ] {
        if value
            .as_deref()
            .is_some_and(|value| impossible.contains(&value))
        {
            return Err(Refusal::new(Code::UnsupportedValue, name, why));
        }
    }
    Ok(())
}

/// Fields that have no effect, but whose values must be ones that OpenAI defines.
fn check_hints(fields: &Fields<'_>) -> Result<(), Refusal> {
    let hints: &[(&'static str, &Option<Text<'_>>, &'static [&'static str])] = &[
        ("background", &fields.background, &["auto", "opaque"]),
        ("moderation", &fields.moderation, &["auto", "low"]),
        ("style", &fields.style, &["vivid", "natural"]),
        ("complexity", &fields.complexity, &["low", "medium", "high"]),
        ("input_fidelity", &fields.input_fidelity, &["low", "high"]),
    ];
    for (name, value, known) in hints {
        one_of(name, value, known)?;
    }
    // A final image may come before any partial one, in OpenAI's own words.
    in_range("partial_images", fields.partial_images, 3)?;
    Ok(())
}

/// Higher qualities are a higher resolution, where the size leaves that open (I2).
fn read_quality(quality: Option<&str>) -> Result<Quality, Refusal> {
    match quality {
        None | Some("auto" | "low" | "medium" | "standard") => Ok(Quality::Usual),
        Some("high" | "hd" | "xhigh" | "max") => Ok(Quality::High),
        Some(other) => Err(Refusal::new(
            Code::InvalidValue,
            "quality",
            format_args!(
                "unknown quality {}; use one of `auto`, `low`, `medium`, `high`, `xhigh`, `max`, \
                 `standard`, `hd`",
                Quoted(other)
            ),
        )),
    }
}

fn one_of(
    name: &str,
    value: &Option<Text<'_>>,
    known: &[&'static str],
) -> Result<Option<&'static str>, Refusal> {
    let Some(value) = value.as_deref() else {
        return Ok(None);
    };
    match known.iter().find(|known| **known == value) {
        Some(found) => Ok(Some(found)),
        None => Err(Refusal::new(
            Code::InvalidValue,
            name,
            format_args!(
                "unknown value {}; use `{}`",
                Quoted(value),
                known.join("` or `")
            ),
        )),
    }
}

fn in_range(name: &str, value: Option<i64>, max: i64) -> Result<Option<i64>, Refusal> {
    match value {
        Some(value) if !(0..=max).contains(&value) => Err(Refusal::new(
            Code::InvalidValue,
            name,
            format_args!("must be between 0 and {max}, not {value}"),
        )),
        value => Ok(value),
    }
}
