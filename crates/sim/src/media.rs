//! The smallest things that are what they say they are: a picture and a tone.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// A blue PNG of two by two pixels, made for this file with zlib and nothing else.
pub(crate) const PNG_BASE64: &str = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mNwav0CRAwQCgAtugbtzz4KaAAAAABJRU5ErkJggg==";

/// The type of Gemini's speech: 16 bits, little-endian whatever RFC 2586 says of L16, one channel.
pub(crate) const SPEECH_MIME_TYPE: &str = "audio/L16;codec=pcm;rate=24000";

/// Samples of a millisecond.
const SAMPLES_PER_MS: usize = 24;

/// Samples of one wave of the tone: 400 Hz.
const WAVE: i16 = 60;

/// A tone of about `milliseconds`, base64. It begins and ends at rest, so that pieces put together
/// do not click.
pub(crate) fn tone(milliseconds: usize) -> String {
    let samples = (0..WAVE).map(triangle).cycle();
    let wave = usize::from(WAVE.unsigned_abs());
    let length = milliseconds * SAMPLES_PER_MS / wave * wave;
    let bytes: Vec<u8> = samples.take(length).flat_map(i16::to_le_bytes).collect();
    BASE64_STANDARD.encode(bytes)
}

/// A sample of a triangle wave, at a quarter of full loudness.
fn triangle(position: i16) -> i16 {
    const QUARTER: i16 = WAVE / 4;
    const STEP: i16 = i16::MAX / 4 / QUARTER;
    let height = if position <= QUARTER {
        position
    } else if position <= 3 * QUARTER {
        2 * QUARTER - position
    } else {
        position - WAVE
    };
    height * STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_whole_waves_of_little_endian_samples() {
        let bytes = BASE64_STANDARD.decode(tone(50)).unwrap();
        assert_eq!(bytes.len(), 50 * SAMPLES_PER_MS * 2);
        let samples: Vec<i16> = bytes
            .chunks(2)
            .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        assert_eq!((samples[0], samples[15], samples[45]), (0, 8_190, -8_190));
        assert!(
            samples
                .windows(2)
                .all(|pair| pair[0].abs_diff(pair[1]) <= 546)
        );
    }

    #[test]
    fn the_picture_is_a_png() {
        let bytes = BASE64_STANDARD.decode(PNG_BASE64).unwrap();
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
        assert!(bytes.ends_with(b"IEND\xaeB`\x82"));
    }
}
