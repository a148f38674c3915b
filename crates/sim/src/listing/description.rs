//! A model as `models.list` describes it.
//!
//! Limits, methods and sampling are those of recorded lists (January to August 2026); of later
//! models, those of the documentation.

use crate::call::Method;
use crate::model_traits::{Kind, ModelTraits, Thinking};
use crate::wire::Model;

const CHATS: &[&str] = &[
    "generateContent",
    "countTokens",
    "createCachedContent",
    "batchGenerateContent",
];
const GENERATES: &[&str] = &["generateContent", "countTokens"];
const PAINTS: &[&str] = &["generateContent", "countTokens", "batchGenerateContent"];
const SPEAKS: &[&str] = &["countTokens", "generateContent"];
const EMBEDS: &[&str] = &[
    "embedContent",
    "countTextTokens",
    "countTokens",
    "asyncBatchEmbedContent",
];
const PREDICTS: &[&str] = &["predict"];

/// The description of a model by name.
pub(super) fn of(name: &str) -> Model {
    let model = ModelTraits::of(name);
    let generates = !matches!(model.kind, Kind::Embedding | Kind::Imagen);
    let most_output = model.most_output_tokens(Method::StreamGenerateContent);
    Model {
        name: format!("models/{name}"),
        version: "001",
        display_name: display_name(name),
        description: format!("Simulated {}.", display_name(name)),
        input_token_limit: input_limit(model),
        output_token_limit: match model.kind {
            Kind::Embedding => 1,
            Kind::Imagen => 8_192,
            _ => most_output.unwrap_or(65_536),
        },
        supported_generation_methods: match model.kind {
            Kind::Chat => CHATS,
            Kind::SmallChat => GENERATES,
            Kind::Image => PAINTS,
            Kind::Speech => SPEAKS,
            Kind::Embedding => EMBEDS,
            Kind::Imagen => PREDICTS,
        },
        temperature: generates.then_some(1.0),
        top_p: generates.then_some(0.95),
        top_k: generates.then_some(64),
        max_temperature: match model.kind {
            Kind::Chat | Kind::Speech => Some(2.0),
            Kind::Image => Some(1.0),
            Kind::SmallChat | Kind::Embedding | Kind::Imagen => None,
        },
        thinking: generates && model.thinking() != Thinking::None,
    }
}

fn input_limit(model: ModelTraits<'_>) -> i64 {
    match model.kind {
        Kind::Chat => 1_048_576,
        Kind::SmallChat => 131_072,
        Kind::Image if model.is_before_gemini_3() => 32_768,
        Kind::Image => 131_072,
        Kind::Speech => 8_192,
        Kind::Embedding if model.is_embedding_2() => 8_192,
        Kind::Embedding => 2_048,
        Kind::Imagen => 480,
    }
}

/// `gemini-2.5-flash` to `Gemini 2.5 Flash`.
fn display_name(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut characters = word.chars();
        let first = characters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(characters).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}
