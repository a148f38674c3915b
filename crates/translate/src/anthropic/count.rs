//! `POST /v1/messages/count_tokens`: a prompt without an answer (§6.6, §7.2).
//!
//! The prompt is fitted to the model as for an answer, so that what is counted is what would be
//! sent.

use serde::Serialize;

use super::{
    draft::draft,
    request::{Fields, read},
    unsigned::unsigned_calls,
};
use crate::{
    AnswerMeta, Exchange, InvalidRequest, JSON, Method, Plan, Target, UnaryAnswer, UpstreamFault,
    Usage,
    gemini::count::{CountTokensRequest as GeminiRequest, CountTokensResponse},
    json::{Text, write_json},
    prompt::assemble,
};

/// A request to count, read but for what is inside messages and tools.
///
/// It borrows its strings from the body. `Debug` shows no text of the client.
#[derive(Debug)]
pub struct CountTokensRequest<'body> {
    model: Text<'body>,
    body_bytes: usize,
    fields: Fields<'body>,
}

/// Anthropic's answer.
#[derive(Serialize)]
struct TokenCount {
    input_tokens: u64,
}

impl<'body> CountTokensRequest<'body> {
    /// Reads a request body: a messages request, for which `max_tokens` is optional.
    ///
    /// # Errors
    /// As of [`MessagesRequest::parse`](super::MessagesRequest::parse).
    pub fn parse(body: &'body [u8]) -> Result<Self, InvalidRequest> {
        let (model, fields) = read(body)?;
        Ok(Self {
            model,
            body_bytes: body.len(),
            fields,
        })
    }
}

impl Exchange for CountTokensRequest<'_> {
    fn model(&self) -> &str {
        &self.model
    }

    fn unsigned_calls(&self) -> Vec<&str> {
        unsigned_calls(&self.fields)
    }

    fn plan(&self, target: &Target<'_>) -> Result<Plan, InvalidRequest> {
        let assembled = assemble(draft(&self.fields)?, target)?;
        let mut body = Vec::with_capacity(self.body_bytes);
        write_json(
            &mut body,
            &GeminiRequest::new(target.model, assembled.request),
        );
        Ok(Plan {
            method: Method::CountTokens,
            bodies: vec![body],
            signed: assembled.signed,
        })
    }

    /// Counting costs nothing, so the usage is empty.
    fn render(&self, answers: &[&[u8]], _meta: &AnswerMeta) -> Result<UnaryAnswer, UpstreamFault> {
        let answer = answers.first().copied().unwrap_or_default();
        let input_tokens = CountTokensResponse::parse(answer)?;
        let mut body = Vec::new();
        write_json(&mut body, &TokenCount { input_tokens });
        Ok(UnaryAnswer {
            body,
            content_type: JSON,
            usage: Usage::default(),
            empty: false,
            signatures: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Features, ModelName, Signing};

    fn request() -> CountTokensRequest<'static> {
        CountTokensRequest::parse(
            br#"{"model":"m","system":"Be brief.","messages":[{"role":"user","content":"Hi"}],
                "thinking":{"type":"enabled","budget_tokens":2048}}"#,
        )
        .unwrap()
    }

    #[test]
    fn wraps_what_would_be_sent() {
        let model: ModelName = "gemini-3.5-flash".parse().unwrap();
        let target = Target {
            model: &model,
            features: Features::default(),
            safety: &[],
            signatures: &BTreeMap::new(),
            signing: Signing::Kept,
            streamed: false,
        };
        let plan = request().plan(&target).unwrap();
        assert_eq!(plan.method, Method::CountTokens);
        insta::assert_snapshot!(
            String::from_utf8(plan.bodies[0].clone()).unwrap(),
            @r#"{"generateContentRequest":{"model":"models/gemini-3.5-flash","contents":[{"role":"user","parts":[{"text":"Hi"}]}],"systemInstruction":{"parts":[{"text":"Be brief."}]}}}"#
        );
    }

    #[test]
    fn tells_the_total() {
        let meta = AnswerMeta {
            fallback_id: String::new(),
            created_unix_s: 0,
            model: "m".to_owned(),
        };
        let render = |answer: &str| {
            let answer = request().render(&[answer.as_bytes()], &meta)?;
            Ok::<_, UpstreamFault>(String::from_utf8(answer.body).unwrap())
        };
        assert_eq!(
            render(r#"{"totalTokens":61,"promptTokensDetails":[{"modality":"TEXT"}]}"#),
            Ok(r#"{"input_tokens":61}"#.to_owned())
        );
        for (answer, fault) in [
            ("{}", UpstreamFault::Empty),
            (r#"{"totalTokens":"#, UpstreamFault::Truncated),
            ("<html>", UpstreamFault::Malformed),
            (r#"{"totalTokens":"many"}"#, UpstreamFault::Malformed),
        ] {
            assert_eq!(render(answer), Err(fault), "{answer}");
        }
        let report = render(r#"{"error":{"code":404,"message":"no such model"}}"#);
        assert!(matches!(
            report,
            Err(UpstreamFault::Reported {
                status: Some(404),
                ..
            })
        ));
    }
}
