//! What the answer shall be: JSON, text, images or speech (G15–G20).

use std::borrow::Cow;

use super::schema;
use crate::{
    gemini::request::{
        GenerationConfig, ImageConfig, Modality, PrebuiltVoiceConfig, SpeechConfig, Tool,
        VoiceConfig,
    },
    invalid_request::{Code, Refusal},
    model::{Features, JsonMode, ModelCapabilities, Output, Schemas},
    prompt::OutputFormat,
};

const JSON: &str = "application/json";

/// What images models answer with unasked: images alone end many questions in `NO_IMAGE` (I1).
const TEXT_AND_IMAGES: [Modality; 2] = [Modality::Text, Modality::Image];

/// Demands JSON, if the model can be held to it.
///
/// Before Gemini 3 JSON cannot be demanded beside tools: "Function calling with a response mime type:
/// 'application/json' is unsupported" (G18). The tools win there: without them an agent cannot go on,
/// while a model that was told the form in words mostly keeps to it.
pub(super) fn fit_format<'a>(
    config: &mut GenerationConfig<'a>,
    format: OutputFormat<'a>,
    tools: &[Tool<'_>],
    capabilities: ModelCapabilities,
) {
    let refused = capabilities.json_mode == JsonMode::WithoutTools && !tools.is_empty();
    if refused || capabilities.output == Output::Speech {
        return;
    }
    match format {
        OutputFormat::Text => return,
        OutputFormat::Json => {}
        OutputFormat::Schema(schema) => match capabilities.schemas {
            Schemas::Json => config.response_json_schema = Some(schema::refresh(schema)),
            Schemas::OpenApi => {
                config.response_schema = Some(schema::convert_to_openapi(&schema));
            }
        },
    }
    config.response_mime_type = Some(JSON);
}

/// What the client wishes the answer to consist of.
#[derive(Debug, Default)]
pub(super) struct Media<'a> {
    pub(super) modalities: Vec<Modality>,
    pub(super) voice: Option<Cow<'a, str>>,
    pub(super) image: ImageConfig,
}

/// Asks for text, images or speech, as far as the model has them. Text models are believed to make
/// images if they are asked for them: some do, and no name tells.
///
/// # Errors
/// Speech of a model that does not speak, or images of one that only speaks (G19).
pub(super) fn fit_media<'a>(
    config: &mut GenerationConfig<'a>,
    wish: Media<'a>,
    features: Features,
    capabilities: ModelCapabilities,
) -> Result<(), Refusal> {
    let has = |modality| wish.modalities.contains(&modality);
    if capabilities.output == Output::Speech {
        if has(Modality::Image) {
            return Err(refuse("this model speaks and makes no images"));
        }
        // Text is refused beside it.
        config.response_modalities = vec![Modality::Audio];
        config.speech_config = wish.voice.map(|voice_name| SpeechConfig {
            voice_config: VoiceConfig {
                prebuilt_voice_config: PrebuiltVoiceConfig { voice_name },
            },
        });
        return Ok(());
    }
    if has(Modality::Audio) {
        return Err(refuse(
            "this model does not speak; use a model for speech, whose name ends in `-tts`",
        ));
    }
    let makes_images = capabilities.output == Output::Images || features.image;
    config.response_modalities = match (has(Modality::Text), has(Modality::Image)) {
        (_, false) if features.image => TEXT_AND_IMAGES.to_vec(),
        (false, false) if makes_images => TEXT_AND_IMAGES.to_vec(),
        // What a text model does unasked.
        (_, false) if !makes_images => Vec::new(),
        (true, true) => TEXT_AND_IMAGES.to_vec(),
        (_, true) => vec![Modality::Image],
        (_, false) => vec![Modality::Text],
    };
    let images_asked = config.response_modalities.contains(&Modality::Image);
    if images_asked && wish.image != ImageConfig::default() {
        config.image_config = Some(wish.image);
    }
    Ok(())
}

