//! The secret that everything sealed depends on, as a deployment gives it.
//!
//! It is random bytes, never a passphrase: nothing here stretches a weak secret. What is derived from it is in
//! `vault.rs`.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::ports::Rng;

/// Bytes of a master key: what XChaCha20-Poly1305 and HMAC-SHA-256 take.
pub const MASTER_KEY_BYTES: usize = 32;

/// Thirty-two random bytes. `Debug` shows none of them.
#[derive(Clone)]
pub struct MasterKey([u8; MASTER_KEY_BYTES]);

/// Why a text is no master key. Shows nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMasterKey {
    /// Neither 64 hexadecimal digits nor base64 of 32 bytes.
    #[error(
        "the master key must be {MASTER_KEY_BYTES} random bytes, as 64 hexadecimal digits or as base64: make one with \
         `openssl rand -hex 32`"
    )]
    Form,
    /// Every byte is the same: a placeholder.
    #[error(
        "the master key is one byte repeated, not random: make one with `openssl rand -hex 32`"
    )]
    Placeholder,
}

impl MasterKey {
    /// From its bytes.
    ///
    /// # Errors
    /// [`InvalidMasterKey::Placeholder`] if all of them are the same.
    pub fn from_bytes(bytes: [u8; MASTER_KEY_BYTES]) -> Result<Self, InvalidMasterKey> {
        let [first, rest @ ..] = bytes;
        if rest.iter().all(|byte| *byte == first) {
            return Err(InvalidMasterKey::Placeholder);
        }
        Ok(Self(bytes))
    }

    /// A fresh one.
    pub fn generate(rng: &dyn Rng) -> Self {
        Self(random_bytes(rng))
    }

    /// As text: for the file that a host keeps it in, nothing else.
    pub fn expose_hex(&self) -> String {
        use fmt::Write as _;

        self.0
            .iter()
            .fold(String::with_capacity(2 * self.0.len()), |mut text, byte| {
                // Writing into a text does not fail.
                let _infallible = write!(text, "{byte:02x}");
                text
            })
    }

    pub(crate) fn bytes(&self) -> &[u8; MASTER_KEY_BYTES] {
        &self.0
    }
}

impl FromStr for MasterKey {
    type Err = InvalidMasterKey;

    /// Reads 64 hexadecimal digits, or base64 of 32 bytes in either alphabet, padded or not.
    fn from_str(text: &str) -> Result<Self, InvalidMasterKey> {
        let text = text.trim();
        let bytes = from_hex(text)
            .or_else(|| from_base64(text))
            .ok_or(InvalidMasterKey::Form)?;
        Self::from_bytes(bytes)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MasterKey(***)")
    }
}

/// So many bytes of the generator.
pub(crate) fn random_bytes<const N: usize>(rng: &dyn Rng) -> [u8; N] {
    let mut bytes = [0; N];
    for chunk in bytes.chunks_mut(8) {
        for (byte, random) in chunk.iter_mut().zip(rng.next_u64().to_le_bytes()) {
            *byte = random;
        }
    }
    bytes
}

fn from_hex(text: &str) -> Option<[u8; MASTER_KEY_BYTES]> {
    let is_hex =
        text.len() == 2 * MASTER_KEY_BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hex {
        return None;
    }
    let (high, low) = text.split_at(MASTER_KEY_BYTES);
    let high = u128::from_str_radix(high, 16).ok()?.to_be_bytes();
    let low = u128::from_str_radix(low, 16).ok()?.to_be_bytes();
    [high, low].concat().try_into().ok()
}

fn from_base64(text: &str) -> Option<[u8; MASTER_KEY_BYTES]> {
    [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
        .into_iter()
        .find_map(|alphabet| alphabet.decode(text).ok())?
        .try_into()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "00ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfe";

    #[test]
    fn reads_hexadecimal_digits_and_base64() {
        let key: MasterKey = HEX.parse().unwrap();
        assert_eq!(key.expose_hex(), HEX);
        for alphabet in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
            let text = format!(" {}\n", alphabet.encode(key.bytes()));
            assert_eq!(text.parse::<MasterKey>().unwrap().expose_hex(), HEX);
        }
    }

    #[test]
    fn refuses_passphrases_and_placeholders() {
        for text in [
            "",
            "correct horse battery staple",
            &HEX[1..],
            &format!("{HEX}0"),
            "c2hvcnQ=",
        ] {
            assert_eq!(
                text.parse::<MasterKey>().unwrap_err(),
                InvalidMasterKey::Form,
                "{text}"
            );
        }
        for text in ["0".repeat(64), "a".repeat(64), "f".repeat(64)] {
            assert_eq!(
                text.parse::<MasterKey>().unwrap_err(),
                InvalidMasterKey::Placeholder
            );
        }
    }

    #[test]
    fn debug_shows_nothing() {
        let key: MasterKey = HEX.parse().unwrap();
        assert_eq!(format!("{key:?}"), "MasterKey(***)");
    }
}
