//! What a request path asks for: a file, the page, or nothing.
//!
//! It decodes `%XX` exactly once and never looks at the query. No path reaches a file system, so a
//! traversal could not leave the table anyway; it is refused all the same, like every malformed path.

use crate::site::{Asset, PAGE, Site};

/// Routes that the page itself understands; it draws its own "not found" below `/admin/`.
const CLIENT_ROUTES: [&str; 3] = ["", "login", "admin"];
const CLIENT_ROUTE_PREFIX: &str = "admin/";

/// Resolves the path of a request (as sent: encoded, without the query) to a file of `site`; for a
/// client route that is the page. `None` when nothing has this name, and when the path is malformed,
/// contains control characters or a backslash, or tries to leave the root.
#[must_use]
pub fn resolve(site: &Site, raw_path: &str) -> Option<&'static Asset> {
    let path = decode(raw_path.strip_prefix('/')?)?;
    if is_unsafe(&path) {
        return None;
    }
    site.find(if is_client_route(&path) { PAGE } else { &path })
}

/// A name with an extension is a file: a missing script must be 404, not a page with status 200,
/// or a browser holding an old page would run HTML as JavaScript.
fn is_client_route(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    let last_segment = path.rsplit('/').next().unwrap_or(path);
    CLIENT_ROUTES.contains(&path)
        || (path.starts_with(CLIENT_ROUTE_PREFIX) && !last_segment.contains('.'))
}

fn is_unsafe(path: &str) -> bool {
    path.chars().any(|c| c.is_control() || c == '\\')
        || path
            .split('/')
            .any(|segment| segment == "." || segment == "..")
}

/// Replaces each `%XX` once; `None` when an escape is cut or not hexadecimal, or the result is not UTF-8.
fn decode(raw: &str) -> Option<String> {
    let mut bytes = raw.bytes();
    let mut decoded = Vec::with_capacity(raw.len());
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            hex_digit(bytes.next()?)? * 16 + hex_digit(bytes.next()?)?
        } else {
            byte
        });
    }
    String::from_utf8(decoded).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
