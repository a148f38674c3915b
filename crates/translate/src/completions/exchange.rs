//! A completion request as an exchange: a call to Gemini for each choice.

use super::{
    CompletionRequest,
    draft::{draft, per_prompt, prompts},
    stream::CompletionRender,
    unary::{Asked, render},
};
use crate::{
    AnswerMeta, AnswerStream, Exchange, InvalidRequest, Method, Plan, Target, UnaryAnswer,
    UpstreamFault,
    answer::CallReader,
    exchange::check_repeated,
    prompt::{assemble, function_names::FunctionNames},
};

impl CompletionRequest<'_> {
    /// There are no functions, so nothing should be called; what is called all the same is not told.
    fn calls(meta: &AnswerMeta) -> CallReader {
        CallReader::new(FunctionNames::default(), "call_", meta)
    }

    /// What of the request shows in the answer. It was checked when it was read.
    fn asked(&self) -> Asked<'_> {
        let prompts = prompts(self.fields()).unwrap_or_default();
        Asked {
            prompts,
            per_prompt: per_prompt(self.fields()).unwrap_or(1),
            echo: self.fields().echoes(),
        }
    }
}

impl Exchange for CompletionRequest<'_> {
    fn model(&self) -> &str {
        CompletionRequest::model(self)
    }

    fn streams(&self) -> bool {
        self.fields().streams()
    }

    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        let per_prompt = per_prompt(self.fields())?;
        let mut bodies = Vec::new();
        let mut bytes = 0;
        for prompt in prompts(self.fields())? {
            let assembled = assemble(draft(self.fields(), prompt)?, target)?;
            let body = assembled.to_json(prompt.len());
            bytes = body.len().saturating_add(bytes);
            check_repeated(per_prompt, bytes)?;
            bodies.extend(std::iter::repeat_n(body, per_prompt));
        }
        Ok(Plan {
            method: Method::Generate,
            bodies,
            signed: false,
        })
    }

    fn render(&self, answers: &[&[u8]], meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        render(answers, &self.asked(), &mut Self::calls(meta), meta)
    }

    fn stream_translator(&self, meta: &AnswerMeta) -> Option<AnswerStream> {
        let render = CompletionRender::new(
            meta.clone(),
            self.fields().stream_usage(),
            self.asked().echo_of(0).to_owned(),
        );
        Some(AnswerStream::new(Box::new(render), Self::calls(meta)))
    }
}
