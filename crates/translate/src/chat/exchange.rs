//! A chat request as an exchange: as many calls to Gemini as its choices need, and one answer.

#[cfg(test)]
mod tests;

use super::{
    ChatRequest,
    draft::draft,
    stream::ChatRender,
    style::{CallStyle, StreamUsage, Style},
    unary::render,
};
use crate::{
    AnswerMeta, AnswerStream, Exchange, InvalidRequest, Method, Plan, Target, UnaryAnswer,
    UpstreamFault,
    answer::CallReader,
    prompt::{assemble, function_names::FunctionNames},
};

/// How OpenAI's own ids of calls begin.
const CALL_PREFIX: &str = "call_";

/// Most calls without signature that are told: of a turn's calls Gemini wants one signed, so this
/// covers as many steps of an agent, and each id may cost a look-up.
const MAX_UNSIGNED_CALLS: usize = 64;

impl ChatRequest<'_> {
    fn calls(&self, meta: &AnswerMeta) -> CallReader {
        let names = FunctionNames::new(self.fields().callable_names());
        CallReader::new(names, CALL_PREFIX, meta)
    }

    fn style(&self) -> Style {
        let fields = self.fields();
        Style {
            calls: if fields.calls_in_older_form() {
                CallStyle::Function
            } else {
                CallStyle::Tools
            },
            custom_tools: fields.custom_names().map(str::to_owned).collect(),
            sound: fields.sound_format(),
            usage: if self.include_usage() {
                StreamUsage::Sent
            } else {
                StreamUsage::Omitted
            },
        }
    }
}

impl Exchange for ChatRequest<'_> {
    fn model(&self) -> &str {
        ChatRequest::model(self)
    }

    fn streams(&self) -> bool {
        self.stream()
    }

    fn unsigned_calls(&self) -> Vec<&str> {
        let messages = self.fields().messages().iter();
        let mut ids: Vec<&str> = messages
            .flat_map(|message| message.unsigned_calls())
            .collect();
        ids.drain(..ids.len().saturating_sub(MAX_UNSIGNED_CALLS));
        ids
    }

    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        let assembled = assemble(draft(self)?, target)?;
        Ok(Plan {
            method: Method::Generate,
            signed: assembled.signed,
            bodies: assembled.into_bodies(self.body_bytes())?,
        })
    }

    fn render(&self, answers: &[&[u8]], meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        render(answers, &mut self.calls(meta), meta, &self.style())
    }

    fn stream_translator(&self, meta: &AnswerMeta) -> Option<AnswerStream> {
        let render = ChatRender::new(meta.clone(), self.style());
        Some(AnswerStream::new(Box::new(render), self.calls(meta)))
    }
}
