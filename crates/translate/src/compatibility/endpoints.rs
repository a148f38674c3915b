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
    /// What is refused though the API has it, and what such a refusal looks like there.
    pub unsupported: &'static str,
    /// Tables that together have every parameter once, in the order in which they are read best.
    pub tables: &'static [&'static [Parameter]],
}

/// All endpoints with parameters.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/chat/completions",
        remarks: "",
        unsupported: "more than one choice in a stream, sound of models that do not speak (and anything but \
                  `wav` and `pcm16`), `http:` addresses, ids of files that are not Gemini's, tools that \
                  Gemini has no counterpart of, cached content together with instructions or tools. Such a \
                  request gets status 400, `type` `invalid_request_error`, `code` `unsupported_value` or \
                  another of OpenAI's, and the field in `param`.",
        tables: &[chat::PARAMETERS, chat::MESSAGE_PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/responses",
        remarks: "Nothing is kept between two requests: what needs that is refused.",
        unsupported: "whatever needs a server that keeps something, tools of OpenAI's without a counterpart \
                  (`file_search`, `mcp`, `shell` …), models for speech. Such a request gets status 400 as \
                  in chat, and the message says what to do instead.",
        tables: &[responses::PARAMETERS],
    },
    Endpoint {
        api: "Anthropic",
        path: "POST /v1/messages",
        remarks: "`POST /v1/messages/count_tokens` takes the same, and looks only at the form of what \
                  steers the answer.",
        unsupported: "MCP servers, `container_upload`, tools for computers and browsers, toolsets. Such a \
                  request gets status 400 and an error of `type` `invalid_request_error`, whose message \
                  names the field.",
        tables: &[anthropic::PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/completions",
        remarks: "",
        unsupported: "`suffix`, prompts of token ids, log probabilities of the prompt, several choices or \
                  prompts in a stream. Such a request gets status 400 as in chat.",
        tables: &[completions::PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/embeddings",
        remarks: "",
        unsupported: "token ids, a single text beyond 4 MiB, more dimensions than the model has. Such a \
                  request gets status 400 as in chat.",
        tables: &[embeddings::PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/images/generations",
        remarks: "",
        unsupported: "transparent images, `webp`, `gif` and `svg`, animations, several images in a stream. \
                  Such a request gets status 400 as in chat.",
        tables: &[images::PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/images/edits",
        remarks: "As a form or as JSON. Beside these, it takes what generations take.",
        unsupported: "masks and overlays, and what generations do not support. Such a request gets status 400 \
                  as in chat.",
        tables: &[images::EDIT_PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/audio/speech",
        remarks: "",
        unsupported: "compressed formats, custom voices, models that do not speak. Such a request gets status \
                  400 as in chat.",
        tables: &[speech::PARAMETERS],
    },
    Endpoint {
        api: "OpenAI",
        path: "POST /v1/audio/transcriptions",
        remarks: "Also `POST /v1/audio/translations`. As a form.",
        unsupported: "formats with times, telling speakers apart, probabilities. Such a request gets status \
                  400 as in chat.",
        tables: &[transcription::PARAMETERS],
    },
    Endpoint {
        api: "Gemini",
        path: "POST /v1beta/models/{model}:{method}",
        remarks: "Methods: `generateContent`, `streamGenerateContent`, `countTokens`, `embedContent`, \
                  `batchEmbedContents`, `predict`. Also under `/v1`, `/v1alpha` and behind `/gemini`; \
                  Google is always asked in `v1beta`. Bodies and answers pass byte for byte; what is \
                  listed here is all that is read or changed.",
        unsupported: "every other method, and tuned models. Such a request gets \
                  status 404 in Google's shape. What Google refuses comes as Google's own error.",
        tables: &[native::PARAMETERS],
    },
    Endpoint {
        api: "Gemini",
        path: "POST /upload/v1beta/files, /v1beta/files, /v1beta/cachedContents, /v1beta/batches",
        remarks: "Uploads resumable, `raw` and `multipart`, at most 32 MiB a request; `GET` and `DELETE` of \
                  files; caches with `PATCH`; `models/{model}:batchGenerateContent` and \
                  `:asyncBatchEmbedContent`, `batches/{id}:cancel`. Also under `/v1`, `/v1alpha` and behind \
                  `/gemini`. Each goes to the key that made it, and what mentions it, in any API, does too; \
                  two of different keys in one request are a 400.",
        unsupported: "downloads, file search stores, registering files of Cloud Storage. Such a request gets \
                  status 404 in Google's shape, and so does what another client key has made.",
        tables: &[native::RESOURCE_PARAMETERS],
    },
];
