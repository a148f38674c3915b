//! What a key is called where its text must not stand: in documents, marks, counters, logs and addresses.
//!
//! It names a key and proves nothing about it: who knows the id does not know the key.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use crate::key::ApiKey;

/// Separates this digest from every other one that is made of keys.
const DOMAIN: &[u8] = b"gempool key id\0";

/// Most bits of an id that number the pages of a pool: 2^9 pages of about 200 keys hold 100,000.
pub const MAX_PAGE_BITS: u8 = 12;

/// The first eight bytes of a digest of the key. The same key has the same id everywhere, so that importing it
/// twice is noticed; 2^64 values make a collision among 100,000 keys a matter of one in four billion.
///
/// Written as sixteen lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

/// A text that is no [`KeyId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key id is sixteen hexadecimal digits")]
pub struct InvalidKeyId;

impl KeyId {
    /// The id of this key.
    #[must_use]
    pub fn of(key: &ApiKey) -> Self {
        let mut digest = Sha256::new();
        digest.update(DOMAIN);
        digest.update(key.expose());
        let digest: [u8; 32] = digest.finalize().into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        Self([a, b, c, d, e, f, g, h])
    }

    /// From its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// The page that holds this key where `bits` bits number the pages (at most [`MAX_PAGE_BITS`]): ids are
    /// digests, so their first bits spread keys evenly.
    #[must_use]
    pub fn page(self, bits: u8) -> usize {
        let [a, b, ..] = self.0;
        let head = usize::from(u16::from_be_bytes([a, b]));
        head >> 16_u32.saturating_sub(u32::from(bits.min(MAX_PAGE_BITS)))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyId({self})")
    }
}

impl FromStr for KeyId {
    type Err = InvalidKeyId;

    fn from_str(text: &str) -> Result<Self, InvalidKeyId> {
        let is_plain = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_plain {
            return Err(InvalidKeyId);
        }
        u64::from_str_radix(text, 16)
            .map(|number| Self(number.to_be_bytes()))
            .map_err(|_| InvalidKeyId)
    }
}

impl Serialize for KeyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_same_for_the_same_key_and_shows_nothing_of_it() {
        let id = KeyId::of(&ApiKey::new(" AIza-first ").unwrap());
        assert_eq!(id, KeyId::of(&ApiKey::new("AIza-first").unwrap()));
        assert_ne!(id, KeyId::of(&ApiKey::new("AIza-second").unwrap()));
        assert!(!id.to_string().contains("AIza"));
    }

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        let id = KeyId::from_bytes([0, 1, 2, 3, 0xfc, 0xfd, 0xfe, 0xff]);
        assert_eq!(id.to_string(), "00010203fcfdfeff");
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in [
            "",
            "0001",
            "+0010203fcfdfeff",
            "00010203fcfdfefg",
            "00010203fcfdfeff0",
        ] {
            assert_eq!(text.parse::<KeyId>(), Err(InvalidKeyId), "{text}");
        }
    }

    #[test]
    fn its_first_bits_number_the_pages() {
        let id = KeyId::from_bytes([0b1010_0000, 0, 0, 0, 0, 0, 0, 0]);
        for (bits, page) in [
            (0, 0),
            (1, 1),
            (2, 2),
            (3, 5),
            (8, 160),
            (12, 2560),
            (99, 2560),
        ] {
            assert_eq!(id.page(bits), page, "{bits}");
        }
    }
}
