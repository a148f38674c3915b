//! Finds the one credential of a request, as strictly as Google does.
//!
//! It does not decide whether the key exists.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::google_error::GoogleError;

/// The key of a request that carries exactly one.
///
/// # Errors
/// None at all, more than one, or only one of a kind that the API does not take.
pub(crate) fn find_key(headers: &HeaderMap, query: Option<&str>) -> Result<String, GoogleError> {
    let in_headers = headers
        .get_all("x-goog-api-key")
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let in_query = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .filter(|(name, _)| name == "key")
        .map(|(_, value)| value.into_owned());
    let mut keys = in_headers.chain(in_query);
    let has_authorization = headers.contains_key(AUTHORIZATION);
    match (keys.next(), keys.next(), has_authorization) {
        (Some(key), None, false) => Ok(key),
        (None, _, false) => Err(GoogleError::missing_credential()),
        (None, _, true) => Err(GoogleError::access_token_unsupported()),
        (Some(_), _, _) => Err(GoogleError::multiple_credentials()),
    }
}

/// Any key in the request, for the record, where the credentials may be wrong.
pub(crate) fn any_key(headers: &HeaderMap, query: Option<&str>) -> Option<String> {
    if let Some(value) = headers.get("x-goog-api-key") {
        return Some(String::from_utf8_lossy(value.as_bytes()).into_owned());
    }
    url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "key")
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_exactly_one_credential() {
        let key = ("x-goog-api-key", "k");
        let bearer = ("authorization", "Bearer t");
        type Header = (&'static str, &'static str);
        let cases: [(&[Header], &str, Result<&str, u16>); 8] = [
            (&[key], "", Ok("k")),
            (&[], "alt=sse&key=k", Ok("k")),
            (&[], "", Err(403)),
            (&[key], "key=k", Err(400)),
            (&[key, key], "", Err(400)),
            (&[key, bearer], "", Err(400)),
            (&[bearer], "key=k", Err(400)),
            (&[bearer], "", Err(401)),
        ];
        for (headers, query, expected) in cases {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(*name, value.parse().unwrap());
            }
            let found = find_key(&map, Some(query));
            let found = found
                .as_deref()
                .map_err(|error| error.http_status().as_u16());
            assert_eq!(found, expected, "{headers:?} {query}");
        }
    }
}
