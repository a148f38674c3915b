//! Where Gemini is, and the URLs of its methods.
//!
//! The origin comes from the deployment alone, never from a request. No URL built here holds a
//! credential or a character that a client chose freely: model names are checked before.

use std::fmt;
use std::str::FromStr;

use gempool_translate::{Method, ModelName};
use url::{Host, Url};

/// Models asked for in one page of a list; Google's own maximum (API reference `models.list`, 2026-11).
const MODELS_PAGE_SIZE: u16 = 1_000;

/// Origin of a Gemini API.
#[derive(Clone, PartialEq, Eq)]
pub struct UpstreamUrl {
    origin: String,
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
            origin: url.origin().ascii_serialization(),
        })
    }
}

impl fmt::Debug for UpstreamUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl UpstreamUrl {
    /// `scheme://host[:port]`, no trailing slash.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// URL of a method that gives one whole answer.
    pub(crate) fn call(&self, model: &ModelName, method: Method) -> String {
        format!(
            "{}/v1beta/models/{}:{}",
            self.origin,
            model.as_str(),
            method.as_str()
        )
    }

    /// URL that streams an answer. `alt=sse` always: without it the answer is one JSON array.
    pub(crate) fn stream(&self, model: &ModelName) -> String {
        format!(
            "{}/v1beta/models/{}:streamGenerateContent?alt=sse",
            self.origin,
            model.as_str()
        )
    }

    /// URL of a page of the model list. The token is Google's and is escaped.
    pub(crate) fn models(&self, page_token: Option<&str>) -> String {
        let mut url = format!("{}/v1beta/models?pageSize={MODELS_PAGE_SIZE}", self.origin);
        if let Some(token) = page_token {
            url.push_str("&pageToken=");
            url.extend(url::form_urlencoded::byte_serialize(token.as_bytes()));
        }
        url
    }
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
                (Ok(url), Ok(origin)) => assert_eq!(url.origin(), origin),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (result, expected) => panic!("{text}: {result:?}, expected {expected:?}"),
            }
        }
    }

    #[test]
    fn a_page_token_cannot_add_parameters() {
        let url: UpstreamUrl = "https://h".parse().unwrap();
        assert_eq!(
            url.models(Some("a&key=b c")),
            "https://h/v1beta/models?pageSize=1000&pageToken=a%26key%3Db+c"
        );
    }
}
