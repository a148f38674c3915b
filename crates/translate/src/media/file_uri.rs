//! Addresses of files that Google fetches or has (P3, P4, P8).
//!
//! Nothing is fetched here, so private hosts are no danger to this process: Google does not reach
//! them either. `http:` is refused: Google promises to fetch `https:` only
//! (<https://ai.google.dev/gemini-api/docs/file-input-methods>, November 2026), and what comes over
//! `http:` can be changed on its way. Every other scheme names what Google cannot see.

use std::borrow::Cow;

use super::media_type::{media_type, type_of_name};
use crate::{
    gemini::request::FileData,
    invalid_request::{Code, Refusal},
};

/// Where uploaded files live.
const FILES: &str = "https://generativelanguage.googleapis.com/v1beta/files/";

/// How Gemini names uploaded files.
const FILE_NAME: &str = "files/";

/// Hosts whose videos Gemini knows without a type
/// (<https://ai.google.dev/gemini-api/docs/video-understanding#youtube>, November 2026).
const YOUTUBE: &[&str] = &[
    "youtube.com",
    "www.youtube.com",
    "m.youtube.com",
    "youtu.be",
];

/// Longest id of an uploaded file, in bytes: `files/` and up to 40 characters, as
/// <https://ai.google.dev/api/files> has it (November 2026).
const MAX_FILE_ID: usize = 40;

/// `said` is the type that the client names. Without it the end of the address tells, and if that
/// does not, it is `likely`: Gemini refuses most addresses without a type.
///
/// # Errors
/// A [`Refusal`] with an empty path for schemes that Google does not fetch, and for no type.
pub(super) fn convert_file_uri<'a>(
    url: &'a str,
    said: Option<&'a str>,
    likely: Option<&'static str>,
) -> Result<FileData<'a>, Refusal> {
    let url = url.trim();
    let rest = check_scheme(url)?;
    let (place, _) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    let (host, path) = place.split_at(place.find('/').unwrap_or(place.len()));
    if host.is_empty() || url.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
        return Err(invalid("is not a complete address"));
    }
    // Google knows these itself; a guess could only be wrong.
    let known_to_google = url.starts_with(FILES) || is_youtube(host);
    let guessed = (!known_to_google).then(|| type_of_name(path).or(likely));
    Ok(FileData {
        mime_type: match said {
            Some(said) => Some(media_type(said)?),
            None => guessed.flatten().map(Cow::Borrowed),
        },
        file_uri: Cow::Borrowed(url),
    })
}

/// # Errors
/// A [`Refusal`] with an empty path for ids that are not Gemini's.
pub(super) fn convert_file_id<'a>(
    id: &'a str,
    said: Option<&'a str>,
) -> Result<FileData<'a>, Refusal> {
    let id = id.trim();
    let name = id.strip_prefix(FILES).or(id.strip_prefix(FILE_NAME));
    let is_name = |name: &str| {
        (1..=MAX_FILE_ID).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let Some(name) = name.filter(|name| is_name(name)) else {
        return Err(invalid(
            "is not a file of Gemini: upload it to Gemini and send its name, `files/…`",
        ));
    };
    Ok(FileData {
        mime_type: said.map(media_type).transpose()?,
        file_uri: if id.starts_with(FILES) {
            Cow::Borrowed(id)
        } else {
            Cow::Owned(format!("{FILES}{name}"))
        },
    })
}

/// What follows the scheme.
fn check_scheme(url: &str) -> Result<&str, Refusal> {
    let scheme = |scheme: &str| {
        let start = url.get(..scheme.len())?;
        let rest = url.get(scheme.len()..)?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    };
    if let Some(rest) = scheme("https://").or_else(|| scheme("gs://")) {
        return Ok(rest);
    }
    Err(invalid(if scheme("http://").is_some() {
        "is an http URL, which Google does not fetch; use https, or send the data as a data URL"
    } else {
        "must be a data URL (`data:image/png;base64,…`) or an https URL"
    }))
}

fn is_youtube(host: &str) -> bool {
    YOUTUBE.iter().any(|known| known.eq_ignore_ascii_case(host))
}

fn invalid(problem: &str) -> Refusal {
    Refusal::new(Code::InvalidValue, "", problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_their_text_and_get_a_type_p3_p4() {
        // (URL, what the client says, what it most likely is, the type that is sent)
        for (url, said, likely, expected) in [
            (
                "https://a.b/cat.jpg?w=1.png",
                None,
                None,
                Some("image/jpeg"),
            ),
            ("https://a.b/cat.PNG#x", None, None, Some("image/png")),
            ("HTTPS://a.b/cat.webp", None, None, Some("image/webp")),
            ("https://a.b/c", None, None, None),
            (
                "https://a.b/c",
                None,
                Some("image/jpeg"),
                Some("image/jpeg"),
            ),
            ("https://cdn.png", None, None, None),
            (
                "https://a.b/c.png",
                Some("Image/JPG"),
                None,
                Some("image/jpeg"),
            ),
            (
                "gs://bucket/clip.mp4",
                None,
                Some("image/jpeg"),
                Some("video/mp4"),
            ),
            ("https://youtu.be/abc", None, Some("video/mp4"), None),
            (
                "https://www.YouTube.com/watch?v=abc",
                None,
                Some("video/mp4"),
                None,
            ),
            (
                "https://youtu.be/abc",
                Some("video/mp4"),
                None,
                Some("video/mp4"),
            ),
            (
                "https://generativelanguage.googleapis.com/v1beta/files/abc",
                None,
                Some("image/jpeg"),
                None,
            ),
        ] {
            let file = convert_file_uri(url, said, likely).unwrap();
            assert_eq!(file.mime_type.as_deref(), expected, "{url}");
            assert!(matches!(file.file_uri, Cow::Borrowed(uri) if uri == url));
        }
    }

    #[test]
    fn refuses_what_google_cannot_fetch_p3() {
        for (url, problem) in [
            ("http://a.b/cat.png", "use https"),
            ("file:///etc/passwd", "must be a data URL"),
            ("ftp://a.b/c", "must be a data URL"),
            ("blob:https://a.b/c", "must be a data URL"),
            ("javascript:alert(1)", "must be a data URL"),
            ("//a.b/c.png", "must be a data URL"),
            ("cat.png", "must be a data URL"),
            ("", "must be a data URL"),
            ("https:/é", "must be a data URL"),
            ("https://", "not a complete address"),
            ("https:///cat.png", "not a complete address"),
            ("https://a.b/c d.png", "not a complete address"),
            ("https://a.b/c\nd.png", "not a complete address"),
        ] {
            let refusal = convert_file_uri(url, None, None).unwrap_err();
            let error = crate::InvalidRequest::from(refusal);
            assert!(error.message.contains(problem), "{url}: {error}");
        }
        assert!(convert_file_uri("https://a.b/c", Some("png"), None).is_err());
    }

    #[test]
    fn files_of_gemini_are_named_by_id_or_address_p8() {
        let address = "https://generativelanguage.googleapis.com/v1beta/files/abc-1";
        for id in ["files/abc-1", address] {
            let file = convert_file_id(id, Some("application/pdf")).unwrap();
            assert_eq!(file.file_uri, address);
            assert_eq!(file.mime_type.as_deref(), Some("application/pdf"));
        }
        for id in [
            "",
            "file-abc123",
            "files/",
            "files/../cachedContents/x",
            "files/a?key=1",
            "https://generativelanguage.googleapis.com/v1beta/files/a:download",
            &format!("files/{}", "a".repeat(41)),
        ] {
            assert!(convert_file_id(id, None).is_err(), "{id}");
        }
    }
}
