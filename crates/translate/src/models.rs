//! Gemini's models as OpenAI lists them: all, or one (§6.2).
//!
//! It neither pages, nor merges the lists of several keys, nor decides which models are shown:
//! callers do, by [`Model::supports`].

use serde::{Deserialize, Serialize};

use crate::{
    UpstreamFault,
    json::{Object, write_json},
    upstream_report,
};

/// A model as Gemini describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Without `models/`.
    pub id: String,
    /// `001` for instance.
    pub version: Option<String>,
    /// A sentence for people.
    pub description: Option<String>,
    /// Name for people, `Gemini 2.5 Flash`.
    pub display_name: Option<String>,
    /// Tokens.
    pub input_token_limit: Option<u64>,
    /// Tokens, thoughts included.
    pub output_token_limit: Option<u64>,
    /// `supportedGenerationMethods`: `generateContent`, `embedContent`, `predict` …
    pub methods: Vec<String>,
}

impl Model {
    /// Whether Google lists `method` for it: `generateContent`, `embedContent`, `predict`,
    /// `bidiGenerateContent` … A model without a list may be good for anything.
    #[must_use]
    pub fn supports(&self, method: &str) -> bool {
        self.methods.is_empty() || self.methods.iter().any(|known| known == method)
    }
}

/// One page of `GET /v1beta/models`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelsPage {
    /// In Google's order; entries without a name are left out.
    pub models: Vec<Model>,
    /// What to ask for next as `pageToken`; `None` on the last page.
    pub next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    models: Option<Vec<Entry>>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    name: Option<String>,
    version: Option<String>,
    description: Option<String>,
    display_name: Option<String>,
    input_token_limit: Option<u64>,
    output_token_limit: Option<u64>,
    supported_generation_methods: Option<Vec<String>>,
}

#[derive(Serialize)]
struct ModelList<'a> {
    object: &'static str,
    data: Vec<ModelObject<'a>>,
}

/// OpenAI's four fields, then what Gemini knows and many clients show.
#[derive(Serialize)]
struct ModelObject<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    owned_by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_token_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_token_limit: Option<u64>,
}

/// Reads one page.
///
/// # Errors
/// `Reported` if it is an error report, `Truncated` or `Malformed` if it is not such a page.
pub fn models_from_gemini(page: &[u8]) -> Result<ModelsPage, UpstreamFault> {
    if let Some(fault) = upstream_report::parse_report(page) {
        return Err(fault);
    }
    let Object(page): Object<Page> = serde_json::from_slice(page).map_err(|error| fault(&error))?;
    let models = page
        .models
        .unwrap_or_default()
        .into_iter()
        .filter_map(convert_entry)
        .collect();
    let next_page_token = page.next_page_token.filter(|token| !token.is_empty());
    Ok(ModelsPage {
        models,
        next_page_token,
    })
}

fn fault(error: &serde_json::Error) -> UpstreamFault {
    if error.is_eof() {
        UpstreamFault::Truncated
    } else {
        UpstreamFault::Malformed
    }
}

fn convert_entry(entry: Entry) -> Option<Model> {
    let name = entry.name?;
    let id = name.strip_prefix("models/").unwrap_or(&name);
    if id.is_empty() {
        return None;
    }
    Some(Model {
        id: id.to_owned(),
        version: entry.version,
        description: entry.description,
        display_name: entry.display_name,
        input_token_limit: entry.input_token_limit,
        output_token_limit: entry.output_token_limit,
        methods: entry.supported_generation_methods.unwrap_or_default(),
    })
}

/// `{"object":"list","data":[…]}`. `created_unix_s` is the same for all, since Gemini names none;
/// a constant keeps clients' caches calm.
#[must_use]
pub fn models_to_openai(models: &[Model], created_unix_s: u64) -> Vec<u8> {
    let data = models.iter();
    let mut out = Vec::new();
    write_json(
        &mut out,
        &ModelList {
            object: "list",
            data: data
                .map(|model| ModelObject::new(model, created_unix_s))
                .collect(),
        },
    );
    out
}

/// One model, as `GET /v1/models/{id}` answers: what it is in the list.
#[must_use]
pub fn model_to_openai(model: &Model, created_unix_s: u64) -> Vec<u8> {
    let mut out = Vec::new();
    write_json(&mut out, &ModelObject::new(model, created_unix_s));
    out
}

