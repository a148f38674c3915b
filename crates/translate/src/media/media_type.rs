//! Media types: of what clients say, of what names of files and addresses tell.
//!
//! It does not look into data, and refuses no type that Gemini might not know: Google answers that
//! better than a list that ages.

use std::borrow::Cow;

use crate::invalid_request::{Code, Quoted, Refusal};

/// What programs write that do not know a type.
const UNKNOWN: &str = "application/octet-stream";

/// Types by extension, spelled as Gemini spells them. Sources, as of November 2026: the lists in
/// <https://ai.google.dev/gemini-api/docs/file-input-methods>, `/audio`, `/video-understanding` and
/// `/image-understanding` beside it. The last rows are no types of Gemini's: naming them lets Google
/// say what is wrong.
const BY_EXTENSION: &[(&str, &str)] = &[
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("heic", "image/heic"),
    ("heif", "image/heif"),
    ("bmp", "image/bmp"),
    ("gif", "image/gif"),
    ("wav", "audio/wav"),
    ("mp3", "audio/mp3"),
    ("aif", "audio/aiff"),
    ("aiff", "audio/aiff"),
    ("aac", "audio/aac"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("flac", "audio/flac"),
    ("m4a", "audio/m4a"),
    ("opus", "audio/opus"),
    ("weba", "audio/webm"),
    ("mp4", "video/mp4"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpg"),
    ("mov", "video/mov"),
    ("avi", "video/avi"),
    ("flv", "video/x-flv"),
    ("webm", "video/webm"),
    ("wmv", "video/wmv"),
    ("3gp", "video/3gpp"),
    ("pdf", "application/pdf"),
    ("json", "application/json"),
    ("txt", "text/plain"),
    ("md", "text/markdown"),
    ("html", "text/html"),
    ("htm", "text/html"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("xml", "text/xml"),
    ("rtf", "text/rtf"),
    ("js", "text/javascript"),
    ("py", "text/x-python"),
    ("svg", "image/svg+xml"),
    ("avif", "image/avif"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
];

/// A type as clients write it, checked and in the spelling that Gemini takes.
///
/// # Errors
/// A [`Refusal`] with an empty path for what is not `kind/subtype`.
pub(crate) fn media_type<'a>(said: impl Into<Cow<'a, str>>) -> Result<Cow<'a, str>, Refusal> {
    let said = said.into();
    let is_type = said
        .split_once('/')
        .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
    if !is_type {
        return Err(Refusal::new(
            Code::InvalidValue,
            "",
            format_args!(
                "{} is not a media type such as `image/png`",
                Quoted(said.trim())
            ),
        ));
    }
    // `image/jpg` is not registered, and Gemini refuses it.
    if said.eq_ignore_ascii_case("image/jpg") {
        return Ok(Cow::Borrowed("image/jpeg"));
    }
    Ok(if said.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(said.to_ascii_lowercase())
    } else {
        said
    })
}

fn is_token(token: &str) -> bool {
    !token.is_empty()
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_'))
}

/// Whether a type says nothing.
pub(super) fn is_unknown(media_type: &str) -> bool {
    media_type.eq_ignore_ascii_case(UNKNOWN)
}

/// What the name of a file, or an address without its query, tells by how it ends.
pub(crate) fn type_of_name(name: &str) -> Option<&'static str> {
    let name = name.rsplit('/').next().unwrap_or(name);
    let (_, extension) = name.rsplit_once('.')?;
    type_of_extension(extension)
}

/// What OpenAI calls a format of sound; more than its `wav` and `mp3`, since Gemini hears more (P6).
pub(crate) fn type_of_sound(format: &str) -> Option<&'static str> {
    if format.eq_ignore_ascii_case("webm") {
        return Some("audio/webm");
    }
    type_of_extension(format).filter(|found| found.starts_with("audio/"))
}

fn type_of_extension(extension: &str) -> Option<&'static str> {
    let mut known = BY_EXTENSION.iter();
    known
        .find(|(known, _)| known.eq_ignore_ascii_case(extension))
        .map(|(_, found)| *found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_types_as_gemini_does_p2() {
        for (said, expected) in [
            ("image/png", "image/png"),
            ("Image/JPG", "image/jpeg"),
            ("image/svg+xml", "image/svg+xml"),
            ("APPLICATION/PDF", "application/pdf"),
        ] {
            assert_eq!(media_type(said).unwrap(), expected, "{said}");
        }
        assert!(matches!(media_type("image/png"), Ok(Cow::Borrowed(_))));
        for said in [
            "",
            "png",
            "image/",
            "/png",
            "image/png\r\nx:y",
            "image/é",
            "a/b/c",
        ] {
            assert!(media_type(said).is_err(), "{said}");
        }
    }

    #[test]
    fn names_tell_their_type_by_how_they_end_p7() {
        for (name, expected) in [
            ("report.PDF", Some("application/pdf")),
            ("a.tar.jpeg", Some("image/jpeg")),
            ("/dir.png/clip.mp4", Some("video/mp4")),
            ("/dir.png/clip", None),
            ("photo", None),
            ("photo.", None),
            ("photo.unknown", None),
        ] {
            assert_eq!(type_of_name(name), expected, "{name}");
        }
    }

    #[test]
    fn sounds_are_sounds_p6() {
        for (format, expected) in [
            ("wav", Some("audio/wav")),
            ("MP3", Some("audio/mp3")),
            ("webm", Some("audio/webm")),
            ("opus", Some("audio/opus")),
            ("mp4", None),
            ("pdf", None),
            ("", None),
        ] {
            assert_eq!(type_of_sound(format), expected, "{format}");
        }
    }
}
