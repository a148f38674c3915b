//! Further ways to Gemini: address, path and headers of each, from variables.
//!
//! An address comes from the deployment alone, never from a request or the store. Which key takes which way is
//! `gempool-pool`'s to decide.

use std::fmt;

use http::{HeaderName, HeaderValue};

use super::variables::{BASE_URL, EGRESSES};
use super::{Reader, SettingsError};
use crate::upstream_url::UpstreamUrl;

/// What keys that are pinned to the first way, `GEMINI_BASE_URL`, call it.
const FIRST: &str = "default";
/// Most headers of one egress, and the longest value in bytes: tokens of gateways have some hundred.
const HEADERS_MAX: usize = 8;
const VALUE_BYTES_MAX: usize = 2_048;

/// Headers that the gateway itself sets, or that belong to the connection: an egress may not change them.
const RESERVED: [&str; 12] = [
    "x-goog-api-key",
    "host",
    "content-length",
    "content-type",
    "accept",
    "accept-encoding",
    "user-agent",
    "connection",
    "transfer-encoding",
    "upgrade",
    "te",
    "trailer",
];

/// One way to Gemini.
#[derive(Clone)]
pub struct EgressSetting {
    /// What keys that are pinned to it call it.
    pub name: &'static str,
    /// Where it leads.
    pub url: UpstreamUrl,
    /// What is sent along.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl fmt::Debug for EgressSetting {
    /// Values of headers may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&HeaderName> = self.headers.iter().map(|(name, _)| name).collect();
        write!(f, "{} {:?} {names:?}", self.name, self.url)
    }
}

/// Every way, `GEMINI_BASE_URL` first.
///
/// # Errors
/// The first variable that cannot be used.
pub(super) fn egresses(read: &Reader<'_>) -> Result<Vec<EgressSetting>, SettingsError> {
    let mut egresses = vec![EgressSetting {
        name: FIRST,
        url: read.parsed(BASE_URL)?,
        headers: Vec::new(),
    }];
    for variables in EGRESSES {
        let url: UpstreamUrl = read.parsed(variables.url)?;
        let path = read.text(variables.path);
        let headers = read.with(variables.headers, headers)?;
        // The default is where everybody goes anyway: alone it is no way of its own.
        if read.is_default(variables.url) && path.is_empty() && headers.is_empty() {
            continue;
        }
        egresses.push(EgressSetting {
            name: variables.egress,
            url: read.with(variables.path, |path| url.with_path(path))?,
            headers,
        });
    }
    Ok(egresses)
}

fn headers(text: &str) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
    let mut headers = Vec::new();
    for (number, entry) in (1..).zip(
        text.split(['\n', ';'])
            .map(str::trim)
            .filter(|entry| !entry.is_empty()),
    ) {
        // A value is a secret: problems name the entry by its number.
        let wrong = |problem: &str| format!("entry {number} {problem}");
        let (name, value) = entry
            .split_once(':')
            .ok_or_else(|| wrong("is not of the form `Name: value`"))?;
        let name: HeaderName = name
            .trim()
            .parse()
            .map_err(|_| wrong("has a name that no header can have"))?;
        if RESERVED.contains(&name.as_str()) {
            return Err(wrong("is a header that gempool sets itself"));
        }
        let value = value.trim();
        let mut value = HeaderValue::from_str(value)
            .ok()
            .filter(|value| value.len() <= VALUE_BYTES_MAX)
            .ok_or_else(|| wrong("has a value that no header can have"))?;
        value.set_sensitive(true);
        headers.push((name, value));
    }
    if headers.len() > HEADERS_MAX {
        return Err(format!("more than {HEADERS_MAX} headers"));
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::super::tests::parse;

    #[test]
    fn only_ways_that_differ_from_the_default_are_ways() {
        let settings = parse(&[]).unwrap();
        assert_eq!(settings.egresses.len(), 1);
        let settings = parse(&[
            ("gemini_base_url", "http://127.0.0.1:9"),
            ("egress_2_url", "https://generativelanguage.googleapis.com"),
            ("egress_3_url", "https://gateway.example"),
            ("egress_3_path", "/v1/account/gemini/"),
            ("egress_3_headers", "X-Token: secret; X-Region: eu"),
        ])
        .unwrap();
        // The host declares the default of each address, and hands it over as if it were set.
        let shown: Vec<String> = settings
            .egresses
            .iter()
            .map(|egress| format!("{egress:?}"))
            .collect();
        assert_eq!(
            shown,
            [
                "default http://127.0.0.1:9 []",
                r#"egress-3 https://gateway.example/v1/account/gemini ["x-token", "x-region"]"#
            ]
        );
    }

    #[test]
    fn problems_name_the_variable_and_never_a_secret() {
        for (name, value, expected) in [
            ("egress_2_url", "http://example.com", "https"),
            ("egress_2_path", "/a?b=c", "path"),
            ("egress_2_headers", "X-Token secret", "Name: value"),
            (
                "egress_2_headers",
                "ok: 1; x-goog-api-key: secret",
                "entry 2",
            ),
            ("egress_2_headers", "x y: secret", "name"),
            ("egress_2_headers", "x: secret\u{7f}", "value"),
        ] {
            let error = parse(&[(name, value)]).unwrap_err();
            assert_eq!(error.name, name);
            let shown = error.to_string();
            assert!(
                shown.contains(expected) && !shown.contains("secret"),
                "{shown}"
            );
        }
    }
}
