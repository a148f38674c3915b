//! What is stored under which name. What is inside is not its business.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The only document of the tree that is written again and again.
pub const HEAD_NAME: &str = "gp1:head";

/// What the store was made with.
pub(crate) const SCHEMA: &str = "gp1:schema";

/// Counter: the sequence number that was given out last.
pub(crate) const SEQUENCE: &str = "gp1:n:seq";

/// The edit with this sequence number.
pub(crate) fn operation(seq: u64) -> String {
    format!("gp1:o:{seq:012}")
}

/// Whether folders may pass over this sequence number.
pub(crate) fn tombstone(seq: u64) -> String {
    format!("gp1:x:{seq:012}")
}

/// What a document of the tree is called: made of its content and of the edit that made it, so that a name never
/// means two contents. Written as sixteen hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId(pub(crate) u64);

impl DocId {
    /// Its name in the store.
    pub(crate) fn name(self) -> String {
        format!("gp1:d:{self}")
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

impl fmt::Debug for DocId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DocId({self})")
    }
}

impl Serialize for DocId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DocId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_plain = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_plain {
            return Err(de::Error::custom(
                "a document id is sixteen hexadecimal digits",
            ));
        }
        u64::from_str_radix(&text, 16)
            .map(Self)
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_fit_for_every_store_flt32_flt40() {
        for name in [
            HEAD_NAME.to_owned(),
            SCHEMA.to_owned(),
            SEQUENCE.to_owned(),
            operation(0),
            operation(u64::MAX),
            tombstone(u64::MAX),
            DocId(u64::MAX).name(),
        ] {
            assert!(name.starts_with("gp1:"), "{name}");
            assert!(name.len() <= 64, "{name}");
            assert!(
                name.bytes().all(|byte| byte.is_ascii_lowercase()
                    || byte.is_ascii_digit()
                    || b".:_-".contains(&byte)),
                "{name}"
            );
        }
    }

    #[test]
    fn ids_come_back_as_they_were() {
        let text = serde_json::to_string(&DocId(0xab)).unwrap();
        assert_eq!(text, r#""00000000000000ab""#);
        assert_eq!(serde_json::from_str::<DocId>(&text).unwrap(), DocId(0xab));
        assert!(serde_json::from_str::<DocId>(r#""+0000000000000ab""#).is_err());
    }
}
