//! Every route of the gateway in one table: path, method, who may call it.
//!
//! The path is the one that the host handed over, compared as it is: nothing is decoded, joined or
//! normalized, so that a gate and a handler can never disagree about it. Prefixes under which other
//! systems serve the same endpoints are in `tolerance`.

mod tolerance;

use gempool_translate::Dialect;
use gempool_translate::native::{
    Framing, NativeCall, NativePath, ResourceKind, ResourcePath, parse_path,
};
use http::{Method, Uri};

use crate::refusal::Refusal;

/// A route, with what its path says beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route<'a> {
    /// An endpoint that asks Gemini.
    Ask(Endpoint<'a>),
    /// `GET /v1/models`
    Models,
    /// `GET /v1/models/{id}`
    Model(&'a str),
    /// `GET /v1beta/models`
    NativeModels,
    /// `GET /v1beta/models/{id}`
    NativeModel(&'a str),
    /// `/v1beta/files` and its kin: what belongs to the key that made it.
    Resource(ResourcePath<'a>),
    /// `POST /upload/v1beta/files`, and the address that it gives for the steps that follow.
    Upload,
    /// `POST /api/chat/completed`
    ChatCompleted,
    /// `GET /v1/status`
    Status,
    /// `GET /keycount`
    KeyCount,
    /// `GET` and `DELETE /contribution`
    Contribution,
    /// `GET /health`
    Health,
}

/// An endpoint whose answer comes from Gemini. All take `POST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint<'a> {
    /// `/v1/chat/completions`
    ChatCompletions,
    /// `/v1/completions`
    Completions,
    /// `/v1/responses`
    Responses,
    /// `/v1/embeddings`
    Embeddings,
    /// `/v1/images/generations`
    ImageGenerations,
    /// `/v1/images/edits`
    ImageEdits,
    /// `/v1/audio/speech`
    Speech,
    /// `/v1/audio/transcriptions`
    Transcriptions,
    /// `/v1/audio/translations`
    Translations,
    /// `/v1/messages`
    Messages,
    /// `/v1/messages/count_tokens`
    CountTokens,
    /// `/v1beta/models/{model}:{method}`
    Native(NativeCall<'a>),
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// No credential is looked at.
    Anyone,
    /// One of the pool's client keys.
    ClientKey,
    /// Anybody where anybody may contribute a key, since badges show the number; else a client key.
    Contributors,
    /// A Gemini key that was brought to a pool of such.
    GeminiKey,
    /// Whoever knows the id of an upload under way, as at Google; without one, a client key.
    UploadId,
}

/// Every route whose path is fixed.
pub const ROUTES: [(&str, Route<'static>); 17] = [
    (
        "/v1/chat/completions",
        Route::Ask(Endpoint::ChatCompletions),
    ),
    ("/v1/completions", Route::Ask(Endpoint::Completions)),
    ("/v1/responses", Route::Ask(Endpoint::Responses)),
    ("/v1/embeddings", Route::Ask(Endpoint::Embeddings)),
    (
        "/v1/images/generations",
        Route::Ask(Endpoint::ImageGenerations),
    ),
    ("/v1/images/edits", Route::Ask(Endpoint::ImageEdits)),
    ("/v1/audio/speech", Route::Ask(Endpoint::Speech)),
    (
        "/v1/audio/transcriptions",
        Route::Ask(Endpoint::Transcriptions),
    ),
    ("/v1/audio/translations", Route::Ask(Endpoint::Translations)),
    ("/v1/messages", Route::Ask(Endpoint::Messages)),
    (
        "/v1/messages/count_tokens",
        Route::Ask(Endpoint::CountTokens),
    ),
    ("/v1/models", Route::Models),
    ("/api/chat/completed", Route::ChatCompleted),
    ("/v1/status", Route::Status),
    ("/keycount", Route::KeyCount),
    ("/contribution", Route::Contribution),
    ("/health", Route::Health),
];

impl Route<'_> {
    /// The methods; a route for `GET` answers `HEAD`, too.
    pub fn methods(self) -> &'static [Method] {
        const GET: &[Method] = &[Method::GET];
        const POST: &[Method] = &[Method::POST];
        const GET_POST: &[Method] = &[Method::GET, Method::POST];
        const POST_PUT: &[Method] = &[Method::POST, Method::PUT];
        const GET_DELETE: &[Method] = &[Method::GET, Method::DELETE];
        const GET_PATCH_DELETE: &[Method] = &[Method::GET, Method::PATCH, Method::DELETE];
        match self {
            Self::Ask(_) | Self::ChatCompleted => POST,
            Self::Resource(resource) => match resource {
                ResourcePath::All(ResourceKind::CachedContent) => GET_POST,
                ResourcePath::All(ResourceKind::File | ResourceKind::Batch) => GET,
                ResourcePath::One(ResourceKind::CachedContent, _) => GET_PATCH_DELETE,
                ResourcePath::One(ResourceKind::File | ResourceKind::Batch, _) => GET_DELETE,
                ResourcePath::CancelBatch(_) | ResourcePath::StartBatch { .. } => POST,
            },
            Self::Upload => POST_PUT,
            Self::Contribution => GET_DELETE,
            Self::Models
            | Self::Model(_)
            | Self::NativeModels
            | Self::NativeModel(_)
            | Self::Status
            | Self::KeyCount
            | Self::Health => GET,
        }
    }

    /// Who may call it. Only `/health` is always open: it tells nothing about keys and spends none.
    pub fn access(self) -> Access {
        match self {
            Self::Health => Access::Anyone,
            Self::KeyCount => Access::Contributors,
            Self::Contribution => Access::GeminiKey,
            Self::Upload => Access::UploadId,
            Self::Ask(_)
            | Self::Resource(_)
            | Self::Models
            | Self::Model(_)
            | Self::NativeModels
            | Self::NativeModel(_)
            | Self::ChatCompleted
            | Self::Status => Access::ClientKey,
        }
    }
}

impl Route<'_> {
    /// Whether it is one of Google's API, whose clients send Gemini keys.
    pub fn is_googles(self) -> bool {
        match self {
            Self::Ask(Endpoint::Native(_))
            | Self::NativeModels
            | Self::NativeModel(_)
            | Self::Resource(_)
            | Self::Upload => true,
            Self::Ask(_)
            | Self::Models
            | Self::Model(_)
            | Self::ChatCompleted
            | Self::Status
            | Self::KeyCount
            | Self::Contribution
            | Self::Health => false,
        }
    }
}

/// How an error is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorShape {
    /// As a dialect writes all its errors.
    Of(Dialect),
    /// As Google writes the error of a call that it would have answered in this framing.
    Native(Framing),
}

