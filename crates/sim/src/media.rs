//! The smallest thing that is what it says it is: a picture.

/// A blue PNG of two by two pixels, made for this file with zlib and nothing else.
pub(crate) const PNG_BASE64: &str = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mNwav0CRAwQCgAtugbtzz4KaAAAAABJRU5ErkJggg==";
