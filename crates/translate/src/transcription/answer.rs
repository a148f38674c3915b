//! A whole answer to a transcript.

use serde::Serialize;

use super::{Task, fields::Format};
use crate::{
    AnswerMeta, JSON, UnaryAnswer, UpstreamFault, Usage,
    absent::{Wanted, explain},
    answer::{Answer, CallReader, Output, StopKind},
    gemini::response::GenerateContentResponse,
    json::write_json,
    prompt::function_names::FunctionNames,
};

/// `content-type` of a bare text.
const TEXT: &str = "text/plain; charset=utf-8";

#[derive(Serialize)]
struct Transcription<'a> {
    text: &'a str,
    /// OpenAI gives it for transcriptions only.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<TokenUsage>,
}

#[derive(Serialize)]
pub(super) struct TokenUsage {
    r#type: &'static str,
    input_tokens: u64,
    input_token_details: InputTokens,
    output_tokens: u64,
    total_tokens: u64,
}

/// Text is what is not sound, so that the two add up.
#[derive(Serialize)]
struct InputTokens {
    text_tokens: u64,
    audio_tokens: u64,
}

impl From<Usage> for TokenUsage {
    fn from(usage: Usage) -> Self {
        Self {
            r#type: "tokens",
            input_tokens: usage.prompt_tokens,
            input_token_details: InputTokens {
                text_tokens: usage
                    .prompt_tokens
                    .saturating_sub(usage.prompt_audio_tokens),
                audio_tokens: usage.prompt_audio_tokens,
            },
            output_tokens: usage.completion_tokens,
            total_tokens: usage.total_tokens,
        }
    }
}

/// Silence gives an empty transcript, which is an answer and worth one retry.
///
/// # Errors
/// Why there is no transcript, or only a part of one: a text cannot say so itself.
pub(super) fn render(
    answers: &[&[u8]],
    task: Task,
    format: Format,
    meta: &AnswerMeta,
) -> Result<UnaryAnswer, UpstreamFault> {
    let upstream = answers.first().copied().unwrap_or_default();
    let response = GenerateContentResponse::parse(upstream)?;
    let mut calls = CallReader::new(FunctionNames::default(), "", meta);
    let answer = Answer::read(&response, &mut calls)?;
    let Some(candidate) = answer
        .candidates
        .first()
        .filter(|candidate| is_whole(candidate.stopped.kind))
    else {
        return Err(explain(&response, &answer, Wanted::Transcript));
    };
    let texts = candidate.said.iter().filter_map(|said| match said.output {
        Output::Text(text) => Some(text),
        _ => None,
    });
    let text: String = texts.collect();
    // Models end an answer with a line break now and then; speech has none.
    let text = text.trim();
    let (body, content_type) = match format {
        Format::Text => (text.as_bytes().to_vec(), TEXT),
        Format::Json => {
            let mut body = Vec::with_capacity(text.len());
            let usage = (task == Task::Transcribe).then(|| answer.usage.into());
            write_json(&mut body, &Transcription { text, usage });
            (body, JSON)
        }
    };
    Ok(UnaryAnswer {
        body,
        content_type,
        usage: answer.usage,
        empty: answer.empty,
        signatures: Vec::new(),
    })
}

/// Whether an answer that ended so is all of it.
pub(super) fn is_whole(kind: StopKind) -> bool {
    match kind {
        StopKind::Stop | StopKind::Calls => true,
        StopKind::Length | StopKind::Filtered => false,
    }
}
