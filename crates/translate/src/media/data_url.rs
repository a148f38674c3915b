//! Data URLs to inline data (P2).
//!
//! It checks that the data is base64, not that it is an image.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose};

use super::{
    base64_data::convert_base64,
    media_type::{is_unknown, media_type},
};
use crate::{
    gemini::request::Blob,
    invalid_request::{Code, Refusal},
};

/// `data:MIME[;parameters][;base64],DATA` as Gemini's inline data. Clean base64 is borrowed. `said`
/// is the type for a URL that holds none, or one that says nothing.
///
/// # Errors
/// A [`Refusal`] with an empty path.
pub(super) fn convert_data_url<'a>(
    url: &'a str,
    said: Option<&'a str>,
) -> Result<Blob<'a>, Refusal> {
    let url = url.trim();
    let Some(rest) = strip_scheme(url) else {
        return Err(invalid("must be a data URL: `data:image/png;base64,…`"));
    };
    let Some((head, data)) = rest.split_once(',') else {
        return Err(invalid("has no `,` between media type and data"));
    };
    let mut head = head.split(';').map(str::trim);
    let own = head.next().unwrap_or_default();
    let mime_type = match said {
        Some(said) if own.is_empty() || is_unknown(own) => media_type(said)?,
        _ => media_type(own)?,
    };
    // Other parameters (`charset=utf-8`) mean nothing to Gemini.
    let is_base64 = head.any(|parameter| parameter.eq_ignore_ascii_case("base64"));

    let data = if is_base64 {
        convert_base64(data)?
    } else {
        Cow::Owned(general_purpose::STANDARD.encode(percent_decode(data)))
    };
    if data.is_empty() {
        return Err(invalid("holds no data"));
    }
    Ok(Blob { mime_type, data })
}

fn invalid(problem: &str) -> Refusal {
    Refusal::new(Code::InvalidValue, "", problem)
}

/// Whether the URL holds its data itself.
pub(super) fn is_data_url(url: &str) -> bool {
    strip_scheme(url.trim()).is_some()
}

/// URL schemes have no case.
fn strip_scheme(url: &str) -> Option<&str> {
    let scheme = url.get(..5)?;
    scheme.eq_ignore_ascii_case("data:").then(|| url.get(5..))?
}

/// `%41` → `A`; a `%` without two digits stays, as browsers do.
pub(super) fn percent_decode(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'%', [high, low, after @ ..]) => match (hex_digit(*high), hex_digit(*low)) {
                (Some(high), Some(low)) => {
                    decoded.push(high << 4 | low);
                    rest = after;
                }
                _ => decoded.push(b'%'),
            },
            _ => decoded.push(*byte),
        }
    }
    decoded
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_data_urls_p2() {
        // (URL, media type, data)
        for (url, mime_type, data) in [
            (
                "data:image/png;base64,iVBORw0KGgo=",
                "image/png",
                "iVBORw0KGgo=",
            ),
            ("data:image/jpg;base64,AAAA", "image/jpeg", "AAAA"),
            ("DATA:Image/PNG;Base64,AAAA", "image/png", "AAAA"),
            (
                " data:image/png;charset=utf-8;base64,AAAA\n",
                "image/png",
                "AAAA",
            ),
            (
                "data:image/webp; name=a.webp ;base64,AA AA\r\nAAA",
                "image/webp",
                "AAAAAAA=",
            ),
            (
                "data:image/png;base64,%41AAA%2B%2F8%3D",
                "image/png",
                "AAAA+/8=",
            ),
            ("data:image/png;base64,AA-_", "image/png", "AA-_"),
            ("data:image/png;base64,AAA", "image/png", "AAA="),
            ("data:image/png;base64,AAAA=", "image/png", "AAAA"),
            ("data:image/svg+xml,%3Csvg/%3E", "image/svg+xml", "PHN2Zy8+"),
            ("data:text/plain,100%", "text/plain", "MTAwJQ=="),
        ] {
            let blob = convert_data_url(url, None).unwrap();
            assert_eq!((&*blob.mime_type, &*blob.data), (mime_type, data), "{url}");
        }
    }

    #[test]
    fn a_type_that_says_nothing_gives_way_to_the_clients_p7() {
        for (url, said, expected) in [
            (
                "data:;base64,AAAA",
                Some("application/pdf"),
                "application/pdf",
            ),
            (
                "data:application/octet-stream;base64,AAAA",
                Some("text/csv"),
                "text/csv",
            ),
            (
                "data:application/octet-stream;base64,AAAA",
                None,
                "application/octet-stream",
            ),
            ("data:image/png;base64,AAAA", Some("text/csv"), "image/png"),
        ] {
            assert_eq!(convert_data_url(url, said).unwrap().mime_type, expected);
        }
    }

    #[test]
    fn borrows_clean_data() {
        let blob = convert_data_url("data:image/png;base64,AAAA", None).unwrap();
        assert!(matches!(
            (blob.mime_type, blob.data),
            (Cow::Borrowed(_), Cow::Borrowed(_))
        ));
    }

    #[test]
    fn refuses_what_is_not_a_data_url_with_base64() {
        for (url, problem) in [
            ("https://example.com/cat.png", "must be a data URL"),
            ("file:///etc/passwd", "must be a data URL"),
            ("", "must be a data URL"),
            ("datä:x", "must be a data URL"),
            ("data:image/png;base64", "no `,`"),
            ("data:;base64,AAAA", "not a media type"),
            ("data:image;base64,AAAA", "not a media type"),
            ("data:image/png\r\nx:y;base64,AAAA", "not a media type"),
            ("data:image/png;base64,", "no data"),
            ("data:image/png,", "no data"),
            (
                "data:image/png;base64,<ELIDED 7268 of 7332 chars>",
                "not base64",
            ),
            ("data:image/png;base64,A", "not base64"),
            ("data:image/png;base64,AA-/", "not base64"),
            ("data:image/png;base64,%FFAAA", "not base64"),
            ("data:image/png;base64,AA==AAAA", "not base64"),
            ("data:image/png;base64,AAAAA===", "not base64"),
            ("data:image/png;base64,====", "not base64"),
            ("data:image/png;base64,AA+_", "not base64"),
        ] {
            let error = crate::InvalidRequest::from(convert_data_url(url, None).unwrap_err());
            assert!(error.message.contains(problem), "{url}: {error}");
        }
    }
}
