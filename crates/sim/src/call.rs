//! Which method of the API a path means.
//!
//! It does not look at headers or body.

use serde::{Deserialize, Serialize};

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
            Self::CountTokens | Self::ListModels | Self::GetModel => false,
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
}

impl Call {
    /// Understands `/v1beta/models/{m}:{method}` and its siblings; `None` is a 404.
    pub(crate) fn parse(http_method: &http::Method, path: &str) -> Option<Self> {
        let rest = ["/v1beta/", "/v1/", "/v1alpha/"]
            .iter()
            .find_map(|version| path.strip_prefix(version))?;
        if rest == "models" && http_method == http::Method::GET {
            return Some(Self {
                method: Method::ListModels,
                model: None,
            });
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
        })
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
            let call = Call::parse(&http_method, path);
            let found = call
                .as_ref()
                .map(|call| (call.method, call.model.as_deref()));
            assert_eq!(found, expected, "{http_method} {path}");
        }
    }
}
