//! Paths under which other systems serve the same endpoints, so that a base URL need not be changed.
//!
//! Whole segments are taken off or put before, nothing else; what is left is looked up as it is.

/// Prefixes before `/v1/…` that other systems use: Google's own compatibility layer and its proxies,
/// Hugging Face's router, and bases that name the dialect.
const PREFIXES: [&str; 3] = ["/openai", "/hf", "/anthropic"];

/// Paths that mean one of `/v1`: base URLs without a version, and Open WebUI's.
const ALIASES: [(&str, &str); 11] = [
    ("/chat/completions", "/v1/chat/completions"),
    ("/completions", "/v1/completions"),
    ("/responses", "/v1/responses"),
    ("/embeddings", "/v1/embeddings"),
    ("/messages", "/v1/messages"),
    ("/api/chat/completions", "/v1/chat/completions"),
    ("/api/embeddings", "/v1/embeddings"),
    ("/api/models", "/v1/models"),
    ("/api/v1/chat/completions", "/v1/chat/completions"),
    ("/api/v1/embeddings", "/v1/embeddings"),
    ("/api/v1/models", "/v1/models"),
];

/// Versions of Google's API that are passed on as `v1beta`.
const VERSIONS: [&str; 3] = ["/v1beta/", "/v1alpha/", "/gemini/v1/"];

/// The path as the table of routes has it.
pub(super) fn canonical(path: &str) -> &str {
    let bare = PREFIXES.iter().find_map(|prefix| {
        let rest = path.strip_prefix(prefix)?;
        rest.starts_with("/v1/").then_some(rest)
    });
    let path = bare.unwrap_or(path);
    let alias = ALIASES.iter().find(|(alias, _)| *alias == path);
    alias.map_or(path, |(_, path)| *path)
}

/// Collections of Google's API that its SDK for Python asks for below `/v1/` (google-genai 3.4, 2026-11).
const COLLECTIONS: [&str; 3] = ["files", "cachedContents", "batches"];

/// What follows the version in a path of Google's API: `models/…`. `/v1/models/{model}:{method}` is one,
/// too, since no other API has a colon there; so are Google's collections.
pub(super) fn native(path: &str) -> Option<&str> {
    let unprefixed = path
        .strip_prefix("/gemini")
        .filter(|rest| VERSIONS.iter().any(|version| rest.starts_with(version)))
        .unwrap_or(path);
    let versioned = VERSIONS
        .iter()
        .find_map(|version| unprefixed.strip_prefix(version));
    versioned.or_else(|| {
        let rest = path.strip_prefix("/v1/")?;
        let collection = rest.split('/').next().unwrap_or_default();
        let is_call = rest.starts_with("models/") && rest.contains(':');
        (is_call || COLLECTIONS.contains(&collection)).then_some(rest)
    })
}

/// Whether this is a path of Google's API and of OpenAI's, whose files and batches are not served: who asks
/// tells which is meant.
pub(super) fn is_shared(path: &str) -> bool {
    let rest = path.strip_prefix("/v1/");
    rest.is_some_and(|rest| rest.starts_with("files") || rest.starts_with("batches"))
}

/// Whether this is where Google's API takes files. SDKs put the version in the middle.
pub(super) fn is_upload(path: &str) -> bool {
    let path = path.strip_prefix("/gemini").unwrap_or(path);
    matches!(
        path,
        "/upload/v1beta/files" | "/upload/v1alpha/files" | "/upload/v1/files"
    )
}
