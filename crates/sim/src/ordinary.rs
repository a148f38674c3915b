//! The answer that comes when nothing is wrong: of each method, for a checked request.
//!
//! It knows no script and no quota.

use std::collections::HashMap;

use http::HeaderValue;
use serde_json::Value;

use crate::answer::{self, Envelope};
use crate::call::Method;
use crate::content::DefaultAnswer;
use crate::embedding;
use crate::google_error::GoogleError;
use crate::hash;
use crate::listing::Catalog;
use crate::model_traits::ModelTraits;
use crate::prediction;
use crate::question::Question;
use crate::render;
use crate::reply::{Reply, Shape};
use crate::script::Answer;
use crate::service::Checked;
use crate::tokens;
use crate::wire::{CountTokensResponse, ModalityCount};

/// Prompt tokens of a fixed answer, which does not look at its request.
const FIXED_PROMPT_TOKENS: u64 = 12;

/// Response id of a fixed answer, of the length that real ones have.
const FIXED_RESPONSE_ID: &str = "fixed-answer-of-the-sim";

/// Models and default answer.
pub(crate) struct Ordinary {
    catalog: Catalog,
    answer: DefaultAnswer,
    /// Rendered once, by model.
    fixed: HashMap<String, Fixed>,
}

struct Fixed {
    unary: Reply,
    events: Reply,
    array: Reply,
}

impl Ordinary {
    pub(crate) fn new(catalog: Catalog, answer: DefaultAnswer) -> Self {
        let mut fixed = HashMap::new();
        if let Some(content) = answer.fixed() {
            for model in catalog.names() {
                let envelope = Envelope {
                    model: ModelTraits::of(model),
                    response_id: FIXED_RESPONSE_ID,
                    prompt: &[ModalityCount::text(FIXED_PROMPT_TOKENS)],
                    service_tier: "standard",
                    seed: 0,
                };
                let in_shape = |shape| answer::reply(&content, envelope, shape);
                let replies = Fixed {
                    unary: in_shape(Shape::Unary),
                    events: in_shape(Shape::Events),
                    array: in_shape(Shape::Array),
                };
                fixed.insert(model.to_owned(), replies);
            }
        }
        Self {
            catalog,
            answer,
            fixed,
        }
    }

    /// The 404 of a model that is not there or does not have the method.
    pub(crate) fn refuse_model(&self, checked: Checked<'_>) -> Option<Reply> {
        let method = checked.call.method;
        if checked.call.model.is_none() || method == Method::GetModel {
            return None;
        }
        let model = checked.call.model_name();
        if self.catalog.supports(model, method) {
            return None;
        }
        let error = GoogleError::model_not_found(model, method.wire_name());
        Some(Reply::error(&error, checked.shape))
    }

    /// The answer; `content` replaces the default one of generating methods.
    pub(crate) fn reply(&self, checked: Checked<'_>, content: Option<&Answer>) -> Reply {
        let model = ModelTraits::of(checked.call.model_name());
        match checked.call.method {
            Method::GenerateContent | Method::StreamGenerateContent => {
                self.generate(checked, model, content)
            }
            Method::CountTokens => {
                let counts = tokens::of_prompt(checked.body);
                Reply::document(render::document(&CountTokensResponse {
                    total_tokens: tokens::sum(&counts),
                    prompt_tokens_details: counts,
                }))
            }
            Method::EmbedContent => embedding::one(checked.body, model),
            Method::BatchEmbedContents => embedding::batch(checked.body, model),
            Method::Predict => prediction::reply(checked.body),
            Method::ListModels => self.catalog.page(checked.query),
            Method::GetModel => self.catalog.get(checked.call.model_name()),
            // The shelf's.
            Method::Upload | Method::Files | Method::CachedContents | Method::Batches => {
                Reply::no_such_path()
            }
        }
    }

    fn generate(
        &self,
        checked: Checked<'_>,
        model: ModelTraits<'_>,
        content: Option<&Answer>,
    ) -> Reply {
        if content.is_none()
            && let Some(fixed) = self.fixed.get(model.name)
        {
            return match checked.shape {
                Shape::Unary => fixed.unary.clone(),
                Shape::Events => fixed.events.clone(),
                Shape::Array => fixed.array.clone(),
            };
        }
        let question = Question {
            body: checked.body,
            model,
            is_streamed: checked.shape != Shape::Unary,
            seed: hash::fnv1a(checked.body.to_string().as_bytes()),
        };
        let mut prompt = tokens::of_prompt(checked.body);
        let mut answer = match content {
            Some(content) => content.clone(),
            None => self.answer.answer_to(question),
        };
        if checked.cached_tokens > 0 && answer.cached_tokens == 0 {
            answer.cached_tokens = checked.cached_tokens;
            tokens::add(&mut prompt, ModalityCount::text(checked.cached_tokens));
        }
        let tier = checked.body.get("serviceTier").and_then(Value::as_str);
        let tier = tier
            .filter(|tier| *tier != "unspecified")
            .unwrap_or("standard");
        let envelope = Envelope {
            model,
            response_id: &response_id(checked.seq),
            prompt: &prompt,
            service_tier: tier,
            seed: question.seed,
        };
        let mut reply = answer::reply(&answer, envelope, checked.shape);
        if let Ok(tier) = HeaderValue::from_str(tier) {
            reply.headers.insert("x-gemini-service-tier", tier);
        }
        reply
    }
}

/// 23 characters that differ per request, the form of real ids.
fn response_id(seq: u64) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    hash::characters(seq, ALPHABET, 23)
}
