//! The models that exist, and pages of them.

use http::StatusCode;

use crate::call::Method;
use crate::google_error::GoogleError;
use crate::model_traits::{Kind, ModelTraits};
use crate::render;
use crate::reply::{Reply, Shape};
use crate::wire::{ListModelsResponse, Model};

/// Models of a page when not asked for a size, and at most:
/// <https://ai.google.dev/api/models#method:-models.list> (read November 2026).
const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 1000;

/// What a page token looks like; opaque to clients.
const TOKEN_PREFIX: &str = "page-from-";

const GENERATES: &[&str] = &[
    "generateContent",
    "countTokens",
    "createCachedContent",
    "batchGenerateContent",
];
const EMBEDS: &[&str] = &[
    "embedContent",
    "countTextTokens",
    "countTokens",
    "asyncBatchEmbedContent",
];

/// The models of a simulator, in order.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    names: Vec<String>,
}

impl Default for Catalog {
    fn default() -> Self {
        Self::new([
            "gemini-2.5-flash",
            "gemini-2.5-pro",
            "gemini-3.8-flash",
            "gemini-embedding-001",
        ])
    }
}

impl Catalog {
    /// Names without `models/`; a name that contains `embedding` embeds, any other generates.
    pub(crate) fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            names: names.into_iter().map(Into::into).collect(),
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Whether a model is there and has the method.
    pub(crate) fn supports(&self, model: &str, method: Method) -> bool {
        let kind = ModelTraits::of(model).kind;
        let fits = match method {
            Method::GenerateContent | Method::StreamGenerateContent => {
                !matches!(kind, Kind::Embedding | Kind::Imagen)
            }
            Method::EmbedContent | Method::BatchEmbedContents => kind == Kind::Embedding,
            Method::Predict => kind == Kind::Imagen,
            Method::CountTokens => kind != Kind::Imagen,
            Method::GetModel | Method::ListModels => true,
        };
        fits && self.names().any(|name| name == model)
    }

    /// A page of models.
    pub(crate) fn page(&self, query: &str) -> Reply {
        let mut size = DEFAULT_PAGE;
        let mut from = 0;
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match (&*name, &*value) {
                ("pageSize" | "page_size", value) => match value.parse() {
                    Ok(0) => {}
                    Ok(wanted) => size = MAX_PAGE.min(wanted),
                    Err(_) => return invalid("page_size", value),
                },
                ("pageToken" | "page_token", "") => {}
                ("pageToken" | "page_token", value) => {
                    let index = value
                        .strip_prefix(TOKEN_PREFIX)
                        .and_then(|index| index.parse().ok());
                    match index {
                        Some(index) => from = index,
                        None => return invalid("page_token", value),
                    }
                }
                _ => {}
            }
        }
        let next = from + size;
        let models = self.names().skip(from).take(size).map(describe).collect();
        let next_page_token = (next < self.names.len()).then(|| format!("{TOKEN_PREFIX}{next}"));
        Reply::document(render::document(&ListModelsResponse {
            models,
            next_page_token,
        }))
    }

    /// One model.
    pub(crate) fn get(&self, model: &str) -> Reply {
        match self.names().find(|name| *name == model) {
            Some(name) => Reply::document(render::document(&describe(name))),
            None => Reply::error(
                &GoogleError::new(
                    StatusCode::NOT_FOUND.as_u16(),
                    "NOT_FOUND",
                    format!("Model is not found: models/{model} for api version v1beta"),
                ),
                Shape::Unary,
            ),
        }
    }
}

fn invalid(field: &str, value: &str) -> Reply {
    let text = format!("Invalid value at '{field}': \"{value}\"");
    Reply::error(
        &GoogleError::invalid_payload(&[(field.to_owned(), text)]),
        Shape::Unary,
    )
}

fn is_embedding(model: &str) -> bool {
    model.contains("embedding")
}

fn describe(name: &str) -> Model {
    let embeds = is_embedding(name);
    let generates = !embeds;
    Model {
        name: format!("models/{name}"),
        version: "001",
        display_name: display_name(name),
        description: format!("Simulated {}.", display_name(name)),
        input_token_limit: if embeds { 2_048 } else { 1_048_576 },
        output_token_limit: if embeds { 1 } else { 65_536 },
        supported_generation_methods: if embeds { EMBEDS } else { GENERATES },
        temperature: generates.then_some(1.0),
        top_p: generates.then_some(0.95),
        top_k: generates.then_some(64),
        max_temperature: generates.then_some(2.0),
        thinking: generates,
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
