//! A messages request as an exchange: one call to Gemini, and its answer.

#[cfg(test)]
mod tests;

use super::{
    MessagesRequest,
    draft::draft,
    request::Fields,
    search::Search,
    sequence::Calls,
    stream::MessageRender,
    thinking::ThinkingBlocks,
    tools::{declares_web_search, function_names},
    unary::render,
    unsigned::unsigned_calls,
};
use crate::{
    AnswerMeta, AnswerStream, Exchange, InvalidRequest, Method, Plan, Target, UnaryAnswer,
    UpstreamFault,
    answer::CallReader,
    prompt::{assemble, function_names::FunctionNames},
};

/// How Anthropic's own ids of calls begin.
const CALL_PREFIX: &str = "toolu_";

/// What the request says about the form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Presentation {
    pub(super) thinking: ThinkingBlocks,
    pub(super) calls: Calls,
    pub(super) searches: Searches,
}

/// Whether the client knows the blocks of a web search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Searches {
    /// It declared the tool.
    Told,
    Untold,
}

impl Presentation {
    fn of(fields: &Fields<'_>) -> Self {
        let one_call = fields
            .tool_choice
            .as_ref()
            .is_some_and(|choice| choice.disable_parallel_tool_use == Some(true));
        Self {
            thinking: ThinkingBlocks::of(fields),
            calls: if one_call { Calls::One } else { Calls::Any },
            searches: if declares_web_search(fields) {
                Searches::Told
            } else {
                Searches::Untold
            },
        }
    }

    /// The search, if there was one and the client is told.
    pub(super) fn shown(self, search: &Search) -> Option<&Search> {
        match self.searches {
            Searches::Told => search.made(),
            Searches::Untold => None,
        }
    }
}

impl MessagesRequest<'_> {
    fn calls(&self, meta: &AnswerMeta) -> CallReader {
        let names = FunctionNames::new(function_names(&self.fields));
        CallReader::new(names, CALL_PREFIX, meta)
    }
}

impl Exchange for MessagesRequest<'_> {
    fn model(&self) -> &str {
        &self.model
    }

    fn streams(&self) -> bool {
        self.fields.stream == Some(true)
    }

    fn unsigned_calls(&self) -> Vec<&str> {
        unsigned_calls(&self.fields)
    }

    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        let assembled = assemble(draft(&self.fields)?, target)?;
        Ok(Plan {
            method: Method::Generate,
            bodies: vec![assembled.to_json(self.body_bytes)],
            signed: assembled.signed,
        })
    }

    fn render(&self, answers: &[&[u8]], meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        let presentation = Presentation::of(&self.fields);
        render(answers, presentation, &mut self.calls(meta), meta)
    }

    fn stream_translator(&self, meta: &AnswerMeta) -> Option<AnswerStream> {
        let render = MessageRender::new(Presentation::of(&self.fields), meta.clone());
        Some(AnswerStream::new(Box::new(render), self.calls(meta)))
    }
}
