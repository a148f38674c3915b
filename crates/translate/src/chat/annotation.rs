//! `annotations`: what an answer cites (N1, N3).
//!
//! The wire shape only; spans come from [`CitedText`](crate::answer::CitedText).

use serde::Serialize;

use crate::answer::Citation;

/// An entry of `annotations`.
#[derive(Serialize)]
pub(super) struct Annotation {
    r#type: &'static str,
    url_citation: UrlCitation,
}

#[derive(Serialize)]
struct UrlCitation {
    start_index: usize,
    /// One past the last character, as in Python's slices.
    end_index: usize,
    url: String,
    title: String,
}

impl From<Citation> for Annotation {
    fn from(citation: Citation) -> Self {
        Self {
            r#type: "url_citation",
            url_citation: UrlCitation {
                start_index: citation.chars.start,
                end_index: citation.chars.end,
                url: citation.url,
                title: citation.title,
            },
        }
    }
}
