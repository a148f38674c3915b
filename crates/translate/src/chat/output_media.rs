//! Answers that are not text: `modalities`, `audio` and `image_config` (G19, G20).
//!
//! Whether a model can speak or draw is not known here.

use std::borrow::Cow;

use serde::Deserialize;

use super::request::Fields;
use crate::{
    answer::sound::SoundFormat,
    gemini::request::{ImageConfig, Modality},
    images::{RATIOS, Resolution},
    invalid_request::{Code, Quoted, Refusal},
    json::Text,
    voice::gemini_voice,
};

/// How a spoken answer is wished.
#[derive(Debug, Deserialize)]
pub(super) struct AudioOutput<'a> {
    #[serde(borrow)]
    voice: Option<Text<'a>>,
    format: Option<Text<'a>>,
}

/// Not OpenAI's: OpenRouter's, in Google's words.
#[derive(Debug, Deserialize)]
pub(super) struct ImageSettings<'a> {
    #[serde(borrow, alias = "aspectRatio")]
    aspect_ratio: Option<Text<'a>>,
    #[serde(alias = "imageSize")]
    image_size: Option<Text<'a>>,
}

/// What an answer may consist of. Text alone is what every model gives unasked, so it is not said:
/// models that only speak would refuse it.
///
/// # Errors
/// A [`Refusal`] that names the entry.
pub(super) fn convert_modalities(fields: &Fields<'_>) -> Result<Vec<Modality>, Refusal> {
    let mut modalities = Vec::new();
    for (index, name) in fields
        .modalities
        .as_deref()
        .unwrap_or_default()
        .iter()
        .enumerate()
    {
        let modality = match &**name {
            "text" => Modality::Text,
            "audio" => Modality::Audio,
            "image" => Modality::Image,
            other => {
                return Err(Refusal::new(
                    Code::InvalidValue,
                    format!("modalities[{index}]"),
                    format_args!(
                        "unknown modality {}; use `text`, `audio` or `image`",
                        Quoted(other)
                    ),
                ));
            }
        };
        if !modalities.contains(&modality) {
            modalities.push(modality);
        }
    }
    if modalities == [Modality::Text] {
        modalities.clear();
    }
    Ok(modalities)
}

/// Gemini's name of the voice. `audio` without the modality is checked and has no effect, as with
/// OpenAI.
///
/// # Errors
/// A [`Refusal`] that names the field.
pub(super) fn convert_voice<'a>(
    fields: &'a Fields<'_>,
    modalities: &[Modality],
) -> Result<Option<Cow<'a, str>>, Refusal> {
    let Some(audio) = fields.audio.as_deref() else {
        return Ok(None);
    };
    audio
        .read_format()
        .map_err(|refusal| refusal.within("audio.format"))?;
    let voice = audio.voice.as_deref().map(gemini_voice).transpose();
    let voice = voice.map_err(|refusal| refusal.within("audio.voice"))?;
    Ok(voice.filter(|_| modalities.contains(&Modality::Audio)))
}

impl AudioOutput<'_> {
    fn read_format(&self) -> Result<SoundFormat, Refusal> {
        match self.format.as_deref() {
            None | Some("wav") => Ok(SoundFormat::Wav),
            Some("pcm16") => Ok(SoundFormat::Pcm16),
            Some(format @ ("aac" | "mp3" | "flac" | "opus")) => Err(Refusal::new(
                Code::UnsupportedValue,
                "",
                format_args!(
                    "Gemini does not encode sound as {}; use `wav` or `pcm16`",
                    Quoted(format)
                ),
            )),
            Some(format) => Err(Refusal::new(
                Code::InvalidValue,
                "",
                format_args!("unknown format {}; use `wav` or `pcm16`", Quoted(format)),
            )),
        }
    }
}

/// Shape and size of images, of those that Gemini's newest image models have. Older ones have fewer,
/// and Google says so.
///
/// # Errors
/// A [`Refusal`] whose path is relative to the settings.
pub(super) fn convert_image_settings(settings: &ImageSettings<'_>) -> Result<ImageConfig, Refusal> {
    let known = |field, list: &[&'static str], value: Option<&str>| {
        let Some(value) = value else {
            return Ok(None);
        };
        let mut list_of = list.iter().copied();
        let found = list_of.find(|known| known.eq_ignore_ascii_case(value));
        found.map(Some).ok_or_else(|| {
            let list = list.join("`, `");
            let value = Quoted(value);
            let problem = format!("unknown value {value}; use one of `{list}`");
            Refusal::new(Code::InvalidValue, field, problem)
        })
    };
    Ok(ImageConfig {
        aspect_ratio: known(
            "aspect_ratio",
            &RATIOS.map(|ratio| ratio.name),
            settings.aspect_ratio.as_deref(),
        )?,
        image_size: known(
            "image_size",
            &Resolution::ALL.map(Resolution::name),
            settings.image_size.as_deref(),
        )?,
    })
}

impl Fields<'_> {
    /// How a spoken answer is to be written. A format that is refused when the request is planned
    /// counts as none.
    pub(super) fn sound_format(&self) -> SoundFormat {
        let audio = self.audio.as_deref();
        audio
            .and_then(|audio| audio.read_format().ok())
            .unwrap_or_default()
    }
}
