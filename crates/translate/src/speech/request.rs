//! The body of `POST /v1/audio/speech`.
//!
//! Fields that are not listed are ignored: clients send other vendors' extensions to every server.

use std::borrow::Cow;

use serde::Deserialize;

use super::{answer, stream::SpeechRender};
use crate::{
    AnswerMeta, AnswerStream, Exchange, InvalidRequest, Method, Plan, Target, UnaryAnswer,
    UpstreamFault,
    answer::{CallReader, sound::SoundFormat},
    blame::assemble_for_model,
    gemini::request::{Content, Modality, Part},
    invalid_request::{Code, Quoted, Refusal},
    json::{Object, Text, TextOr, read_body},
    prompt::{Draft, function_names::FunctionNames},
    voice::gemini_voice,
};

/// A request to speak that was read. `Debug` shows no text of the client.
#[derive(Debug)]
pub struct SpeechRequest<'body> {
    model: Text<'body>,
    input: Text<'body>,
    voice: Text<'body>,
    instructions: Option<Text<'body>>,
    format: SoundFormat,
    stream: bool,
    body_bytes: usize,
}

#[derive(Deserialize)]
pub(super) struct Fields<'a> {
    #[serde(borrow)]
    model: Option<Text<'a>>,
    input: Option<Text<'a>>,
    voice: Option<TextOr<'a, Object<CustomVoice>>>,
    instructions: Option<Text<'a>>,
    response_format: Option<Text<'a>>,
    speed: Option<f64>,
    stream_format: Option<Text<'a>>,
}

/// A voice that was made at OpenAI: only its shape is of interest.
#[derive(Deserialize)]
struct CustomVoice {}

impl<'body> SpeechRequest<'body> {
    /// Reads a request body.
    ///
    /// # Errors
    /// [`InvalidRequest`] for what is not JSON, missing or wrong fields, and formats that Gemini does
    /// not speak in.
    pub fn parse(body: &'body [u8]) -> Result<Self, InvalidRequest> {
        Ok(Self::read(body)?)
    }

    fn read(body: &'body [u8]) -> Result<Self, Refusal> {
        let fields: Fields<'_> = read_body(body)?;
        let required = |field: Option<Text<'body>>, name, what: &str| {
            let text = field.filter(|text| !text.trim().is_empty());
            text.ok_or_else(|| Refusal::missing(name, what))
        };
        if let Some(speed) = fields.speed.filter(|speed| !(0.25..=4.0).contains(speed)) {
            return Err(Refusal::new(
                Code::InvalidValue,
                "speed",
                format_args!("must be between 0.25 and 4, not {speed}"),
            ));
        }
        let voice = match fields.voice {
            Some(TextOr::Text(voice)) => voice,
            Some(TextOr::Other(_)) => {
                return Err(Refusal::new(
                    Code::UnsupportedValue,
                    "voice",
                    "custom voices are OpenAI's; name one of Gemini's, `Kore` for instance",
                ));
            }
            None => {
                return Err(Refusal::missing(
                    "voice",
                    "one of OpenAI's, `alloy` for instance, or of Gemini's, `Kore` for instance",
                ));
            }
        };
        gemini_voice(&voice).map_err(|refusal| refusal.within("voice"))?;
        Ok(Self {
            model: required(
                fields.model,
                "model",
                "the name of a model that speaks, `gemini-2.5-flash-preview-tts` for instance",
            )?,
            input: required(fields.input, "input", "the text to speak")?,
            voice,
            instructions: fields.instructions,
            format: read_format(fields.response_format.as_deref())?,
            stream: match fields.stream_format.as_deref() {
                None | Some("audio") => false,
                Some("sse") => true,
                Some(other) => {
                    return Err(Refusal::new(
                        Code::InvalidValue,
                        "stream_format",
                        format_args!("unknown format {}; use `audio` or `sse`", Quoted(other)),
                    ));
                }
            },
            body_bytes: body.len(),
        })
    }

    pub(super) fn draft(&self) -> Result<Draft<'_>, Refusal> {
        Ok(Draft {
            turns: vec![Content::user(vec![Part::text(self.text())])],
            modalities: vec![Modality::Audio],
            voice: Some(gemini_voice(&self.voice).map_err(|refusal| refusal.within("voice"))?),
            ..Draft::default()
        })
    }

    /// What is sent to be spoken. Models that speak take no system instruction: how to say something
    /// goes before it, with a colon between
    /// (<https://ai.google.dev/gemini-api/docs/speech-generation>, read 2026-11-24).
    fn text(&self) -> Cow<'_, str> {
        let instructions = self.instructions.as_deref().unwrap_or_default();
        let instructions = instructions.trim().trim_end_matches(['.', ':', ' ']);
        if instructions.is_empty() {
            Cow::Borrowed(&self.input)
        } else {
            Cow::Owned(format!("{instructions}: {}", &*self.input))
        }
    }
}

/// # Errors
/// A [`Refusal`] for formats that are refused by policy, and for those that nobody has.
fn read_format(format: Option<&str>) -> Result<SoundFormat, Refusal> {
    match format {
        None | Some("wav") => Ok(SoundFormat::Wav),
        Some("pcm") => Ok(SoundFormat::Pcm16),
        Some(encoded @ ("mp3" | "opus" | "aac" | "flac")) => Err(Refusal::new(
            Code::UnsupportedValue,
            "response_format",
            format_args!("Gemini does not speak in `{encoded}`"),
        )
        .with_hint("use `wav` or `pcm`, or leave it out for `wav`")),
        Some(other) => Err(Refusal::new(
            Code::InvalidValue,
            "response_format",
            format_args!("unknown format {}; use `wav` or `pcm`", Quoted(other)),
        )),
    }
}

impl Exchange for SpeechRequest<'_> {
    fn model(&self) -> &str {
        &self.model
    }

    fn streams(&self) -> bool {
        self.stream
    }

    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        let assembled = assemble_for_model(self.draft()?, target)?;
        Ok(Plan {
            method: Method::Generate,
            bodies: vec![assembled.to_json(self.body_bytes)],
            signed: assembled.signed,
        })
    }

    fn render(&self, answers: &[&[u8]], meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        answer::render(answers, self.format, meta)
    }

    fn stream_translator(&self, meta: &AnswerMeta) -> Option<AnswerStream> {
        let calls = CallReader::new(FunctionNames::default(), "", meta);
        let render = SpeechRender::new(self.format);
        Some(AnswerStream::new(Box::new(render), calls))
    }
}
