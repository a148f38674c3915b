//! The models that exist, and pages of them.

mod description;

use http::StatusCode;

use crate::call::Method;
use crate::google_error::GoogleError;
use crate::model_traits::{Kind, ModelTraits};
use crate::render;
use crate::reply::{Reply, Shape};
use crate::wire::ListModelsResponse;

/// Models of a page when not asked for a size, and at most:
/// <https://ai.google.dev/api/models#method:-models.list> (read November 2026).
const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 1000;

/// Of each kind and generation at least one, as of November 2026, and two that are nearly gone but
/// still asked for (Imagen, Gemma 3).
const USUAL_MODELS: [&str; 20] = [
    "gemini-2.5-flash",
    "gemini-2.5-pro",
    "gemini-2.5-flash-lite",
    "gemini-3-flash-preview",
    "gemini-3.1-pro-preview",
    "gemini-3.1-flash-lite",
    "gemini-3.5-flash",
    "gemini-3.5-flash-lite",
    "gemini-3.6-flash",
    "gemini-3.8-flash",
    "gemini-4-argon",
    "gemini-flash-latest",
    "gemma-3-27b-it",
    "gemini-2.5-flash-image",
    "gemini-3.1-flash-lite-image",
    "gemini-2.5-flash-preview-tts",
    "gemini-3.8-flash-tts",
    "gemini-embedding-001",
    "gemini-embedding-2",
    "imagen-4.0-generate-001",
];

/// What a page token looks like; opaque to clients.
const TOKEN_PREFIX: &str = "page-from-";

/// The models of a simulator, in order.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    names: Vec<String>,
}

impl Default for Catalog {
    fn default() -> Self {
        Self::new(USUAL_MODELS)
    }
}

impl Catalog {
    /// Names without `models/`; what each can do follows from its name.
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
            Method::GetModel
            | Method::ListModels
            | Method::Upload
            | Method::Files
            | Method::CachedContents => true,
            Method::Batches => !matches!(kind, Kind::Imagen),
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
        let models = self
            .names()
            .skip(from)
            .take(size)
            .map(description::of)
            .collect();
        let next_page_token = (next < self.names.len()).then(|| format!("{TOKEN_PREFIX}{next}"));
        Reply::document(render::document(&ListModelsResponse {
            models,
            next_page_token,
        }))
    }

    /// One model.
    pub(crate) fn get(&self, model: &str) -> Reply {
        match self.names().find(|name| *name == model) {
            Some(name) => Reply::document(render::document(&description::of(name))),
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