/// The shape that a path's client reads, whether the path is known or not: also a 404 is for a client.
pub fn error_shape(uri: &Uri, asker: Asker) -> ErrorShape {
    let path = tolerance::canonical(uri.path());
    if asker == Asker::Other && tolerance::is_shared(path) {
        return ErrorShape::Of(Dialect::OpenAi);
    }
    if path.starts_with("/v1/messages") {
        return ErrorShape::Of(Dialect::Anthropic);
    }
    if tolerance::is_upload(path) {
        return ErrorShape::Of(Dialect::Gemini);
    }
    let Some(rest) = tolerance::native(path) else {
        return ErrorShape::Of(Dialect::OpenAi);
    };
    match parse_path(rest) {
        Some(NativePath::Call(call)) => Framing::of(call, uri.query())
            .map_or(ErrorShape::Of(Dialect::Gemini), ErrorShape::Native),
        _ => ErrorShape::Of(Dialect::Gemini),
    }
}

/// Whose clients ask, where that decides what a path means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// They say so by a header that only Google's API has.
    Google,
    /// Everybody else.
    Other,
}

/// The route for `method` and `path`.
///
/// # Errors
/// Unknown path, or a known one with another method.
pub fn find<'a>(method: &Method, path: &'a str, asker: Asker) -> Result<Route<'a>, Refusal> {
    if asker == Asker::Other && tolerance::is_shared(path) {
        return Err(Refusal::NotFound);
    }
    let route = by_path(tolerance::canonical(path)).ok_or(Refusal::NotFound)?;
    let allowed = route.methods();
    let asked = match method {
        method if *method == Method::HEAD => &Method::GET,
        method => method,
    };
    if allowed.contains(asked) {
        Ok(route)
    } else {
        Err(Refusal::MethodNotAllowed { allowed })
    }
}

fn by_path(path: &str) -> Option<Route<'_>> {
    if tolerance::is_upload(path) {
        return Some(Route::Upload);
    }
    if let Some(rest) = tolerance::native(path) {
        return parse_path(rest).map(|native| match native {
            NativePath::Models => Route::NativeModels,
            NativePath::Model(id) => Route::NativeModel(id),
            NativePath::Call(call) => Route::Ask(Endpoint::Native(call)),
            NativePath::Resource(resource) => Route::Resource(resource),
        });
    }
    if let Some((_, route)) = ROUTES.iter().find(|(fixed, _)| *fixed == path) {
        return Some(*route);
    }
    let id = path.strip_prefix("/v1/models/")?;
    is_segment(id).then_some(Route::Model(id))
}

/// One segment of a path in plain letters: what is escaped could mean another path to somebody.
fn is_segment(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

#[cfg(test)]
pub(crate) mod tests;
