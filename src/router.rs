//! Every route of the gateway in one table: path, method, who may call it.
//!
//! The path is the one that the host handed over, compared as it is: nothing is decoded, joined or
//! normalized, so that a gate and a handler can never disagree about it. Prefixes under which other
//! systems serve the same endpoints are in `tolerance`.

mod tolerance;

use gempool_translate::Dialect;
use http::Method;

use crate::refusal::Refusal;

/// An endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// `POST /v1/chat/completions`
    ChatCompletions,
    /// `POST /v1/completions`
    Completions,
    /// `POST /v1/responses`
    Responses,
    /// `POST /v1/embeddings`
    Embeddings,
    /// `POST /v1/images/generations`
    ImageGenerations,
    /// `POST /v1/images/edits`
    ImageEdits,
    /// `POST /v1/audio/speech`
    Speech,
    /// `POST /v1/audio/transcriptions`
    Transcriptions,
    /// `POST /v1/audio/translations`
    Translations,
    /// `POST /v1/messages`
    Messages,
    /// `POST /v1/messages/count_tokens`
    CountTokens,
    /// `GET /v1/models`
    Models,
    /// `GET /v1/models/{id}`
    Model,
    /// `POST /v1beta/models/{model}:{method}`
    Native,
    /// `GET /v1beta/models`
    NativeModels,
    /// `GET /v1beta/models/{model}`
    NativeModel,
    /// `POST /api/chat/completed`
    ChatCompleted,
    /// `GET /v1/status`
    Status,
    /// `GET /health`
    Health,
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// No credential is looked at.
    Anyone,
    /// One of the pool's client keys.
    ClientKey,
}

/// A route and what its path says beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    /// Which one.
    pub route: Route,
    /// For [`Route::Model`] the model's id, for the native routes what follows the version:
    /// `models/gemini-2.5-flash:countTokens`. Empty for all others.
    pub rest: &'a str,
}

impl Route {
    /// Every route there is.
    pub const ALL: [Self; 19] = [
        Self::ChatCompletions,
        Self::Completions,
        Self::Responses,
        Self::Embeddings,
        Self::ImageGenerations,
        Self::ImageEdits,
        Self::Speech,
        Self::Transcriptions,
        Self::Translations,
        Self::Messages,
        Self::CountTokens,
        Self::Models,
        Self::Model,
        Self::Native,
        Self::NativeModels,
        Self::NativeModel,
        Self::ChatCompleted,
        Self::Status,
        Self::Health,
    ];

    /// The path; of those with a variable end, what comes before it.
    pub fn path(self) -> &'static str {
        match self {
            Self::ChatCompletions => "/v1/chat/completions",
            Self::Completions => "/v1/completions",
            Self::Responses => "/v1/responses",
            Self::Embeddings => "/v1/embeddings",
            Self::ImageGenerations => "/v1/images/generations",
            Self::ImageEdits => "/v1/images/edits",
            Self::Speech => "/v1/audio/speech",
            Self::Transcriptions => "/v1/audio/transcriptions",
            Self::Translations => "/v1/audio/translations",
            Self::Messages => "/v1/messages",
            Self::CountTokens => "/v1/messages/count_tokens",
            Self::Models => "/v1/models",
            Self::Model => "/v1/models/",
            Self::Native | Self::NativeModel => "/v1beta/models/",
            Self::NativeModels => "/v1beta/models",
            Self::ChatCompleted => "/api/chat/completed",
            Self::Status => "/v1/status",
            Self::Health => "/health",
        }
    }

    /// The method; a route for `GET` answers `HEAD`, too.
    pub fn method(self) -> Method {
        match self {
            Self::ChatCompletions
            | Self::Completions
            | Self::Responses
            | Self::Embeddings
            | Self::ImageGenerations
            | Self::ImageEdits
            | Self::Speech
            | Self::Transcriptions
            | Self::Translations
            | Self::Messages
            | Self::CountTokens
            | Self::Native
            | Self::ChatCompleted => Method::POST,
            Self::Models
            | Self::Model
            | Self::NativeModels
            | Self::NativeModel
            | Self::Status
            | Self::Health => Method::GET,
        }
    }

    /// Who may call it. Only `/health` is open: it tells nothing about keys and spends none.
    pub fn access(self) -> Access {
        match self {
            Self::Health => Access::Anyone,
            _ => Access::ClientKey,
        }
    }

    /// A path of it that can be called.
    #[cfg(test)]
    pub(crate) fn example(self) -> String {
        let end = match self {
            Self::Model | Self::NativeModel => "gemini-2.5-flash",
            Self::Native => "gemini-2.5-flash:generateContent",
            _ => "",
        };
        format!("{}{end}", self.path())
    }
}

/// The dialect that a path is written in, known or not: an unknown path gets its 404 in the shape that
/// its client reads.
pub fn dialect_of(path: &str) -> Dialect {
    let path = tolerance::canonical(path);
    if path.starts_with("/v1/messages") {
        Dialect::Anthropic
    } else if tolerance::native(path).is_some() {
        Dialect::Gemini
    } else {
        Dialect::OpenAi
    }
}

/// The route for `method` and `path`.
///
/// # Errors
/// Unknown path, or a known one with another method.
pub fn find<'a>(method: &Method, path: &'a str) -> Result<Found<'a>, Refusal> {
    let found = by_path(tolerance::canonical(path)).ok_or(Refusal::NotFound)?;
    let allowed = found.route.method();
    if *method == allowed || (allowed == Method::GET && *method == Method::HEAD) {
        Ok(found)
    } else {
        Err(Refusal::MethodNotAllowed { allowed })
    }
}

fn by_path(path: &str) -> Option<Found<'_>> {
    if let Some(rest) = tolerance::native(path) {
        return native(rest);
    }
    let with = |route, rest| Some(Found { route, rest });
    let exact = Route::ALL
        .into_iter()
        .find(|route| !route.path().ends_with('/') && route.path() == path);
    if let Some(route) = exact {
        return with(route, "");
    }
    match path.strip_prefix(Route::Model.path()) {
        Some(id) if is_segment(id) => with(Route::Model, id),
        _ => None,
    }
}

/// `models`, `models/{model}` or `models/{model}:{method}`.
fn native(rest: &str) -> Option<Found<'_>> {
    let route = match rest.strip_prefix("models") {
        Some("") => Route::NativeModels,
        Some(model) => {
            let model = model.strip_prefix('/').filter(|model| is_segment(model))?;
            if model.contains(':') {
                Route::Native
            } else {
                Route::NativeModel
            }
        }
        None => return None,
    };
    Some(Found { route, rest })
}

/// One segment of a path in plain letters: what is escaped could mean another path to somebody.
fn is_segment(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b':'))
}

#[cfg(test)]
mod tests;
