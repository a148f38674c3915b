//! The form of both endpoints.

use std::borrow::Cow;

use super::{
    answer,
    ask::{Hints, instruction},
    fields::{Format, read_format, read_languages, read_list, read_temperature, refuse_impossible},
    stream::TranscriptRender,
};
use crate::{
    AnswerMeta, AnswerStream, Exchange, InvalidRequest, Method, Plan, Target, UnaryAnswer,
    UpstreamFault,
    answer::CallReader,
    blame::assemble_for_model,
    gemini::{
        request::{Content, Data, Part},
        upload::Upload,
    },
    invalid_request::{Code, Refusal},
    multipart::{self, Form, audio_type},
    prompt::{Draft, Sampling, function_names::FunctionNames},
};

/// Largest file, in bytes. Gemini takes 100 MB of body with inline data (2026-11), which is 75 MB
/// before base64; the rest is room for the words. OpenAI's own limit is 25 MB, and a deployment's
/// limit for bodies is usually lower than both.
const MAX_FILE_BYTES: usize = 74_000_000;

/// What becomes of the sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Its words, in its language.
    Transcribe,
    /// Its meaning, in English.
    Translate,
}

/// A request to write down what is heard. `Debug` shows no text of the client.
pub struct TranscriptionRequest<'body> {
    task: Task,
    model: &'body str,
    file: multipart::Part<'body>,
    media_type: Cow<'body, str>,
    hints: Hints<'body>,
    format: Format,
    temperature: Option<f64>,
    stream: bool,
}

impl std::fmt::Debug for TranscriptionRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TranscriptionRequest")
            .field("task", &self.task)
            .field("model", &self.model)
            .field("file", &self.file)
            .field("format", &self.format)
            .field("stream", &self.stream)
            .finish_non_exhaustive()
    }
}

impl<'body> TranscriptionRequest<'body> {
    /// Reads a request body by its `content-type`, which must be `multipart/form-data`.
    ///
    /// # Errors
    /// [`InvalidRequest`] for what is not a form, missing or wrong fields, a file that is no sound,
    /// and formats that need to know times or speakers.
    pub fn parse(
        task: Task,
        content_type: &str,
        body: &'body [u8],
    ) -> Result<Self, InvalidRequest> {
        Ok(Self::read(task, &Form::parse(content_type, body)?)?)
    }

    fn read(task: Task, form: &Form<'body>) -> Result<Self, Refusal> {
        refuse_impossible(form)?;
        let model = form.text("model")?.ok_or_else(|| {
            Refusal::missing(
                "model",
                "the name of a model that hears, `gemini-2.5-flash` for instance",
            )
        })?;
        let file = form
            .one("file")?
            .ok_or_else(|| Refusal::missing("file", "the sound, as a file"))?;
        let media_type = check_file(file)?;
        let stream = match task {
            Task::Transcribe => form.boolean("stream")?.unwrap_or(false),
            // OpenAI has no such field there.
            Task::Translate => false,
        };
        Ok(Self {
            task,
            model,
            file: file.clone(),
            media_type,
            hints: Hints {
                languages: read_languages(form)?,
                keywords: read_list(form, "keywords")?,
                prompt: form.text("prompt")?,
            },
            format: read_format(form.text("response_format")?)?,
            temperature: read_temperature(form)?,
            stream,
        })
    }

    pub(super) fn draft(&self) -> Draft<'_> {
        let sound = Data::InlineBytes(Upload {
            mime_type: Cow::Borrowed(&self.media_type),
            bytes: self.file.bytes,
        });
        let words = instruction(self.task, &self.hints);
        Draft {
            turns: vec![Content::user(vec![sound.into(), Part::text(words)])],
            sampling: Sampling {
                temperature: self.temperature,
                ..Sampling::default()
            },
            ..Draft::default()
        }
    }
}

/// The type of the file.
fn check_file<'a>(file: &multipart::Part<'a>) -> Result<Cow<'a, str>, Refusal> {
    let refuse = |problem: &str| Err(Refusal::new(Code::InvalidValue, "file", problem));
    if file.bytes.is_empty() {
        return refuse("is an empty file");
    }
    if file.bytes.len() > MAX_FILE_BYTES {
        return refuse(&format!(
            "is larger than {} MB, which Gemini does not take",
            MAX_FILE_BYTES / 1_000_000
        ));
    }
    match audio_type(file) {
        Some(media_type) => Ok(media_type),
        None => {
            refuse("is not sound that can be recognized; send FLAC, MP3, M4A, OGG, WAV or WebM")
        }
    }
}

impl Exchange for TranscriptionRequest<'_> {
    fn model(&self) -> &str {
        self.model
    }

    fn streams(&self) -> bool {
        self.stream
    }

    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        let assembled = assemble_for_model(self.draft(), target)?;
        let encoded_bytes = self.file.bytes.len().div_ceil(3).saturating_mul(4);
        Ok(Plan {
            method: Method::Generate,
            bodies: vec![assembled.to_json(encoded_bytes)],
            signed: assembled.signed,
        })
    }

    fn render(&self, answers: &[&[u8]], meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        answer::render(answers, self.task, self.format, meta)
    }

    fn stream_translator(&self, meta: &AnswerMeta) -> Option<AnswerStream> {
        let calls = CallReader::new(FunctionNames::default(), "", meta);
        let render = TranscriptRender::default();
        Some(AnswerStream::new(Box::new(render), calls))
    }
}
