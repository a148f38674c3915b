//! Which method of which model a path names: an allow-list, since the rest of the path would be
//! Google's to interpret (U14, SEC-017).
//!
//! It knows no HTTP verbs, no version prefix and no aliases.

use super::resource_path::{self, ResourcePath};
use crate::{Method, ModelName};

/// What a path below `/v1beta`, `/v1` or `/v1alpha` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NativePath<'a> {
    /// `models`: `GET` lists.
    Models,
    /// `models/{model}`: `GET` describes.
    Model(&'a str),
    /// `models/{model}:{method}`: `POST` calls.
    Call(NativeCall<'a>),
    /// What belongs to one key's project.
    Resource(ResourcePath<'a>),
}

/// A method of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NativeCall<'a> {
    /// As the client wrote it: an alias, or a name with prefix and suffixes.
    pub model: &'a str,
    /// What to do with it.
    pub method: NativeMethod,
}

/// Methods that are passed through.
///
/// `predictLongRunning` is not: what it starts belongs to one key's project and is asked for again later
/// (U12), and nothing here follows operations. Batches are [`ResourcePath`]'s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NativeMethod {
    /// `generateContent`
    Generate,
    /// `streamGenerateContent`
    StreamGenerate,
    /// `countTokens`
    CountTokens,
    /// `embedContent`
    Embed,
    /// `batchEmbedContents`
    BatchEmbed,
    /// `predict`: Imagen.
    Predict,
}

/// Google's names of methods (U1). They are case-sensitive, as Google's paths are.
const METHODS: [(&str, NativeMethod); 6] = [
    ("generateContent", NativeMethod::Generate),
    ("streamGenerateContent", NativeMethod::StreamGenerate),
    ("countTokens", NativeMethod::CountTokens),
    ("embedContent", NativeMethod::Embed),
    ("batchEmbedContents", NativeMethod::BatchEmbed),
    ("predict", NativeMethod::Predict),
];

/// Longest model in a path, in bytes: a model's name (64), a vendor's prefix and the longest suffix,
/// with room for an alias.
const MAX_MODEL_BYTES: usize = 128;

impl NativeMethod {
    /// The method of Gemini that answers it.
    #[must_use]
    pub fn upstream(self) -> Method {
        match self {
            Self::Generate | Self::StreamGenerate => Method::Generate,
            Self::CountTokens => Method::CountTokens,
            Self::Embed => Method::Embed,
            Self::BatchEmbed => Method::BatchEmbed,
            Self::Predict => Method::Predict,
        }
    }
}

/// Reads what follows the version in a path, with or without its first slash. `None`, a 404, is for
/// everything that is not one of [`NativePath`]'s forms with a method of the allow-list and a model or an
/// id that cannot change the URL; `tunedModels/…` among it, because those belong to one key's project and
/// nobody remembers which (U12, SEC-016), and anything percent-encoded, because no name needs it.
///
/// The method stands after the last colon (§9): `models/gemini-3.8-flash:search:generateContent` is
/// `generateContent` of `gemini-3.8-flash:search`.
#[must_use]
pub fn parse_path(path: &str) -> Option<NativePath<'_>> {
    let path = path.strip_prefix('/').unwrap_or(path);
    if let Some(resource) = resource_path::parse(path) {
        return Some(NativePath::Resource(resource));
    }
    let rest = path.strip_prefix("models")?;
    if rest.is_empty() {
        return Some(NativePath::Models);
    }
    let target = rest.strip_prefix('/')?;
    let Some((model, method)) = model_and_method(target) else {
        return is_safe(target).then_some(NativePath::Model(target));
    };
    let (_, method) = METHODS.iter().find(|(name, _)| *name == method)?;
    is_safe(model).then_some(NativePath::Call(NativeCall {
        model,
        method: *method,
    }))
}

/// Splits `{model}:{method}`, where suffixes of the model may have colons, too.
pub(super) fn model_and_method(target: &str) -> Option<(&str, &str)> {
    target.rsplit_once(':')
}

/// Whether `model` is a model's name, perhaps with suffixes after colons. That it can be resolved is
/// not said.
pub(super) fn is_safe(model: &str) -> bool {
    let mut pieces = model.split(':');
    let named = pieces
        .next()
        .is_some_and(|name| name.parse::<ModelName>().is_ok());
    let is_suffix = |piece: &str| {
        !piece.is_empty()
            && piece
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    model.len() <= MAX_MODEL_BYTES && named && pieces.all(is_suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(model: &str, method: NativeMethod) -> Option<NativePath<'_>> {
        Some(NativePath::Call(NativeCall { model, method }))
    }

    #[test]
    fn knows_the_methods_of_the_allow_list_u1() {
        for (name, method) in METHODS {
            let path = format!("models/gemini-3.8-flash:{name}");
            assert_eq!(parse_path(&path), call("gemini-3.8-flash", method));
            assert_eq!(
                parse_path(&format!("/{path}")),
                call("gemini-3.8-flash", method)
            );
            if method != NativeMethod::StreamGenerate {
                assert_eq!(method.upstream().as_str(), name);
            }
        }
        assert_eq!(NativeMethod::StreamGenerate.upstream(), Method::Generate);
        assert_eq!(parse_path("models"), Some(NativePath::Models));
        assert_eq!(
            parse_path("models/gemini-embedding-2"),
            Some(NativePath::Model("gemini-embedding-2"))
        );
    }

    #[test]
    fn the_method_stands_after_the_last_colon_and_prefixes_stay_u14() {
        for model in [
            "gemini-3.8-flash:search",
            "gemini-3.8-flash-search",
            "models/gemini-3.8-flash",
            "google/gemini-3.8-flash",
            "gpt-4o",
        ] {
            let path = format!("models/{model}:countTokens");
            assert_eq!(parse_path(&path), call(model, NativeMethod::CountTokens));
        }
    }

    #[test]
    fn nothing_that_could_change_the_url_gets_through_u14() {
        let long = format!("models/{}:generateContent", "g:a".repeat(50));
        for path in [
            "",
            "/",
            "models/",
            "modelsx",
            "//models",
            "Models/x:generateContent",
            "models/:generateContent",
            "models/x:",
            "models/x:search",
            "models/x:GenerateContent",
            "models/x:predictLongRunning",
            "models/x:generateContent/",
            "models/x:generateContent?alt=sse",
            "models/x:generateContent:",
            "models/x:generateContent#",
            "models/x::generateContent",
            "models/x:a/b:generateContent",
            "models/x:%61:generateContent",
            "models/x?y:generateContent",
            "models/x#y:generateContent",
            "models/a%2fb:generateContent",
            "models/gemini%2D3:generateContent",
            "models/x%3AgenerateContent",
            "models/../files:generateContent",
            "models/a/b:generateContent",
            "models/a..b:generateContent",
            "models/a b:generateContent",
            "models/a\r\nb:generateContent",
            "models/gemini-é:generateContent",
            "models/@x:generateContent",
            "tunedModels/x:generateContent",
            "models/tunedModels/x:generateContent",
            "files/abc:download",
            "fileSearchStores/abc",
            "interactions",
            &long,
        ] {
            assert_eq!(parse_path(path), None, "{path}");
        }
    }
}
