//! A responses request as an exchange: one call to Gemini, and its answer.

#[cfg(test)]
mod tests;

use super::{
    ResponsesRequest, composer::Composer, draft::draft, echo::Echo, response_object::Head,
    stream::ResponsesRender, unary::render,
};
use crate::{
    AnswerMeta, AnswerStream, Exchange, InvalidRequest, Method, Plan, Target, UnaryAnswer,
    UpstreamFault,
    answer::CallReader,
    invalid_request::{Code, Refusal},
    model::{Output, capabilities},
    prompt::{assemble, function_names::FunctionNames},
};

/// How OpenAI's own ids of calls begin.
const CALL_PREFIX: &str = "call_";

impl ResponsesRequest<'_> {
    fn calls(&self, meta: &AnswerMeta) -> CallReader {
        let names = FunctionNames::new(self.names().declared());
        CallReader::new(names, CALL_PREFIX, meta)
    }

    fn head(&self, meta: &AnswerMeta) -> Head {
        let tier = self.fields().service_tier.as_deref();
        Head::new(meta, Echo::new(self), tier)
    }

    fn composer(&self, meta: &AnswerMeta) -> Composer {
        Composer::new(self.names().clone(), self.included(), &meta.fallback_id)
    }
}

impl Exchange for ResponsesRequest<'_> {
    fn model(&self) -> &str {
        self.model_name()
    }

    fn streams(&self) -> bool {
        self.wants_stream()
    }

    fn unsigned_calls(&self) -> Vec<&str> {
        self.unsigned()
    }

    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        refuse_speech(target)?;
        let assembled = assemble(draft(self)?, target)?;
        Ok(Plan {
            method: Method::Generate,
            bodies: vec![assembled.to_json(self.body_bytes())],
            signed: assembled.signed,
        })
    }

    fn render(&self, answers: &[&[u8]], meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        let composer = self.composer(meta);
        render(answers, &mut self.calls(meta), &self.head(meta), composer)
    }

    fn stream_translator(&self, meta: &AnswerMeta) -> Option<AnswerStream> {
        let render = ResponsesRender::new(self.head(meta), self.composer(meta));
        Some(AnswerStream::new(Box::new(render), self.calls(meta)))
    }
}

/// Models for speech answer with sound alone, for which this API has no item.
fn refuse_speech(target: &Target<'_>) -> Result<(), Refusal> {
    if capabilities(target.model.as_str()).output != Output::Speech {
        return Ok(());
    }
    let problem = "speaks, which this API cannot carry; use `/v1/audio/speech`";
    Err(Refusal::new(Code::UnsupportedValue, "model", problem))
}
