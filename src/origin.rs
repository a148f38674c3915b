//! Under which origin a client reaches us, for the one answer that must hold an absolute address.
//!
//! Google's SDKs take the address at which an upload goes on only as a whole (google-genai 3.4 for Python sends
//! the bytes exactly there; @google/genai 2.32 parses it before it puts its own base in). Nothing is decided by
//! the origin: whoever sends a wrong `host` is told a wrong address, alone, since no answer may be stored.

use http::header::HOST;
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderMap, HeaderName};

/// What proxies that end TLS say.
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// Longest authority, in bytes: a name of 253 and a port.
const AUTHORITY_BYTES_MAX: usize = 260;

/// `scheme://host[:port]`, or nothing if the request does not say one that is safe to repeat: an address from
/// the root is left then.
pub fn origin(head: &Parts) -> String {
    let Some(authority) = authority(head) else {
        return String::new();
    };
    let scheme = if is_https(head) { "https" } else { "http" };
    format!("{scheme}://{authority}")
}

fn authority(head: &Parts) -> Option<&str> {
    let authority = match head.uri.authority() {
        Some(authority) => authority.as_str(),
        None => the_only(&head.headers, &HOST)?,
    };
    let is_plain = (1..=AUTHORITY_BYTES_MAX).contains(&authority.len())
        && authority
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    is_plain.then_some(authority)
}

/// A proxy may add TLS and never takes it away.
fn is_https(head: &Parts) -> bool {
    head.uri.scheme() == Some(&Scheme::HTTPS)
        || the_only(&head.headers, &X_FORWARDED_PROTO)
            .is_some_and(|proto| proto.eq_ignore_ascii_case("https"))
}

fn the_only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn is_what_the_request_says_where_that_is_safe() {
        for (uri, headers, expected) in [
            (
                "/x",
                &[("host", "pool.test:8080")][..],
                "http://pool.test:8080",
            ),
            ("/x", &[("host", "[::1]:3000")], "http://[::1]:3000"),
            (
                "/x",
                &[("host", "pool.test"), ("x-forwarded-proto", "https")],
                "https://pool.test",
            ),
            (
                "https://pool.test/x",
                &[("host", "other")],
                "https://pool.test",
            ),
            (
                "https://pool.test/x",
                &[("x-forwarded-proto", "http")],
                "https://pool.test",
            ),
            ("/x", &[], ""),
            ("/x", &[("host", "")], ""),
            ("/x", &[("host", "a"), ("host", "b")], ""),
            ("/x", &[("host", "localhost/#@x")], ""),
            ("/x", &[("host", "x?y")], ""),
            ("/x", &[("host", "user@pool.test")], ""),
            ("/x", &[("host", "a b")], ""),
        ] {
            let mut request = Request::builder().uri(uri);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let (head, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(origin(&head), expected, "{uri} {headers:?}");
        }
    }
}
