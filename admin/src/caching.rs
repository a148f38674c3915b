//! Cache rules: how long a file may be kept, and whether the client already has it.
//!
//! It knows no dates: without `Last-Modified` there is nothing for `If-Modified-Since` to compare.

use http::{HeaderMap, HeaderValue, header};

use crate::site::Lifetime;

/// Errors must not outlive their cause.
pub const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// One year, the longest time RFC 9111 section 1.2.2 caches are meant to honor: "forever" in practice.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Keep it, but ask each time: the page names the hashed files of one release.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Value of `Cache-Control` for a file.
#[must_use]
pub fn cache_control(lifetime: Lifetime) -> HeaderValue {
    match lifetime {
        Lifetime::Immutable => IMMUTABLE,
        Lifetime::Revalidate => REVALIDATE,
    }
}

/// Whether the `If-None-Match` lines in `headers` name `etag` (strong, with quotes), so that the
/// answer is 304. Compared weakly, as RFC 9110 section 13.1.2 demands: a proxy that compressed the
/// body may have weakened the tag. `*` names every file there is. A malformed list matches nothing.
#[must_use]
pub fn client_has(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .any(|line| line.trim() == "*" || names_tag(line, etag))
}

/// Walks a list of entity tags. Splitting at commas would be wrong: a tag may contain one.
fn names_tag(list: &str, etag: &str) -> bool {
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let tag = rest.strip_prefix("W/").unwrap_or(rest);
        let Some(opaque) = tag.strip_prefix('"') else {
            return false;
        };
        let Some((opaque, after)) = opaque.split_once('"') else {
            return false;
        };
        if etag.strip_prefix('"').and_then(|e| e.strip_suffix('"')) == Some(opaque) {
            return true;
        }
        rest = after;
    }
}
