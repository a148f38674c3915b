//! What kind of image or sound an uploaded file is.
//!
//! The first bytes are believed first: Python's SDK calls every file that has no name
//! `application/octet-stream`, and Gemini looks at the bytes too. Nothing is decoded.

use std::borrow::Cow;

use super::Part;
use crate::media;

/// What a file begins with: `bytes` at `offset`.
struct Magic {
    offset: usize,
    bytes: &'static [u8],
    media_type: &'static str,
}

const fn magic(offset: usize, bytes: &'static [u8], media_type: &'static str) -> Magic {
    Magic {
        offset,
        bytes,
        media_type,
    }
}

/// Image types that Gemini lists (<https://ai.google.dev/gemini-api/docs/image-understanding>, read
/// 2026-11-24), and GIF, which it refuses in its own words.
const IMAGES: &[Magic] = &[
    magic(0, b"\x89PNG\r\n\x1a\n", "image/png"),
    magic(0, b"\xff\xd8\xff", "image/jpeg"),
    magic(8, b"WEBP", "image/webp"),
    magic(4, b"ftypheic", "image/heic"),
    magic(4, b"ftypheix", "image/heic"),
    magic(4, b"ftypmif1", "image/heif"),
    magic(0, b"GIF8", "image/gif"),
];

/// Sound types that Gemini lists (<https://ai.google.dev/gemini-api/docs/audio>, read 2026-11-24),
/// and the two containers that work all the same (P6).
const SOUNDS: &[Magic] = &[
    magic(8, b"WAVE", "audio/wav"),
    magic(0, b"ID3", "audio/mp3"),
    magic(0, b"\xff\xfb", "audio/mp3"),
    magic(0, b"\xff\xf3", "audio/mp3"),
    magic(0, b"\xff\xf2", "audio/mp3"),
    magic(0, b"\xff\xf1", "audio/aac"),
    magic(0, b"\xff\xf9", "audio/aac"),
    magic(0, b"fLaC", "audio/flac"),
    magic(0, b"OggS", "audio/ogg"),
    magic(8, b"AIFF", "audio/aiff"),
    magic(4, b"ftyp", "audio/m4a"),
    magic(0, b"\x1a\x45\xdf\xa3", "audio/webm"),
];

/// Endings of OpenAI's list of sound files that mean something else, or nothing, elsewhere.
const SOUND_ENDINGS: &[(&str, &str)] = &[
    ("mpeg", "audio/mp3"),
    ("mpga", "audio/mp3"),
    ("mp4", "audio/m4a"),
    ("webm", "audio/webm"),
];

/// The type of an image; `None` if nothing about it says that it is one.
pub(crate) fn image_type<'a>(part: &Part<'a>) -> Option<Cow<'a, str>> {
    find_type(part, IMAGES, &[], "image/")
}

/// The type of a sound; `None` if nothing about it says that it is one.
pub(crate) fn audio_type<'a>(part: &Part<'a>) -> Option<Cow<'a, str>> {
    find_type(part, SOUNDS, SOUND_ENDINGS, "audio/")
}

fn find_type<'a>(
    part: &Part<'a>,
    beginnings: &[Magic],
    endings: &[(&str, &'static str)],
    kind: &str,
) -> Option<Cow<'a, str>> {
    let begins = |magic: &&Magic| {
        let rest = part.bytes.get(magic.offset..);
        rest.is_some_and(|rest| rest.starts_with(magic.bytes))
    };
    if let Some(found) = beginnings.iter().find(begins) {
        return Some(Cow::Borrowed(found.media_type));
    }
    if let Some(found) = type_by_name(part, endings).filter(|found| found.starts_with(kind)) {
        return Some(Cow::Borrowed(found));
    }
    let declared = part.content_type?;
    let (declared, _) = declared.split_once(';').unwrap_or((declared, ""));
    let declared = media::media_type(declared.trim()).ok()?;
    declared.starts_with(kind).then_some(declared)
}

fn type_by_name(part: &Part<'_>, endings: &[(&str, &'static str)]) -> Option<&'static str> {
    let filename = part.filename.as_deref()?;
    let extension = filename.rsplit_once('.').map(|(_, extension)| extension);
    let special = endings
        .iter()
        .find(|(ending, _)| extension.is_some_and(|found| ending.eq_ignore_ascii_case(found)));
    special
        .map(|(_, found)| *found)
        .or_else(|| media::type_of_name(filename))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part<'a>(bytes: &'a [u8], filename: &'a str, content_type: &'a str) -> Part<'a> {
        Part {
            name: Cow::Borrowed("file"),
            filename: Some(Cow::Borrowed(filename)),
            content_type: Some(content_type),
            bytes,
        }
    }

    #[test]
    fn believes_bytes_then_the_name_then_the_declared_type() {
        for (bytes, filename, content_type, expected) in [
            (
                &b"RIFF....WAVEfmt "[..],
                "a.mp3",
                "audio/mpeg",
                Some("audio/wav"),
            ),
            (b"ID3\x03", "upload", "", Some("audio/mp3")),
            (
                b"\xff\xfb\x90",
                "upload",
                "application/octet-stream",
                Some("audio/mp3"),
            ),
            (b"\xff\xf1P", "x", "", Some("audio/aac")),
            (b"fLaC", "x", "", Some("audio/flac")),
            (b"OggS", "x.opus", "", Some("audio/ogg")),
            (b"FORM....AIFF", "x", "", Some("audio/aiff")),
            (b"....ftypM4A ", "x", "video/mp4", Some("audio/m4a")),
            (b"\x1a\x45\xdf\xa3", "x", "video/webm", Some("audio/webm")),
            (b"????", "Speech.M4A", "text/plain", Some("audio/m4a")),
            (
                b"????",
                "blob",
                "Audio/X-Thing; codecs=a",
                Some("audio/x-thing"),
            ),
            (b"????", "a.mpga", "text/plain", Some("audio/mp3")),
            (b"????", "a.WEBM", "video/webm", Some("audio/webm")),
            (b"????", "a.opus", "", Some("audio/opus")),
            (b"????", "notes.txt", "text/plain", None),
            (b"????", "a.png", "image/png", None),
            (b"", "blob", "application/octet-stream", None),
            (b"????", "blob", "audio/", None),
            (b"????", "blob", "audio/x\r\ny", None),
        ] {
            let found = audio_type(&part(bytes, filename, content_type));
            assert_eq!(found.as_deref(), expected, "{filename} {content_type}");
        }
    }

    #[test]
    fn knows_images_by_their_first_bytes() {
        for (bytes, expected) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            (b"RIFF....WEBPVP8 ", Some("image/webp")),
            (b"....ftypheic", Some("image/heic")),
            (b"GIF89a", Some("image/gif")),
            (b"<svg/>", None),
        ] {
            let found = image_type(&part(bytes, "upload", "application/octet-stream"));
            assert_eq!(found.as_deref(), expected, "{bytes:?}");
        }
    }
}
