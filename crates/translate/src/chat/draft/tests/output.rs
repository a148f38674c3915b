//! What answers consist of (G15–G17, G19, G20).

use super::with_parameters;
use crate::{
    ChatRequest,
    chat::style::SoundFormat,
    gemini::request::{ImageConfig, Modality},
    prompt::OutputFormat,
};

#[test]
fn formats_keep_their_schema_to_the_letter_g15_to_g17() {
    for (format, expected) in [
        (r#"{"type":"text"}"#, "text"),
        (r#"{"type":"json_object"}"#, "json"),
        (
            r#"{"type":"json_object","schema":{"a":1.50}}"#,
            r#"{"a":1.50}"#,
        ),
        (
            r#"{"type":"json_object","response_schema":{"a":1.50}}"#,
            r#"{"a":1.50}"#,
        ),
        (
            r#"{"type":"json_schema","json_schema":{"name":"n","description":"d","strict":true,"schema":{ "a":1.50 }}}"#,
            r#"{ "a":1.50 }"#,
        ),
        (
            r#"{"type":"json_schema","json_schema":{"name":"n"}}"#,
            "json",
        ),
    ] {
        let parameters = format!(r#","response_format":{format}"#);
        let found = with_parameters(&parameters, |draft| match draft.output {
            OutputFormat::Text => "text".to_owned(),
            OutputFormat::Json => "json".to_owned(),
            OutputFormat::Schema(schema) => schema.get().to_owned(),
        });
        assert_eq!(found, expected, "{format}");
    }
}

#[test]
fn modalities_other_than_text_are_wished_g19_g20() {
    use Modality::{Audio, Image, Text};
    for (parameters, expected) in [
        ("", &[][..]),
        (r#","modalities":null"#, &[]),
        (r#","modalities":[]"#, &[]),
        (r#","modalities":["text"]"#, &[]),
        (r#","modalities":["text","audio"]"#, &[Text, Audio]),
        (r#","modalities":["image","text","image"]"#, &[Image, Text]),
    ] {
        with_parameters(parameters, |draft| assert_eq!(draft.modalities, expected));
    }
}

#[test]
fn voices_are_named_in_googles_words_where_something_is_spoken_g19() {
    for (parameters, expected) in [
        (
            r#","modalities":["text","audio"],"audio":{"voice":"alloy","format":"wav"}"#,
            Some("Kore"),
        ),
        (
            r#","modalities":["audio"],"audio":{"voice":"puck"}"#,
            Some("Puck"),
        ),
        (r#","modalities":["audio"],"audio":{}"#, None),
        (r#","modalities":["audio"]"#, None),
        (r#","audio":{"voice":"alloy","format":"wav"}"#, None),
    ] {
        with_parameters(parameters, |draft| {
            assert_eq!(draft.voice.as_deref(), expected, "{parameters}");
        });
    }
}

#[test]
fn answers_are_told_how_to_write_sound_g19() {
    for (audio, expected) in [
        ("null", SoundFormat::Wav),
        ("{}", SoundFormat::Wav),
        (r#"{"format":"wav"}"#, SoundFormat::Wav),
        (r#"{"format":"pcm16"}"#, SoundFormat::Pcm16),
    ] {
        let body = format!(
            r#"{{"model":"m","messages":[{{"role":"user","content":"a"}}],"audio":{audio}}}"#
        );
        let request = ChatRequest::parse(body.as_bytes()).unwrap();
        assert_eq!(request.fields().sound_format(), expected, "{audio}");
    }
}

#[test]
fn images_have_a_shape_and_a_size() {
    const WIDE: &str = r#"{"aspect_ratio":"16:9","image_size":"2k"}"#;
    for parameters in [
        format!(r#","image_config":{WIDE}"#),
        format!(r#","google":{{"image_config":{WIDE}}}"#),
        r#","extra_body":{"google":{"imageConfig":{"aspectRatio":"16:9","imageSize":"2K"}}}"#
            .to_owned(),
    ] {
        let found = with_parameters(&parameters, |draft| draft.image);
        let expected = ImageConfig {
            aspect_ratio: Some("16:9"),
            image_size: Some("2K"),
        };
        assert_eq!(found, expected, "{parameters}");
    }
}
