//! The table of embedded files: what `build.rs` found in `ui/dist`, with its compressed variants.
//!
//! It holds bytes and facts about them; which variant a client gets is decided in
//! [`crate::encoding`], which path means which file in [`crate::path`].

/// The files this component was built with. Empty in a native build without `ui/dist` (lints and
/// unit tests need no page); a `wasm32` build without it fails in `build.rs`.
pub static EMBEDDED: Site = Site {
    assets: include!(concat!(env!("OUT_DIR"), "/assets.rs")),
};

/// The path, inside a [`Site`], of the page that answers every client route.
pub const PAGE: &str = "index.html";

/// A set of files that never changes while the component runs.
#[derive(Debug)]
pub struct Site {
    /// Sorted by [`Asset::path`] in byte order, each path once.
    pub assets: &'static [Asset],
}

/// One file.
#[derive(Debug)]
pub struct Asset {
    /// Relative to the root, without a leading slash: `assets/index-Bx3kQ9aZ.js`.
    pub path: &'static str,
    /// Value of `Content-Type`, with a charset for text.
    pub content_type: &'static str,
    /// How long a browser may keep it.
    pub lifetime: Lifetime,
    /// The file as it is.
    pub identity: Variant,
    /// The file compressed with gzip, where that is smaller.
    pub gzip: Option<Variant>,
    /// The file compressed with Brotli, where that is smaller.
    pub brotli: Option<Variant>,
}

/// The bytes of one file in one encoding.
#[derive(Debug)]
pub struct Variant {
    /// What is sent.
    pub bytes: &'static [u8],
    /// Strong entity tag with its quotes, made from the SHA-256 of exactly these bytes, so that two
    /// encodings never share one.
    pub etag: &'static str,
}

/// Whether the content behind a path can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// The path contains a hash of the content, so the content never changes.
    Immutable,
    /// The content changes with the next release and must be asked for again each time.
    Revalidate,
}

impl Site {
    /// Finds a file by its exact path, without a leading slash.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&'static Asset> {
        let index = self
            .assets
            .binary_search_by(|asset| asset.path.cmp(path))
            .ok()?;
        self.assets.get(index)
    }
}
