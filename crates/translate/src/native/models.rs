//! Gemini's own lists of models, put together from what several keys may use (§6.2).
//!
//! Pages are not made: there are about a hundred models, and one page holds a thousand.

use serde::Serialize;

use crate::{Model, json::write_json};

#[derive(Serialize)]
struct List<'a> {
    models: Vec<Entry<'a>>,
}

/// What Google says of a model, as far as it is kept.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_token_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_token_limit: Option<u64>,
    supported_generation_methods: &'a [String],
}

impl<'a> From<&'a Model> for Entry<'a> {
    fn from(model: &'a Model) -> Self {
        Self {
            name: format!("models/{}", model.id),
            version: model.version.as_deref(),
            display_name: model.display_name.as_deref(),
            description: model.description.as_deref(),
            input_token_limit: model.input_token_limit,
            output_token_limit: model.output_token_limit,
            supported_generation_methods: &model.methods,
        }
    }
}

/// `{"models":[…]}`, as `GET /v1beta/models` has it.
#[must_use]
pub fn models_to_gemini(models: &[Model]) -> Vec<u8> {
    let models = models.iter().map(Entry::from).collect();
    let mut out = Vec::new();
    write_json(&mut out, &List { models });
    out
}

/// One model, as `GET /v1beta/models/{model}` has it.
#[must_use]
pub fn model_to_gemini(model: &Model) -> Vec<u8> {
    let mut out = Vec::new();
    write_json(&mut out, &Entry::from(model));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models_from_gemini;

    #[test]
    fn a_list_comes_back_as_google_wrote_it() {
        let list = r#"{"models":[{"name":"models/gemini-2.5-flash","version":"001","displayName":"Gemini 2.5 Flash","description":"Fast.","inputTokenLimit":1048576,"outputTokenLimit":65536,"supportedGenerationMethods":["generateContent"]},{"name":"models/aqa","supportedGenerationMethods":[]}]}"#;
        let models = models_from_gemini(list.as_bytes()).unwrap().models;
        assert_eq!(models_to_gemini(&models), list.as_bytes());
        let one = String::from_utf8(model_to_gemini(&models[0])).unwrap();
        assert!(list.contains(&one));
    }
}
