//! One upstream API key: a secret that is hard to print by accident.
//!
//! It deliberately does not judge a key by prefix or length: Google has changed both before (`AIza…`, `AQ.…`), and
//! only Google's answer says whether a key is good.

use std::fmt;
use std::sync::Arc;

/// Longest key accepted, in bytes. `AIza…` keys have 39; the rest is room for kinds to come, and a bound for headers.
pub const MAX_KEY_BYTES: usize = 512;

/// From this length on a mask shows [`MASK_CHARS`] characters; a shorter key would give too much of itself away.
const LONG_KEY_CHARS: usize = 24;

/// Characters a mask shows: existing dashboards expect ten (`AIzaSyABC1...`).
const MASK_CHARS: usize = 10;

/// A secret Gemini API key: non-empty visible ASCII of at most [`MAX_KEY_BYTES`].
///
/// `Debug` prints a fixed mask; there is no `Display`, no `Serialize` and no comparison. Clones share the text.
#[derive(Clone)]
pub struct ApiKey(Arc<str>);

/// Why a text cannot be an API key. Carries no part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidApiKey {
    /// Nothing but white space.
    #[error("the key is empty")]
    Empty,
    /// More than [`MAX_KEY_BYTES`].
    #[error("the key has {bytes} bytes, more than the {MAX_KEY_BYTES} allowed")]
    TooLong {
        /// Length after trimming.
        bytes: usize,
    },
    /// A space, a control character or anything beyond ASCII: it could not travel in a header.
    #[error("the key contains a character that is not visible ASCII, at byte {at}")]
    NotVisibleAscii {
        /// Position in the trimmed text, in bytes from 0.
        at: usize,
    },
}

impl ApiKey {
    /// Takes a key as typed; white space around it is dropped.
    ///
    /// # Errors
    /// [`InvalidApiKey`] if it is empty, too long, or could not be sent in a header.
    pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidApiKey> {
        let text = text.as_ref().trim();
        if text.is_empty() {
            return Err(InvalidApiKey::Empty);
        }
        if text.len() > MAX_KEY_BYTES {
            return Err(InvalidApiKey::TooLong { bytes: text.len() });
        }
        if let Some(at) = text.bytes().position(|byte| !byte.is_ascii_graphic()) {
            return Err(InvalidApiKey::NotVisibleAscii { at });
        }
        Ok(Self(text.into()))
    }

    /// The secret itself: for the `x-goog-api-key` header and for scrubbing upstream texts, nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be shown of it: the first ten characters and `...`; of a key shorter than 24, at most a quarter.
    #[must_use]
    pub fn masked(&self) -> String {
        let length = self.0.len();
        let shown = if length >= LONG_KEY_CHARS {
            MASK_CHARS
        } else {
            length / 4
        };
        self.0.chars().take(shown).chain("...".chars()).collect()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_keys_of_any_kind_and_trims_them() {
        for text in [
            "AIzaSyA-0123456789_abcdefghijklmnopqrstu",
            " AQ.Ab8-x \n",
            "x",
            &"k".repeat(MAX_KEY_BYTES),
        ] {
            assert_eq!(ApiKey::new(text).unwrap().expose(), text.trim());
        }
    }

    #[test]
    fn refuses_what_cannot_travel_in_a_header() {
        let long = "k".repeat(MAX_KEY_BYTES + 1);
        let cases = [
            ("", InvalidApiKey::Empty),
            (" \r\n", InvalidApiKey::Empty),
            (&long, InvalidApiKey::TooLong { bytes: 513 }),
            ("two words", InvalidApiKey::NotVisibleAscii { at: 3 }),
            ("line\r\nbreak", InvalidApiKey::NotVisibleAscii { at: 4 }),
            ("schl\u{fc}ssel", InvalidApiKey::NotVisibleAscii { at: 4 }),
        ];
        for (text, expected) in cases {
            assert_eq!(ApiKey::new(text).unwrap_err(), expected);
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_key() {
        let key = ApiKey::new("AIzaSyABC1-secret-secret-secret").unwrap();
        assert_eq!(
            format!("{key:?} {:?}", Some(&key)),
            "ApiKey(***) Some(ApiKey(***))"
        );
    }

    #[test]
    fn a_mask_shows_ten_characters_of_a_long_key_and_a_quarter_of_a_short_one() {
        for (text, masked) in [
            ("AIzaSyABC1-secret-secret-secret", "AIzaSyABC1..."),
            ("123456789012345678901234", "1234567890..."),
            ("12345678901234567890123", "12345..."),
            ("abcd", "a..."),
            ("abc", "..."),
        ] {
            assert_eq!(ApiKey::new(text).unwrap().masked(), masked);
        }
    }
}
