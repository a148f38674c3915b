//! Paths of what belongs to one key's project: files, caches and batches (U12).
//!
//! An allow-list like that of methods, with no form for `:download`: what Gemini made can be large, and
//! the SDK follows redirects for it.

use super::path::{is_safe, model_and_method};

/// Longest id, in bytes. Files have up to 40 characters (<https://ai.google.dev/api/files>), caches and
/// batches were seen with 36 to 40 (November 2026).
const MAX_ID_BYTES: usize = 64;

/// A resource, or all of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourcePath<'a> {
    /// `files`, `cachedContents`, `batches`: `GET` lists.
    All(ResourceKind),
    /// `files/{id}` and its kin: `GET` describes, `DELETE` ends it.
    One(ResourceKind, &'a str),
    /// `batches/{id}:cancel`: `POST`
    CancelBatch(&'a str),
    /// `models/{model}:batchGenerateContent` and its kin: `POST`
    StartBatch {
        /// As the client wrote it.
        model: &'a str,
        /// What each request of the batch is.
        of: BatchOf,
    },
}

/// What belongs to the project of the key that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResourceKind {
    /// An uploaded file, kept for 48 hours.
    File,
    /// A prompt that is paid for once.
    CachedContent,
    /// Requests that are answered within a day.
    Batch,
}

/// What a batch is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchOf {
    /// `batchGenerateContent`
    Generate,
    /// `asyncBatchEmbedContent`
    Embed,
}

impl ResourceKind {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::File, Self::CachedContent, Self::Batch];

    /// Google's name of the collection, which begins each resource's name and is the field of a list.
    #[must_use]
    pub fn collection(self) -> &'static str {
        match self {
            Self::File => "files",
            Self::CachedContent => "cachedContents",
            Self::Batch => "batches",
        }
    }
}

impl BatchOf {
    /// Google's name of the method.
    #[must_use]
    pub fn method(self) -> &'static str {
        match self {
            Self::Generate => "batchGenerateContent",
            Self::Embed => "asyncBatchEmbedContent",
        }
    }
}

/// Reads what follows the version in a path.
pub(super) fn parse(path: &str) -> Option<ResourcePath<'_>> {
    if let Some(target) = path.strip_prefix("models/") {
        let (model, method) = model_and_method(target)?;
        let of = [BatchOf::Generate, BatchOf::Embed];
        let of = of.into_iter().find(|of| of.method() == method)?;
        return is_safe(model).then_some(ResourcePath::StartBatch { model, of });
    }
    ResourceKind::ALL.into_iter().find_map(|kind| {
        let rest = path.strip_prefix(kind.collection())?;
        if rest.is_empty() {
            return Some(ResourcePath::All(kind));
        }
        let id = rest.strip_prefix('/')?;
        if let (ResourceKind::Batch, Some(id)) = (kind, id.strip_suffix(":cancel")) {
            return is_id(id).then_some(ResourcePath::CancelBatch(id));
        }
        is_id(id).then_some(ResourcePath::One(kind, id))
    })
}

/// Letters that mean nothing in a URL.
fn is_id(id: &str) -> bool {
    (1..=MAX_ID_BYTES).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_files_caches_and_batches() {
        for (path, expected) in [
            ("files", ResourcePath::All(ResourceKind::File)),
            (
                "files/abc-1",
                ResourcePath::One(ResourceKind::File, "abc-1"),
            ),
            (
                "cachedContents",
                ResourcePath::All(ResourceKind::CachedContent),
            ),
            (
                "cachedContents/1e9odc8cm11aab2truxzl4pdxjjxtss4k3gvture",
                ResourcePath::One(
                    ResourceKind::CachedContent,
                    "1e9odc8cm11aab2truxzl4pdxjjxtss4k3gvture",
                ),
            ),
            ("batches", ResourcePath::All(ResourceKind::Batch)),
            ("batches/x", ResourcePath::One(ResourceKind::Batch, "x")),
            ("batches/x:cancel", ResourcePath::CancelBatch("x")),
            (
                "models/gemini-3.8-flash:batchGenerateContent",
                ResourcePath::StartBatch {
                    model: "gemini-3.8-flash",
                    of: BatchOf::Generate,
                },
            ),
            (
                "models/gemini-embedding-2:asyncBatchEmbedContent",
                ResourcePath::StartBatch {
                    model: "gemini-embedding-2",
                    of: BatchOf::Embed,
                },
            ),
        ] {
            assert_eq!(parse(path), Some(expected), "{path}");
        }
    }

    #[test]
    fn downloads_and_everything_else_are_unknown_sec016() {
        let long = format!("files/{}", "a".repeat(MAX_ID_BYTES + 1));
        for path in [
            "files/",
            "filesx",
            "files/a:download",
            "files/a/b",
            "files/..",
            "files/a%2fb",
            "files/a?b",
            "files:register",
            "files/a:cancel",
            "cachedContents/a:cancel",
            "batches/:cancel",
            "batches/a:delete",
            "batches/a:updateGenerateContentBatch",
            "fileSearchStores/a",
            "corpora",
            "tunedModels/a",
            "operations/a",
            "models/m:predictLongRunning",
            "models/m:batchEmbedContent",
            "models/..:batchGenerateContent",
            "dynamic/x:batchGenerateContent",
            &long,
        ] {
            assert_eq!(parse(path), None, "{path}");
        }
    }
}
