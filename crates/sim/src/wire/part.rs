//! Parts of an answer.

use serde::Serialize;
use serde_json::{Map, Value};

/// One piece of data and what goes with it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Part {
    #[serde(flatten)]
    pub(crate) data: Data,
    #[serde(skip_serializing_if = "super::is_false")]
    pub(crate) thought: bool,
    /// Beside the data, never inside a call (§3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thought_signature: Option<String>,
}

/// `{"text": …}` and so on.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Data {
    Text(String),
    #[serde(rename = "inlineData")]
    Blob(Blob),
    FunctionCall(FunctionCall),
    /// As a script gives it.
    #[serde(untagged)]
    Given(Map<String, Value>),
}

/// `Blob`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Blob {
    pub(crate) mime_type: String,
    pub(crate) data: String,
}

/// `FunctionCall`; arguments are there although there are none.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FunctionCall {
    pub(crate) name: String,
    pub(crate) args: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
}

impl From<Data> for Part {
    fn from(data: Data) -> Self {
        Self {
            data,
            thought: false,
            thought_signature: None,
        }
    }
}

impl Part {
    pub(crate) fn text(text: &str) -> Self {
        Data::Text(text.to_owned()).into()
    }

    pub(crate) fn thought(text: &str) -> Self {
        Self {
            thought: true,
            ..Self::text(text)
        }
    }

    pub(crate) fn signed(self, thought_signature: Option<String>) -> Self {
        Self {
            thought_signature,
            ..self
        }
    }
}
