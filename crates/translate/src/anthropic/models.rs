//! Gemini's models as Anthropic lists them (§6.2).
//!
//! All in one page, whatever `limit` says: clients page by `has_more` only.

use serde::Serialize;

use crate::{Model, json::write_json};

/// What Anthropic gives where a release date is unknown; Gemini tells none.
const CREATED_AT: &str = "1970-01-01T00:00:00Z";

#[derive(Serialize)]
struct ModelList<'a> {
    data: Vec<ModelInfo<'a>>,
    has_more: bool,
    first_id: Option<&'a str>,
    last_id: Option<&'a str>,
}

#[derive(Serialize)]
struct ModelInfo<'a> {
    r#type: &'static str,
    id: &'a str,
    display_name: &'a str,
    created_at: &'static str,
    /// Google lists a model as long as it can be called.
    lifecycle: &'static str,
    max_input_tokens: Option<u64>,
    /// Of an answer, thoughts included.
    max_tokens: Option<u64>,
}

impl<'a> From<&'a Model> for ModelInfo<'a> {
    fn from(model: &'a Model) -> Self {
        Self {
            r#type: "model",
            id: &model.id,
            display_name: model.display_name.as_deref().unwrap_or(&model.id),
            created_at: CREATED_AT,
            lifecycle: "active",
            max_input_tokens: model.input_token_limit,
            max_tokens: model.output_token_limit,
        }
    }
}

/// `{"data":[…],"has_more":false,"first_id":…,"last_id":…}`.
#[must_use]
pub fn models_to_anthropic(models: &[Model]) -> Vec<u8> {
    let list = ModelList {
        data: models.iter().map(ModelInfo::from).collect(),
        has_more: false,
        first_id: models.first().map(|model| &*model.id),
        last_id: models.last().map(|model| &*model.id),
    };
    let mut out = Vec::new();
    write_json(&mut out, &list);
    out
}

/// One model, as `GET /v1/models/{id}` has it.
#[must_use]
pub fn model_to_anthropic(model: &Model) -> Vec<u8> {
    let mut out = Vec::new();
    write_json(&mut out, &ModelInfo::from(model));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(id: &str, display_name: Option<&str>, limit: Option<u64>) -> Model {
        Model {
            id: id.to_owned(),
            version: None,
            description: None,
            display_name: display_name.map(str::to_owned),
            input_token_limit: limit,
            output_token_limit: limit,
            methods: Vec::new(),
        }
    }

    #[test]
    fn lists_models_as_anthropic_does() {
        let models = [
            model("gemini-2.5-flash", Some("Gemini 2.5 Flash"), Some(65_536)),
            model("gemini-x", None, None),
        ];
        insta::assert_snapshot!(String::from_utf8(models_to_anthropic(&models)).unwrap(), @r#"{"data":[{"type":"model","id":"gemini-2.5-flash","display_name":"Gemini 2.5 Flash","created_at":"1970-01-01T00:00:00Z","lifecycle":"active","max_input_tokens":65536,"max_tokens":65536},{"type":"model","id":"gemini-x","display_name":"gemini-x","created_at":"1970-01-01T00:00:00Z","lifecycle":"active","max_input_tokens":null,"max_tokens":null}],"has_more":false,"first_id":"gemini-2.5-flash","last_id":"gemini-x"}"#);
        insta::assert_snapshot!(String::from_utf8(models_to_anthropic(&[])).unwrap(), @r#"{"data":[],"has_more":false,"first_id":null,"last_id":null}"#);
        insta::assert_snapshot!(String::from_utf8(model_to_anthropic(&models[1])).unwrap(), @r#"{"type":"model","id":"gemini-x","display_name":"gemini-x","created_at":"1970-01-01T00:00:00Z","lifecycle":"active","max_input_tokens":null,"max_tokens":null}"#);
    }
}
