//! The head that makes Gemini's raw sound a WAV file (§6.4).
//!
//! Gemini speaks in `audio/L16;codec=pcm;rate=24000`: 16-bit samples, one channel and, against what
//! RFC 2586 says of L16, little-endian, which is what WAV wants. Samples are not touched here.

/// Samples a second where Gemini names no rate: what every recorded answer has (November 2026).
const DEFAULT_RATE: u32 = 24_000;

/// Bytes of a sample: 16 bits, one channel.
const SAMPLE_BYTES: u32 = 2;

/// Bytes of the header before the samples.
pub(crate) const HEADER_BYTES: usize = 44;

/// Bytes of the header that its own size field counts: all but `RIFF` and that field.
const COUNTED_HEADER_BYTES: u32 = 36;

/// What the size fields hold while the size is unknown, as players and ffmpeg understand it.
const UNKNOWN_SIZE: u32 = u32::MAX;

/// A RIFF header for `data_bytes` bytes of samples, `None` while they are still being streamed.
pub(crate) fn header(data_bytes: Option<u32>, rate: u32) -> [u8; HEADER_BYTES] {
    let (riff_bytes, data_bytes) = match data_bytes {
        Some(bytes) => (bytes.saturating_add(COUNTED_HEADER_BYTES), bytes),
        None => (UNKNOWN_SIZE, UNKNOWN_SIZE),
    };
    let [f0, f1, f2, f3] = riff_bytes.to_le_bytes();
    let [r0, r1, r2, r3] = rate.to_le_bytes();
    let [b0, b1, b2, b3] = rate.saturating_mul(SAMPLE_BYTES).to_le_bytes();
    let [d0, d1, d2, d3] = data_bytes.to_le_bytes();
    [
        b'R', b'I', b'F', b'F', f0, f1, f2, f3, b'W', b'A', b'V', b'E', //
        b'f', b'm', b't', b' ', 16, 0, 0, 0, // bytes of the format that follow
        1, 0, // PCM
        1, 0, // one channel
        r0, r1, r2, r3, // samples a second
        b0, b1, b2, b3, // bytes a second
        2, 0, // bytes of a sample
        16, 0, // bits of a sample
        b'd', b'a', b't', b'a', d0, d1, d2, d3,
    ]
}

/// The `rate` of a MIME type.
pub(crate) fn rate(mime_type: &str) -> u32 {
    let mut parameters = mime_type.split(';').skip(1);
    let rate = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = name.trim().eq_ignore_ascii_case("rate").then_some(value)?;
        value.trim().trim_matches('"').parse().ok()
    });
    rate.filter(|rate| *rate > 0).unwrap_or(DEFAULT_RATE)
}

/// Whether data of this MIME type is bare samples, which no player opens.
pub(crate) fn is_bare(mime_type: &str) -> bool {
    let kind = mime_type.split(';').next().unwrap_or_default().trim();
    ["audio/l16", "audio/pcm"]
        .iter()
        .any(|bare| kind.eq_ignore_ascii_case(bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_a_canonical_wav_header() {
        let header = header(Some(480), 24_000);
        let expected = [
            &b"RIFF\x04\x02\0\0WAVE"[..],
            b"fmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0\x02\0\x10\0",
            b"data\xe0\x01\0\0",
        ]
        .concat();
        assert_eq!(header.as_slice(), expected);
    }

    #[test]
    fn a_stream_has_no_size() {
        let header = header(None, 24_000);
        assert_eq!(header[4..8], [0xff; 4]);
        assert_eq!(header[40..], [0xff; 4]);
    }

    #[test]
    fn reads_the_rate_of_the_mime_type() {
        for (mime_type, expected) in [
            ("audio/L16;codec=pcm;rate=24000", 24_000),
            ("audio/L16; rate=16000", 16_000),
            ("audio/pcm;RATE=\"8000\"", 8_000),
            ("audio/L16", DEFAULT_RATE),
            ("audio/L16;rate=0", DEFAULT_RATE),
            ("audio/L16;rate=fast", DEFAULT_RATE),
            ("audio/L16;rate=99999999999", DEFAULT_RATE),
            ("", DEFAULT_RATE),
        ] {
            assert_eq!(rate(mime_type), expected, "{mime_type}");
        }
    }

    #[test]
    fn knows_bare_samples() {
        for (mime_type, expected) in [
            ("audio/L16;codec=pcm;rate=24000", true),
            ("audio/pcm", true),
            ("audio/wav", false),
            ("audio/mp3", false),
        ] {
            assert_eq!(is_bare(mime_type), expected, "{mime_type}");
        }
    }
}
