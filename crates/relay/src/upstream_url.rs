//! Where Gemini is, and the paths of its methods there.
//!
//! The address comes from the deployment alone, never from a request. No URL built here holds a
//! credential or a character that a client chose freely: model names are checked before.

use std::fmt;
use std::str::FromStr;

use gempool_translate::native::{BatchOf, ResourceKind};
use gempool_translate::{Method, ModelName};
use url::{Host, Url};

use crate::upload::UploadId;

/// Models asked for in one page of a list; Google's own maximum (API reference `models.list`, 2026-11).
const MODELS_PAGE_SIZE: u16 = 1_000;

/// Longest path in front of the API's own, in bytes: gateways put an account and a name there.
const PREFIX_BYTES_MAX: usize = 256;

/// Where a Gemini API begins: an origin, and perhaps a path of a gateway in front of it.
#[derive(Clone, PartialEq, Eq)]
pub struct UpstreamUrl {
    /// No slash at the end.
    base: String,
}

/// Why an address cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidUpstream(String);

impl FromStr for UpstreamUrl {
    type Err = InvalidUpstream;

    /// Accepts `https://host[:port]`, and `http://` for loopback only: over plain HTTP every key
    /// would travel readable.
    fn from_str(text: &str) -> Result<Self, InvalidUpstream> {
        let url = Url::parse(text)
            .map_err(|error| InvalidUpstream(format!("not a URL ({error}); write https://host")))?;
        let Some(host) = url.host() else {
            return Err(InvalidUpstream("no host; write https://host".to_owned()));
        };
        let loopback = match &host {
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => {
                return Err(InvalidUpstream(
                    "must use https: over http the keys travel readable (http is for loopback)"
                        .to_owned(),
                ));
            }
            other => {
                return Err(InvalidUpstream(format!(
                    "scheme `{other}` is not supported; write https://host"
                )));
            }
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidUpstream(
                "must not contain a user name or password".to_owned(),
            ));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidUpstream(
                "must end after the host: remove the path (`/v1beta` is added where needed)"
                    .to_owned(),
            ));
        }
        Ok(Self {
            base: url.origin().ascii_serialization(),
        })
    }
}

impl fmt::Debug for UpstreamUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

impl UpstreamUrl {
    /// The same origin with `path` before every path of the API; an empty one adds nothing.
    ///
    /// # Errors
    /// A path of other characters than letters, digits, `/`, `.`, `_` and `-`: what is escaped could mean another
    /// path to somebody.
    pub(crate) fn with_path(mut self, path: &str) -> Result<Self, InvalidUpstream> {
        let path = path.trim_matches('/');
        let plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-');
        if path.len() > PREFIX_BYTES_MAX || !path.bytes().all(plain) || path.contains("..") {
            return Err(InvalidUpstream(format!(
                "the path is of letters, digits, `/`, `.`, `_` and `-`, at most {PREFIX_BYTES_MAX} of them"
            )));
        }
        if !path.is_empty() {
            self.base.push('/');
            self.base.push_str(path);
        }
        Ok(self)
    }

