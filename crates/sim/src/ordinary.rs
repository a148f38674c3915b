//! The answer that comes when nothing is wrong: of each method, for a checked request.
//!
//! It knows no script and no quota.

use std::collections::HashMap;

use crate::answer::{self, Envelope};
use crate::call::Method;
use crate::content::{self, DefaultAnswer};
use crate::embedding;
use crate::google_error::GoogleError;
use crate::hash;
use crate::listing::Catalog;
use crate::prediction;
use crate::render;
use crate::reply::{Reply, Shape};
use crate::script::Answer;
use crate::service::Checked;
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
                    model,
                    response_id: FIXED_RESPONSE_ID,
                    prompt_tokens: FIXED_PROMPT_TOKENS,
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
        if matches!(method, Method::ListModels | Method::GetModel) {
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
        match checked.call.method {
            Method::GenerateContent | Method::StreamGenerateContent => {
                self.generate(checked, content)
            }
            Method::CountTokens => {
                let total_tokens = content::count_prompt_tokens(checked.body);
                Reply::document(render::document(&CountTokensResponse {
                    total_tokens,
                    prompt_tokens_details: vec![ModalityCount::text(total_tokens)],
                }))
            }
            Method::EmbedContent => embedding::one(checked.body),
            Method::BatchEmbedContents => embedding::batch(checked.body),
            Method::Predict => prediction::reply(checked.body),
            Method::ListModels => self.catalog.page(checked.query),
            Method::GetModel => self.catalog.get(checked.call.model_name()),
        }
    }

    fn generate(&self, checked: Checked<'_>, content: Option<&Answer>) -> Reply {
        let model = checked.call.model_name();
        if content.is_none()
            && let Some(fixed) = self.fixed.get(model)
        {
            return match checked.shape {
                Shape::Unary => fixed.unary.clone(),
                Shape::Events => fixed.events.clone(),
                Shape::Array => fixed.array.clone(),
            };
        }
        let response_id = response_id(checked.seq);
        let envelope = Envelope {
            model,
            response_id: &response_id,
            prompt_tokens: content::count_prompt_tokens(checked.body),
        };
        match content {
            Some(content) => answer::reply(content, envelope, checked.shape),
            None => {
                let content = self.answer.answer_to(checked.body);
                answer::reply(&content, envelope, checked.shape)
            }
        }
    }
}

/// 23 characters that differ per request, the form of real ids.
fn response_id(seq: u64) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    hash::characters(seq, ALPHABET, 23)
}
