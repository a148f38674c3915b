//! The endpoints of the compatibility page, in its order.
//!
//! Which of them a deployment serves is the router's to say.

use super::Parameter;
use crate::native;

/// An endpoint and what becomes of its parameters.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// The API whose endpoint it is, as its users call it.
    pub api: &'static str,
    /// Method and path.
    pub path: &'static str,
    /// What a reader must know beside the table; may be empty.
    pub remarks: &'static str,
    /// In the order in which they are read best.
    pub parameters: &'static [Parameter],
}

/// All endpoints with parameters.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint {
    api: "Gemini",
    path: "POST /v1beta/models/{model}:{method}",
    remarks: "Methods: `generateContent`, `streamGenerateContent`, `countTokens`, `embedContent`, \
              `batchEmbedContents`, `predict`. Also under `/v1`, `/v1alpha` and behind `/gemini`; Google is \
              always asked in `v1beta`. Bodies and answers pass byte for byte; what is listed here is all \
              that is changed.",
    parameters: native::PARAMETERS,
}];
