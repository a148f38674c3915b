//! Finds the client key in a request: the four headers that SDKs use, exactly one value.
//!
//! It does not know which keys are valid. Keys in the URL are refused with a hint unless the deployment
//! takes them: URLs end up in logs and traces.

use std::borrow::Cow;

use gempool_relay::Switch;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};

use crate::refusal::Refusal;

/// Anthropic's SDKs, and the Azure flavor of OpenAI's.
const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Google's SDKs.
pub const X_GOOG_API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");

/// The one client key that the request presents.
///
/// # Errors
/// None at all, unreadable ones, or several that differ.
pub fn client_key<'a>(
    headers: &'a HeaderMap,
    query: Option<&'a str>,
    in_url: Switch,
) -> Result<Cow<'a, str>, Refusal> {
    let mut found: Option<&str> = None;
    for name in [AUTHORIZATION, X_API_KEY, X_GOOG_API_KEY] {
        for value in headers.get_all(&name) {
            let value = value.to_str().map_err(|_| Refusal::Unauthorized)?;
            let key = if name == AUTHORIZATION {
                without_scheme(value)
            } else {
                value.trim()
            };
            match found {
                Some(other) if other != key => return Err(Refusal::AmbiguousCredentials),
                _ => found = Some(key),
            }
        }
    }
    match (found, key_parameter(query), in_url) {
        (Some(key), None, _) | (Some(key), Some(_), Switch::Off) => Ok(Cow::Borrowed(key)),
        (Some(key), Some(other), Switch::On) if key == other => Ok(other),
        (Some(_), Some(_), Switch::On) => Err(Refusal::AmbiguousCredentials),
        (None, Some(key), Switch::On) => Ok(key),
        (None, Some(_), Switch::Off) => Err(Refusal::KeyInUrl),
        (None, None, _) => Err(Refusal::Unauthorized),
    }
}

/// Whether nobody says who asks.
pub fn is_anonymous(headers: &HeaderMap, query: Option<&str>) -> bool {
    let names = [AUTHORIZATION, X_API_KEY, X_GOOG_API_KEY];
    !names.iter().any(|name| headers.contains_key(name)) && key_parameter(query).is_none()
}

/// Whether the credential stands where Google's clients put their Gemini keys.
pub fn is_where_google_has_it(headers: &HeaderMap) -> bool {
    let others = [AUTHORIZATION, X_API_KEY];
    !others.iter().any(|name| headers.contains_key(name))
}

/// `Bearer KEY` or the bare key, as some tools send it.
fn without_scheme(value: &str) -> &str {
    let value = value.trim();
    match value.split_once(' ') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => rest.trim(),
        _ => value,
    }
}

/// The first `key` or `apikey` of the query, decoded.
fn key_parameter(query: Option<&str>) -> Option<Cow<'_, str>> {
    url::form_urlencoded::parse(query?.as_bytes())
        .find(|(name, _)| name == "key" || name == "apikey")
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn accepts_each_form_that_sdks_send() {
        for pairs in [
            [("authorization", "Bearer sk-pool-1")].as_slice(),
            &[("authorization", "bearer  sk-pool-1 ")],
            &[("authorization", "sk-pool-1")],
            &[("x-api-key", "sk-pool-1")],
            &[("x-goog-api-key", "sk-pool-1")],
            &[
                ("authorization", "Bearer sk-pool-1"),
                ("x-api-key", "sk-pool-1"),
            ],
        ] {
            assert_eq!(
                client_key(&headers(pairs), None, Switch::Off).unwrap(),
                "sk-pool-1",
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn refuses_credentials_that_differ() {
        for pairs in [
            [("authorization", "Bearer a"), ("authorization", "Bearer b")].as_slice(),
            &[("authorization", "Bearer a"), ("x-goog-api-key", "b")],
            &[("x-api-key", "a"), ("x-goog-api-key", "b")],
        ] {
            assert!(
                matches!(
                    client_key(&headers(pairs), None, Switch::Off),
                    Err(Refusal::AmbiguousCredentials)
                ),
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn a_key_in_the_url_is_refused_with_a_hint_and_never_used() {
        let none = HeaderMap::new();
        for query in ["key=sk-pool-1", "alt=sse&key=x", "apikey=x"] {
            assert!(matches!(
                client_key(&none, Some(query), Switch::Off),
                Err(Refusal::KeyInUrl)
            ));
        }
        assert!(matches!(
            client_key(&none, Some("monkey=1"), Switch::On),
            Err(Refusal::Unauthorized)
        ));
        assert!(matches!(
            client_key(&none, None, Switch::On),
            Err(Refusal::Unauthorized)
        ));
    }

    #[test]
    fn a_key_in_the_url_is_taken_where_that_is_switched_on() {
        let none = HeaderMap::new();
        let find = |headers: &HeaderMap, query| {
            client_key(headers, Some(query), Switch::On).map(Cow::into_owned)
        };
        assert_eq!(find(&none, "alt=sse&key=a%2Bb").unwrap(), "a+b");
        assert_eq!(find(&none, "apikey=k").unwrap(), "k");
        let other = headers(&[("x-api-key", "other")]);
        assert!(matches!(
            find(&other, "key=k"),
            Err(Refusal::AmbiguousCredentials)
        ));
    }
}
