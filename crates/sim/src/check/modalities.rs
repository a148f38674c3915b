//! What is to come out: text, images, speech, and how they are to look (G19, G20, §6.3, §6.4).

use serde_json::Value;

use super::{Asked, Checked};
use crate::google_error::GoogleError;
use crate::model_traits::Kind;
use crate::refusal;

/// <https://ai.google.dev/gemini-api/docs/speech-generation#voices> (read November 2026).
const VOICES: [&str; 30] = [
    "achernar",
    "achird",
    "algenib",
    "algieba",
    "alnilam",
    "aoede",
    "autonoe",
    "callirrhoe",
    "charon",
    "despina",
    "enceladus",
    "erinome",
    "fenrir",
    "gacrux",
    "iapetus",
    "kore",
    "laomedeia",
    "leda",
    "orus",
    "puck",
    "pulcherrima",
    "rasalgethi",
    "sadachbia",
    "sadaltager",
    "schedar",
    "sulafat",
    "umbriel",
    "vindemiatrix",
    "zephyr",
    "zubenelgenubi",
];

const ASPECT_RATIOS: [&str; 10] = [
    "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9",
];

/// Since 3.1 (I2).
const EXTREME_ASPECT_RATIOS: [&str; 4] = ["1:4", "4:1", "1:8", "8:1"];

const IMAGE_SIZES: [&str; 4] = ["512", "1K", "2K", "4K"];

pub(super) fn check(asked: Asked<'_>) -> Checked {
    let config = asked.body.get("generationConfig").unwrap_or(&Value::Null);
    let modalities = config.get("responseModalities").and_then(Value::as_array);
    let modalities: Vec<&str> = modalities
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    check_combination(asked, &modalities)?;
    if let Some(speech) = config.get("speechConfig") {
        if !modalities.contains(&"AUDIO") {
            return Err(refusal::voice_without_audio());
        }
        check_voices(speech)?;
    }
    match config.get("imageConfig") {
        Some(image) => check_image(asked, image),
        None => Ok(()),
    }
}

/// Which sets of modalities a kind of model can make; unknown models are taken at their word.
fn check_combination(asked: Asked<'_>, modalities: &[&str]) -> Checked {
    let is_known = asked.model.is_gemini_3() || asked.model.is_before_gemini_3();
    let (is_possible, accepted): (_, &[&str]) = match asked.model.kind {
        Kind::Speech => (modalities == ["AUDIO"], &["AUDIO"]),
        Kind::Image => (
            !modalities.contains(&"AUDIO"),
            &["IMAGE", "TEXT, IMAGE", "TEXT"],
        ),
        Kind::Chat if !is_known => return Ok(()),
        Kind::Chat | Kind::SmallChat => (
            modalities.iter().all(|modality| *modality == "TEXT"),
            &["TEXT"],
        ),
        Kind::Embedding | Kind::Imagen => return Ok(()),
    };
    if is_possible {
        return Ok(());
    }
    let asked_for = match modalities {
        [] => "TEXT".to_owned(),
        modalities => modalities.join(", "),
    };
    Err(refusal::response_modalities(
        asked.model.name,
        &asked_for,
        accepted,
    ))
}

fn check_voices(speech: &Value) -> Checked {
    let speakers = speech.pointer("/multiSpeakerVoiceConfig/speakerVoiceConfigs");
    let speakers = speakers.and_then(Value::as_array).into_iter().flatten();
    for speaker in speakers.chain([speech]) {
        let voice = speaker.pointer("/voiceConfig/prebuiltVoiceConfig/voiceName");
        let Some(voice) = voice.and_then(Value::as_str) else {
            continue;
        };
        if !VOICES.iter().any(|known| known.eq_ignore_ascii_case(voice)) {
            return Err(GoogleError::invalid_argument(format!(
                "Voice name {voice} is not supported. Allowed voice names are: {}",
                VOICES.join(", ")
            )));
        }
    }
    Ok(())
}

/// No recording of any of these.
fn check_image(asked: Asked<'_>, image: &Value) -> Checked {
    let text = |name: &str| image.get(name).and_then(Value::as_str);
    if asked.model.kind != Kind::Image {
        return Err(GoogleError::invalid_argument(
            "Image config is not enabled for this model",
        ));
    }
    let can_be_extreme = asked.model.is_gemini_3();
    let is_ratio = text("aspectRatio").is_none_or(|ratio| {
        ASPECT_RATIOS.contains(&ratio) || (can_be_extreme && EXTREME_ASPECT_RATIOS.contains(&ratio))
    });
    let is_size = text("imageSize")
        .is_none_or(|size| IMAGE_SIZES.contains(&size) && !asked.model.is_before_gemini_3());
    if is_ratio && is_size {
        Ok(())
    } else {
        Err(refusal::opaque())
    }
}