fn refuse(problem: &str) -> Refusal {
    Refusal::new(Code::UnsupportedValue, "modalities", problem)
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;
    use crate::{InvalidRequest, gemini::request::Nothing, model::capabilities};

    fn format_for(model: &str, format: OutputFormat<'_>, tools: &[Tool<'_>]) -> String {
        let mut config = GenerationConfig::default();
        fit_format(&mut config, format, tools, capabilities(model));
        serde_json::to_string(&config).unwrap()
    }

    fn schema() -> OutputFormat<'static> {
        let schema = r##"{"type":"object","properties":{"a":{"$ref":"#/definitions/A"}},"definitions":{"A":{"const":1}}}"##;
        OutputFormat::Schema(Cow::Owned(
            RawValue::from_string(schema.to_owned()).unwrap(),
        ))
    }

    #[test]
    fn json_is_demanded_with_the_clients_schema_g15_g16_g17() {
        for model in ["gemini-2.0-flash", "gemini-2.5-flash", "gemini-3.8-flash"] {
            assert_eq!(format_for(model, OutputFormat::Text, &[]), "{}");
            assert_eq!(
                format_for(model, OutputFormat::Json, &[]),
                r#"{"responseMimeType":"application/json"}"#
            );
            assert_eq!(
                format_for(model, schema(), &[]),
                r##"{"responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"const":1}}}}"##
            );
        }
        assert_eq!(
            format_for("gemini-1.5-flash", schema(), &[]),
            r#"{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"a":{"type":"STRING","enum":["1"]}}}}"#
        );
        assert_eq!(
            format_for("gemini-2.5-flash-preview-tts", schema(), &[]),
            "{}"
        );
    }

    #[test]
    fn before_3_tools_win_over_json_g18() {
        for tools in [
            [Tool::FunctionDeclarations(Vec::new())],
            [Tool::GoogleSearch(Nothing {})],
        ] {
            for (model, kept) in [
                ("gemini-2.0-flash", false),
                ("gemini-2.5-pro", false),
                ("gemini-3-flash-preview", true),
                ("gemini-flash-latest", true),
            ] {
                assert_eq!(format_for(model, schema(), &tools) != "{}", kept, "{model}");
                assert_eq!(format_for(model, OutputFormat::Json, &tools) != "{}", kept);
            }
        }
    }

    const WIDE: ImageConfig = ImageConfig {
        aspect_ratio: Some("16:9"),
        image_size: None,
    };

    fn media_for(
        model: &str,
        modalities: &[Modality],
        features: Features,
    ) -> Result<String, InvalidRequest> {
        let mut config = GenerationConfig::default();
        let wish = Media {
            modalities: modalities.to_vec(),
            voice: Some("Kore".into()),
            image: WIDE,
        };
        fit_media(&mut config, wish, features, capabilities(model))?;
        Ok(serde_json::to_string(&config).unwrap())
    }

    #[test]
    fn images_are_asked_of_image_models_unasked_g20() {
        use Modality::{Image, Text};
        const BOTH: &str =
            r#"{"responseModalities":["TEXT","IMAGE"],"imageConfig":{"aspectRatio":"16:9"}}"#;
        const ONLY: &str =
            r#"{"responseModalities":["IMAGE"],"imageConfig":{"aspectRatio":"16:9"}}"#;
        for (model, modalities, expected) in [
            ("gemini-2.5-flash-image", &[][..], BOTH),
            ("gemini-2.5-flash-image", &[Image, Text, Image], BOTH),
            ("gemini-2.5-flash-image", &[Image], ONLY),
            (
                "gemini-2.5-flash-image",
                &[Text],
                r#"{"responseModalities":["TEXT"]}"#,
            ),
            ("nano-banana-2.1", &[], BOTH),
            ("gemini-3.1-flash-image", &[], BOTH),
            ("gemini-3.8-flash", &[], "{}"),
            ("gemini-3.8-flash", &[Text], "{}"),
            ("gemini-2.0-flash-exp", &[Image, Text], BOTH),
        ] {
            let found = media_for(model, modalities, Features::default());
            assert_eq!(found.as_deref(), Ok(expected), "{model} {modalities:?}");
        }
        let image = Features {
            image: true,
            ..Features::default()
        };
        for modalities in [&[][..], &[Text], &[Text, Image]] {
            let found = media_for("gemini-2.0-flash-exp", modalities, image);
            assert_eq!(found.as_deref(), Ok(BOTH), "{modalities:?}");
        }
    }

    #[test]
    fn speech_is_for_models_that_speak_g19() {
        use Modality::{Audio, Image, Text};
        const SPOKEN: &str = r#"{"responseModalities":["AUDIO"],"speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}}}"#;
        for modalities in [&[][..], &[Text, Audio], &[Audio], &[Text]] {
            for model in ["gemini-2.5-flash-preview-tts", "gemini-3.8-flash-tts"] {
                let found = media_for(model, modalities, Features::default());
                assert_eq!(found.as_deref(), Ok(SPOKEN), "{model} {modalities:?}");
            }
        }
        for (model, modality) in [
            ("gemini-3.8-flash", Audio),
            ("gemini-2.5-flash-image", Audio),
            ("gemini-2.5-flash-preview-tts", Image),
        ] {
            let error = media_for(model, &[modality], Features::default()).unwrap_err();
            assert_eq!(error.param.as_deref(), Some("modalities"), "{model}");
        }
    }
}
