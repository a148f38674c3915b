//! The sound of an answer as clients ask for it, whole or in pieces (N7).
//!
//! It puts bytes together and never encodes sound: what Gemini does not speak in is not offered.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::Media;
use crate::wav;

/// What a client wants to hear.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum SoundFormat {
    /// A file with a header.
    #[default]
    Wav,
    /// Bare samples: 16 bits, little-endian, one channel.
    Pcm16,
}

/// Bytes that base64 writes without padding: a multiple of them can be followed by more.
const BASE64_GROUP_BYTES: usize = 3;

/// Joins pieces of base64 into one. Clients may decode each piece or join the text first (as
/// openai-python does): both work, because no piece but the last has padding.
#[derive(Debug)]
pub(crate) struct SoundJoiner {
    format: SoundFormat,
    started: bool,
    /// Fewer bytes than a group, to go with the next piece.
    rest: Vec<u8>,
}

impl SoundJoiner {
    /// Joins into this format.
    pub(crate) fn new(format: SoundFormat) -> Self {
        Self {
            format,
            started: false,
            rest: Vec::new(),
        }
    }

    /// The next piece, which may be empty. Data that is not base64 is skipped. Only bare samples get
    /// a header; other sound has its own.
    pub(crate) fn push(&mut self, media: &Media<'_>) -> String {
        let mut bytes = std::mem::take(&mut self.rest);
        let kept = bytes.len();
        let first = !std::mem::replace(&mut self.started, true);
        if first && has_header(self.format, media) {
            bytes.extend_from_slice(&wav::header(None, wav::rate(media.mime_type)));
        }
        if STANDARD.decode_vec(media.data, &mut bytes).is_err() {
            bytes.truncate(kept);
            self.started = !first;
        }
        let whole = bytes.len() - bytes.len() % BASE64_GROUP_BYTES;
        self.rest = bytes.split_off(whole);
        STANDARD.encode(bytes)
    }

    /// The last piece, which may be empty.
    pub(crate) fn finish(&mut self) -> String {
        STANDARD.encode(std::mem::take(&mut self.rest))
    }
}

/// All sound of an answer as one file in base64; `None` if there is none.
pub(crate) fn join(pieces: &[Media<'_>], format: SoundFormat) -> Option<String> {
    let first = pieces.first()?;
    let mut bytes = Vec::new();
    let header = has_header(format, first);
    if header {
        bytes.resize(wav::HEADER_BYTES, 0);
    }
    let start = bytes.len();
    for piece in pieces {
        let kept = bytes.len();
        if STANDARD.decode_vec(piece.data, &mut bytes).is_err() {
            bytes.truncate(kept);
        }
    }
    let data_bytes = u32::try_from(bytes.len() - start).ok();
    if let Some(head) = bytes.first_chunk_mut().filter(|_| header) {
        *head = wav::header(data_bytes, wav::rate(first.mime_type));
    }
    (bytes.len() > start).then(|| STANDARD.encode(bytes))
}

fn has_header(format: SoundFormat, media: &Media<'_>) -> bool {
    format == SoundFormat::Wav && wav::is_bare(media.mime_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    const L16: &str = "audio/L16;codec=pcm;rate=24000";

    fn media<'a>(mime_type: &'a str, data: &'a str) -> Media<'a> {
        Media { mime_type, data }
    }

    fn joined(format: SoundFormat, pieces: &[&str]) -> Vec<u8> {
        let mut joiner = SoundJoiner::new(format);
        let pieces = pieces.iter().map(|data| joiner.push(&media(L16, data)));
        let mut text: Vec<String> = pieces.collect();
        text.push(joiner.finish());
        let each: Vec<u8> = text
            .iter()
            .flat_map(|piece| STANDARD.decode(piece).unwrap())
            .collect();
        assert_eq!(STANDARD.decode(text.concat()).unwrap(), each);
        each
    }

    #[test]
    fn pieces_can_be_decoded_alone_or_joined_n7() {
        // "ab", "cde", "f" and something that is not base64.
        let pieces = ["YWI=", "Y2Rl", "?", "Zg=="];
        assert_eq!(joined(SoundFormat::Pcm16, &pieces), b"abcdef");
        let wav = joined(SoundFormat::Wav, &["?", "YWI=", "Y2Rl"]);
        assert_eq!(wav[..44], wav::header(None, 24_000));
        assert_eq!(wav[44..], *b"abcde");
    }

    #[test]
    fn a_whole_file_knows_its_size_n7() {
        let pieces = [media(L16, "YWI="), media(L16, "?"), media(L16, "Y2Rl")];
        let decode = |format| STANDARD.decode(join(&pieces, format).unwrap()).unwrap();
        assert_eq!(decode(SoundFormat::Pcm16), b"abcde");
        let wav = decode(SoundFormat::Wav);
        assert_eq!(wav[..44], wav::header(Some(5), 24_000));
        assert_eq!(wav[44..], *b"abcde");
        assert_eq!(join(&[], SoundFormat::Wav), None);
        assert_eq!(join(&[media(L16, "?")], SoundFormat::Wav), None);
    }

    #[test]
    fn sound_with_a_header_of_its_own_gets_none() {
        for format in [SoundFormat::Wav, SoundFormat::Pcm16] {
            let mp3 = media("audio/mp3", "SUQz");
            assert_eq!(join(&[mp3], format).as_deref(), Some("SUQz"));
            assert_eq!(SoundJoiner::new(format).push(&mp3), "SUQz");
        }
    }
}