    /// `scheme://host[:port]` and the path of a gateway, no trailing slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// URL of one of the paths made here.
    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

/// Path of a method that gives one whole answer.
pub(crate) fn call_path(model: &ModelName, method: Method) -> String {
    format!("/v1beta/models/{model}:{}", method.as_str())
}

/// Path that streams an answer. `alt=sse` always: without it the answer is one JSON array.
pub(crate) fn stream_path(model: &ModelName) -> String {
    format!("/v1beta/models/{model}:streamGenerateContent?alt=sse")
}

/// Path of a page of the model list. The token is Google's and is escaped.
pub(crate) fn models_path(page_token: Option<&str>) -> String {
    let mut path = format!("/v1beta/models?pageSize={MODELS_PAGE_SIZE}");
    if let Some(token) = page_token {
        path.push_str("&pageToken=");
        path.extend(url::form_urlencoded::byte_serialize(token.as_bytes()));
    }
    path
}

/// Path of one resource, or of a method of it that begins with a colon.
pub(crate) fn resource_path(kind: ResourceKind, id: &str, method: &str) -> String {
    format!("/v1beta/{}/{id}{method}", kind.collection())
}

/// Path of a page of resources, or of where they are made.
pub(crate) fn resources_path(kind: ResourceKind, page: Option<(u16, &str)>) -> String {
    let mut path = format!("/v1beta/{}", kind.collection());
    if let Some((size, token)) = page {
        path.push_str(&format!("?pageSize={size}"));
        if !token.is_empty() {
            path.push_str("&pageToken=");
            path.extend(url::form_urlencoded::byte_serialize(token.as_bytes()));
        }
    }
    path
}

/// Path of a change to a cache; the mask says of what.
pub(crate) fn update_path(id: &str, mask: Option<&str>) -> String {
    let mut path = resource_path(ResourceKind::CachedContent, id, "");
    if let Some(mask) = mask {
        path.push_str("?updateMask=");
        path.extend(url::form_urlencoded::byte_serialize(mask.as_bytes()));
    }
    path
}

/// Path that starts a batch.
pub(crate) fn batch_path(model: &ModelName, of: BatchOf) -> String {
    format!("/v1beta/models/{model}:{}", of.method())
}

/// Where an upload begins.
pub(crate) const UPLOAD_PATH: &str = "/upload/v1beta/files";

/// Where an upload of description and file in one body goes.
pub(crate) const MULTIPART_PATH: &str = "/upload/v1beta/files?uploadType=multipart";

/// Path of an upload under way.
pub(crate) fn upload_path(id: &UploadId) -> String {
    format!(
        "{UPLOAD_PATH}?upload_id={}&upload_protocol=resumable",
        id.as_str()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_an_origin_and_refuses_what_could_leak_keys() {
        for (text, expected) in [
            (
                "https://generativelanguage.googleapis.com",
                Ok("https://generativelanguage.googleapis.com"),
            ),
            ("https://EXAMPLE.com:8443/", Ok("https://example.com:8443")),
            ("https://example.com:443", Ok("https://example.com")),
            ("http://127.0.0.1:9000", Ok("http://127.0.0.1:9000")),
            ("http://[::1]:9000", Ok("http://[::1]:9000")),
            ("http://localhost:1", Ok("http://localhost:1")),
            ("http://example.com", Err("https")),
            ("http://localhost.example.com", Err("https")),
            ("https://user:pw@example.com", Err("user name")),
            ("https://example.com/v1beta", Err("remove the path")),
            ("https://example.com/?key=x", Err("remove the path")),
            ("ftp://example.com", Err("ftp")),
            ("example.com", Err("not a URL")),
        ] {
            match (text.parse::<UpstreamUrl>(), expected) {
                (Ok(url), Ok(origin)) => assert_eq!(url.base(), origin),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (result, expected) => panic!("{text}: {result:?}, expected {expected:?}"),
            }
        }
    }

    #[test]
    fn a_page_token_cannot_add_parameters() {
        assert_eq!(
            models_path(Some("a&key=b c")),
            "/v1beta/models?pageSize=1000&pageToken=a%26key%3Db+c"
        );
    }

    #[test]
    fn a_gateways_path_comes_before_the_apis() {
        let url: UpstreamUrl = "https://h".parse().unwrap();
        let joined = |path: &str| Some(url.clone().with_path(path).ok()?.join("/v1beta/x"));
        assert_eq!(joined("").as_deref(), Some("https://h/v1beta/x"));
        assert_eq!(
            joined("/a/b-c/").as_deref(),
            Some("https://h/a/b-c/v1beta/x")
        );
        for path in ["a?b", "a#b", "a%2fb", "a/../b", "a b", "@evil"] {
            assert_eq!(joined(path), None, "{path}");
        }
    }
}
