//! Which method of the API a path means.
//!
//! It does not look at headers or body.

use serde::{Deserialize, Serialize};

use crate::resources::{Kind, Resource};

/// A method of the Gemini API that the simulator knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// `POST models/{m}:generateContent`
    GenerateContent,
    /// `POST models/{m}:streamGenerateContent`
    StreamGenerateContent,
    /// `POST models/{m}:countTokens`
    CountTokens,
    /// `POST models/{m}:embedContent`
    EmbedContent,
    /// `POST models/{m}:batchEmbedContents`
    BatchEmbedContents,
    /// `POST models/{m}:predict`, Imagen's only one.
    Predict,
    /// `GET models`; `models` in a script.
    #[serde(rename = "models", alias = "listModels")]
    ListModels,
    /// `GET models/{m}`; `model` in a script.
    #[serde(rename = "model", alias = "getModel")]
    GetModel,
    /// Every step of an upload.
    Upload,
    /// Everything about files but their upload.
    Files,
    /// Everything about caches but their use.
    CachedContents,
    /// Everything about batches.
    Batches,
}

impl Method {
    /// The name that Google's error texts use.
    pub(crate) fn wire_name(self) -> &'static str {
        match self {
            Self::GenerateContent => "generateContent",
            // Errors of the streaming method name the unary one (recorded).
            Self::StreamGenerateContent => "generateContent",
            Self::CountTokens => "countTokens",
            // Errors of the batch name the single one (recorded).
            Self::EmbedContent | Self::BatchEmbedContents => "embedContent",
            Self::Predict => "predict",
            Self::ListModels => "listModels",
            Self::GetModel => "getModel",
            Self::Upload | Self::Files => "files",
            Self::CachedContents => "cachedContents",
            Self::Batches => "batchGenerateContent",
        }
    }

    /// Whether the method counts against the request quotas of a model.
    pub(crate) fn is_metered(self) -> bool {
        match self {
            Self::GenerateContent
            | Self::StreamGenerateContent
            | Self::EmbedContent
            | Self::BatchEmbedContents
            | Self::Predict => true,
            Self::CountTokens
            | Self::ListModels
            | Self::GetModel
            | Self::Upload
            | Self::Files
            | Self::CachedContents
            | Self::Batches => false,
        }
    }

    fn from_suffix(suffix: &str) -> Option<Self> {
        match suffix {
            "generateContent" => Some(Self::GenerateContent),
            "streamGenerateContent" => Some(Self::StreamGenerateContent),
            "countTokens" => Some(Self::CountTokens),
            "embedContent" => Some(Self::EmbedContent),
            "batchEmbedContents" => Some(Self::BatchEmbedContents),
            "predict" => Some(Self::Predict),
            _ => None,
        }
    }
}

/// A path, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Without `models/`; absent when models are listed.
    pub(crate) model: Option<String>,
    /// What is asked about what a project keeps.
    pub(crate) resource: Option<Resource>,
}

impl Call {
    /// Understands `/v1beta/models/{m}:{method}` and its siblings; `None` is a 404.
    pub(crate) fn parse(http_method: &http::Method, path: &str, query: &str) -> Option<Self> {
        if let Some(upload) = Resource::upload(http_method, path, query) {
            return Some(Self::about(upload));
        }
        let rest = ["/v1beta/", "/v1/", "/v1alpha/"]
            .iter()
            .find_map(|version| path.strip_prefix(version))?;
        if rest == "models" && http_method == http::Method::GET {
            return Some(Self {
                method: Method::ListModels,
                model: None,
                resource: None,
            });
        }
        if let Some(resource) = Resource::parse(http_method, rest) {
            return Some(Self::about(resource));
        }
        let name = rest.strip_prefix("models/")?;
        let (method, model) = match *http_method {
            http::Method::GET => (Method::GetModel, name),
            http::Method::POST => {
                let (model, suffix) = name.rsplit_once(':')?;
                (Method::from_suffix(suffix)?, model)
            }
            _ => return None,
        };
        let is_name = !model.is_empty() && !model.contains('/');
        is_name.then(|| Self {
            method,
            model: Some(model.to_owned()),
            resource: None,
        })
    }

    fn about(resource: Resource) -> Self {
        let method = match &resource {
            Resource::Upload(_) => Method::Upload,
            Resource::List(kind) | Resource::Get(kind, _) | Resource::Delete(kind, _) => match kind
            {
                Kind::File => Method::Files,
                Kind::Cache => Method::CachedContents,
                Kind::Batch => Method::Batches,
            },
            Resource::CreateCache | Resource::UpdateCache(_) => Method::CachedContents,
            Resource::StartBatch(..) | Resource::CancelBatch(_) => Method::Batches,
        };
        let model = match &resource {
            Resource::StartBatch(_, model) => Some(model.clone()),
            _ => None,
        };
        Self {
            method,
            model,
            resource: Some(resource),
        }
    }

    /// The model, or nothing where there is none to name.
    pub(crate) fn model_name(&self) -> &str {
        self.model.as_deref().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn understands_the_documented_paths_and_no_other() {
        let cases = [
            (
                "POST",
                "/v1beta/models/m:generateContent",
                Some((Method::GenerateContent, Some("m"))),
            ),
            (
                "POST",
                "/v1/models/m:countTokens",
                Some((Method::CountTokens, Some("m"))),
            ),
            (
                "POST",
                "/v1alpha/models/m:predict",
                Some((Method::Predict, Some("m"))),
            ),
            ("GET", "/v1beta/models", Some((Method::ListModels, None))),
            (
                "GET",
                "/v1beta/models/m",
                Some((Method::GetModel, Some("m"))),
            ),
            ("GET", "/v1beta/files", Some((Method::Files, None))),
            ("DELETE", "/v1beta/files/a", Some((Method::Files, None))),
            ("POST", "/upload/v1beta/files", Some((Method::Upload, None))),
            (
                "PATCH",
                "/v1beta/cachedContents/a",
                Some((Method::CachedContents, None)),
            ),
            (
                "POST",
                "/v1beta/models/m:batchGenerateContent",
                Some((Method::Batches, Some("m"))),
            ),
            (
                "POST",
                "/v1beta/batches/a:cancel",
                Some((Method::Batches, None)),
            ),
            ("GET", "/v1beta/files/a:download", None),
            ("PATCH", "/v1beta/files/a", None),
            ("GET", "/upload/v1beta/files", None),
            ("GET", "/v1beta/models/a/b", None),
            ("POST", "/v1beta/models/:generateContent", None),
            ("POST", "/v1beta/models/m:fly", None),
            ("POST", "/v1beta/models/m", None),
            ("DELETE", "/v1beta/models/m", None),
            ("GET", "/v2/models", None),
            ("GET", "/", None),
        ];
        for (http_method, path, expected) in cases {
            let http_method = http_method.parse().unwrap();
            let call = Call::parse(&http_method, path, "");
            let found = call
                .as_ref()
                .map(|call| (call.method, call.model.as_deref()));
            assert_eq!(found, expected, "{http_method} {path}");
        }
    }
}
