//! `countTokens`: the body around a request, and the answer (§6.6).
//!
//! The wrapper is the only form in which instructions and tools are counted; it excludes top-level
//! `contents`. What does not add to the prompt is left out of it: settings of generation and of
//! tools, safety, storage and tier were never seen in one, and Gemini refuses what it does not
//! expect (U5).

use serde::{Deserialize, Serialize};

use super::request::{Content, GenerateContentRequest, SystemInstruction, Tool};
use crate::{ModelName, UpstreamFault, json::Object, upstream_report};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CountTokensRequest<'a> {
    generate_content_request: CountedRequest<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CountedRequest<'a> {
    /// `models/M`: here it is in the body, and must be that of the path.
    model: String,
    contents: Vec<Content<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_instruction: Option<SystemInstruction<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
}

impl<'a> CountTokensRequest<'a> {
    /// Counts what `request` sends to `model`.
    pub(crate) fn new(model: &ModelName, request: GenerateContentRequest<'a>) -> Self {
        Self {
            generate_content_request: CountedRequest {
                model: format!("models/{model}"),
                contents: request.contents,
                system_instruction: request.system_instruction,
                tools: request.tools,
            },
        }
    }
}

/// How many tokens a prompt has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CountTokensResponse {
    total_tokens: Option<u64>,
}

impl CountTokensResponse {
    /// The count.
    ///
    /// # Errors
    /// `Reported` if it is an error report; `Truncated` or `Malformed` if it is not such an answer;
    /// `Empty` if there is no count, since no prompt is empty.
    pub(crate) fn parse(json: &[u8]) -> Result<u64, UpstreamFault> {
        if let Some(fault) = upstream_report::parse_report(json) {
            return Err(fault);
        }
        match serde_json::from_slice::<Object<Self>>(json) {
            Ok(Object(answer)) => answer.total_tokens.ok_or(UpstreamFault::Empty),
            Err(error) if error.is_eof() => Err(UpstreamFault::Truncated),
            Err(_) => Err(UpstreamFault::Malformed),
        }
    }
}
