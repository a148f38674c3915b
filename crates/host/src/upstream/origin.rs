//! The one place that may be called.
//!
//! Compares scheme, host and port; resolves no names.

use std::str::FromStr as _;

use http::Uri;
use http::uri::{Authority, Scheme};

/// Scheme, host and port of the upstream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    scheme: Scheme,
    host: String,
    port: u16,
}

/// Not the URL of an upstream.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOrigin {
    /// No http or https URL with a host.
    #[error("expected a URL such as https://generativelanguage.googleapis.com")]
    NotAUrl,
    /// Has user name or password.
    #[error("must not contain a user name or password")]
    UserInfo,
    /// Plain text to another machine would show the keys to everyone between.
    #[error("http is allowed to loopback only; use https")]
    PlainText,
}

impl Origin {
    /// Reads the origin of a base URL; a path is the gateway's to use.
    ///
    /// # Errors
    ///
    /// [`InvalidOrigin`]
    pub fn of(url: &str) -> Result<Self, InvalidOrigin> {
        let uri = Uri::from_str(url).map_err(|_| InvalidOrigin::NotAUrl)?;
        let origin = Self::of_uri(&uri).ok_or(InvalidOrigin::NotAUrl)?;
        if uri
            .authority()
            .is_some_and(|authority| authority.as_str().contains('@'))
        {
            return Err(InvalidOrigin::UserInfo);
        }
        if origin.scheme == Scheme::HTTP && !is_loopback(&origin.host) {
            return Err(InvalidOrigin::PlainText);
        }
        Ok(origin)
    }

    fn of_uri(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme()?.clone();
        let port = match scheme.as_str() {
            "https" => 443,
            "http" => 80,
            _ => return None,
        };
        let authority: &Authority = uri.authority()?;
        let host = authority.host().to_ascii_lowercase();
        (!host.is_empty()).then(|| Self {
            scheme,
            host,
            port: authority.port_u16().unwrap_or(port),
        })
    }

    /// Whether `uri` is on this origin.
    pub fn allows(&self, uri: &Uri) -> bool {
        let userinfo = uri
            .authority()
            .is_none_or(|authority| authority.as_str().contains('@'));
        !userinfo && Self::of_uri(uri).as_ref() == Some(self)
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_origin_is_allowed() {
        let google = Origin::of("https://generativelanguage.googleapis.com").unwrap();
        let cases = [
            (
                "https://generativelanguage.googleapis.com/v1beta/models",
                true,
            ),
            ("https://generativelanguage.googleapis.com:443/", true),
            ("https://GenerativeLanguage.googleapis.com/", true),
            ("http://generativelanguage.googleapis.com/", false),
            ("https://generativelanguage.googleapis.com:8443/", false),
            ("https://generativelanguage.googleapis.com./", false),
            (
                "https://generativelanguage.googleapis.com.evil.example/",
                false,
            ),
            (
                "https://evil.example/generativelanguage.googleapis.com",
                false,
            ),
            ("https://user@generativelanguage.googleapis.com/", false),
            ("https://127.0.0.1/", false),
            ("/v1beta/models", false),
        ];
        for (url, allowed) in cases {
            assert_eq!(google.allows(&url.parse().unwrap()), allowed, "{url}");
        }
    }

    #[test]
    fn plain_text_is_for_loopback_only() {
        for url in [
            "http://127.0.0.1:9",
            "http://localhost",
            "http://[::1]:80/base",
            "https://example.com",
        ] {
            assert!(Origin::of(url).is_ok(), "{url}");
        }
        assert_eq!(
            Origin::of("http://example.com"),
            Err(InvalidOrigin::PlainText)
        );
        assert_eq!(
            Origin::of("https://me:pw@example.com"),
            Err(InvalidOrigin::UserInfo)
        );
        for url in ["", "example.com", "ftp://example.com", "https://", "/x"] {
            assert_eq!(Origin::of(url), Err(InvalidOrigin::NotAUrl), "{url}");
        }
    }
}