impl<'a> ModelObject<'a> {
    fn new(model: &'a Model, created_unix_s: u64) -> Self {
        Self {
            id: &model.id,
            object: "model",
            created: created_unix_s,
            owned_by: "google",
            display_name: model.display_name.as_deref(),
            input_token_limit: model.input_token_limit,
            output_token_limit: model.output_token_limit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_models_as_openai_does() {
        let page = models_from_gemini(
            br#"{"models":[
                {"name":"models/gemini-2.5-flash","displayName":"Gemini 2.5 Flash","inputTokenLimit":1048576,
                 "outputTokenLimit":65536,"supportedGenerationMethods":["generateContent","countTokens"],"topK":64},
                {"name":"models/gemini-embedding-001"},
                {"displayName":"nameless"}
              ],"nextPageToken":"Ch1tb2"}"#,
        )
        .unwrap();
        assert_eq!(page.next_page_token.as_deref(), Some("Ch1tb2"));
        assert_eq!(page.models[0].methods, ["generateContent", "countTokens"]);
        insta::assert_snapshot!(
            String::from_utf8(models_to_openai(&page.models, 1_700_000_000)).unwrap(),
            @r#"{"object":"list","data":[{"id":"gemini-2.5-flash","object":"model","created":1700000000,"owned_by":"google","display_name":"Gemini 2.5 Flash","input_token_limit":1048576,"output_token_limit":65536},{"id":"gemini-embedding-001","object":"model","created":1700000000,"owned_by":"google"}]}"#
        );
    }

    #[test]
    fn an_empty_page_is_the_last_page() {
        assert_eq!(models_from_gemini(b"{}"), Ok(ModelsPage::default()));
        assert_eq!(
            models_from_gemini(br#"{"nextPageToken":""}"#),
            Ok(ModelsPage::default())
        );
    }

    #[test]
    fn tells_reports_from_rubbish() {
        let report = br#"{"error":{"code":400,"message":"API key not valid."}}"#;
        assert!(matches!(
            models_from_gemini(report),
            Err(UpstreamFault::Reported {
                status: Some(400),
                ..
            })
        ));
        assert_eq!(models_from_gemini(b"<html>"), Err(UpstreamFault::Malformed));
        assert_eq!(
            models_from_gemini(br#"{"models":[{"name":"#),
            Err(UpstreamFault::Truncated)
        );
    }

    #[test]
    fn one_model_is_what_it_is_in_the_list() {
        let page = models_from_gemini(
            br#"{"models":[{"name":"models/gemini-2.5-flash","displayName":"Gemini 2.5 Flash","inputTokenLimit":1048576}]}"#,
        );
        let models = page.unwrap().models;
        let one = model_to_openai(&models[0], 7);
        insta::assert_snapshot!(
            String::from_utf8(one.clone()).unwrap(),
            @r#"{"id":"gemini-2.5-flash","object":"model","created":7,"owned_by":"google","display_name":"Gemini 2.5 Flash","input_token_limit":1048576}"#
        );
        let list = String::from_utf8(models_to_openai(&models, 7)).unwrap();
        let one = String::from_utf8(one).unwrap();
        assert_eq!(list, format!(r#"{{"object":"list","data":[{one}]}}"#));
    }

    #[test]
    fn a_model_is_for_what_google_lists() {
        let model = |methods: &[&str]| Model {
            id: "m".to_owned(),
            version: None,
            description: None,
            display_name: None,
            input_token_limit: None,
            output_token_limit: None,
            methods: methods.iter().map(|&method| method.to_owned()).collect(),
        };
        let embeds = model(&["embedContent", "countTokens"]);
        assert!(embeds.supports("embedContent") && !embeds.supports("generateContent"));
        assert!(model(&[]).supports("generateContent"));
    }

    #[test]
    fn recorded_lists_are_read_whole() {
        for (file, last) in [
            ("models_list_page1.json", false),
            ("models_list_page2.json", true),
        ] {
            let Some(page) = crate::recorded::recorded(file) else {
                return;
            };
            let page = models_from_gemini(&page).unwrap();
            assert!(!page.models.is_empty(), "{file}");
            assert_eq!(page.next_page_token.is_none(), last, "{file}");
            let ids = page.models.iter().map(|model| model.id.as_str());
            assert!(ids.into_iter().all(|id| !id.starts_with("models/")));
        }
    }
}
