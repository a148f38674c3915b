//! The endpoints of the compatibility page, in its order.
//!
//! Which of them a deployment serves is the router's to say.

use super::Parameter;
use crate::{
    anthropic, chat, completions, embeddings, images, native, responses, speech, transcription,
};

/// An endpoint and what becomes of its parameters.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// The API whose endpoint it is, as its users call it.
    pub api: &'static str,
    /// Method and path.
    pub path: &'static str,
    /// What a reader must know beside the tables; may be empty.
    pub remarks: &'static str,
    /// Tables that together have every parameter once, in the order in which they are read best.
    pub tables: &'static [&'static [Parameter]],
}

/// All endpoints with parameters.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/chat/completions",
        remarks: "",
        tables: &[chat::PARAMETERS, chat::MESSAGE_PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/responses",
        remarks: "Nothing is kept between two requests: what needs that is refused.",
        tables: &[responses::PARAMETERS],
    },
    Endpoint {
        api: "Anthropic",
        path: "POST /v1/messages",
        remarks: "`POST /v1/messages/count_tokens` takes the same, and looks only at the form of what \
                  steers the answer.",
        tables: &[anthropic::PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/completions",
        remarks: "",
        tables: &[completions::PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/embeddings",
        remarks: "",
        tables: &[embeddings::PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/images/generations",
        remarks: "",
        tables: &[images::PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/images/edits",
        remarks: "As a form or as JSON.",
        tables: &[images::EDIT_PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/audio/speech",
        remarks: "",
        tables: &[speech::PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/audio/transcriptions",
        remarks: "Also `POST /v1/audio/translations`. As a form.",
        tables: &[transcription::PARAMETERS],
    },
    Endpoint {
        api: "Gemini",
        path: "POST /v1beta/models/{model}:{method}",
        remarks: "Methods: `generateContent`, `streamGenerateContent`, `countTokens`, `embedContent`, \
                  `batchEmbedContents`, `predict`. Also under `/v1`, `/v1alpha` and behind `/gemini`; \
                  Google is always asked in `v1beta`. Bodies and answers pass byte for byte; what is \
                  listed here is all that is changed.",
        tables: &[native::PARAMETERS],
    },
];
