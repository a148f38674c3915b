//! What surrounds every document: what it is, which format, and whether it is whole.
//!
//! A plain document has a checksum, which notices accidents and nothing more; what must be secret or safe from
//! forgery is sealed (`vault.rs`), in the same first four bytes. What is inside is not its business.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

/// Largest document, in bytes, envelope included: below every known store's limit (Azure Cosmos about 560 KB,
/// `DynamoDB` 400 KB, Akamai 1 MB; read on 2026-11-21), and what one read may cost.
pub const MAX_DOCUMENT_BYTES: usize = 64 * 1024;

/// First bytes of every document, so that foreign values under our names are told apart.
const MAGIC: [u8; 2] = *b"gp";

/// The only format so far, of envelopes and of what is in them.
pub(crate) const FORMAT: u8 = 1;

/// Bytes of the checksum: the first eight of SHA-256 miss an accident once in 2^64.
const CHECKSUM_BYTES: usize = 8;

/// How a document is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Readable for whoever reads the store, with a checksum.
    Plain,
    /// Sealed with the master key.
    Sealed,
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Self::Plain => b'p',
            Self::Sealed => b's',
        }
    }
}

/// Why a document cannot be read. Shows nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// More than [`MAX_DOCUMENT_BYTES`].
    #[error("it is larger than {MAX_DOCUMENT_BYTES} bytes")]
    TooLarge,
    /// It has not even a whole envelope.
    #[error("it is cut short")]
    Truncated,
    /// Something else wrote it.
    #[error("it is no document of gempool")]
    Foreign,
    /// A newer version wrote it.
    #[error("it has format {0}, which is newer than this version")]
    Newer(u8),
    /// It is plain where it should be sealed, or sealed where it should be plain.
    #[error("it is not sealed as it should be")]
    OtherKind,
    /// Bits changed, or it was moved here from another name.
    #[error("it was changed outside of gempool, or belongs to another name")]
    Changed,
    /// The key that it is sealed with is neither the current nor the previous one.
    #[error("it is sealed with an unknown master key")]
    UnknownKey,
    /// It is whole, but not what should be here.
    #[error("its content is of another type")]
    OtherType,
    /// It belongs here by name, and is not there.
    #[error("it is missing")]
    Missing,
}

/// A document of more than [`MAX_DOCUMENT_BYTES`] was to be written: nothing was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the document would be larger than {MAX_DOCUMENT_BYTES} bytes")]
pub struct TooLarge;

/// The first bytes of a document of this kind.
pub(crate) fn head(kind: Kind) -> [u8; 4] {
    let [g, p] = MAGIC;
    [g, p, kind.byte(), FORMAT]
}

/// What follows the first bytes, if they are those of this kind.
pub(crate) fn after_head(kind: Kind, document: &[u8]) -> Result<&[u8], Damage> {
    if document.len() > MAX_DOCUMENT_BYTES {
        return Err(Damage::TooLarge);
    }
    let ([g, p, found, format], rest) =
        document.split_first_chunk::<4>().ok_or(Damage::Truncated)?;
    if [*g, *p] != MAGIC {
        return Err(Damage::Foreign);
    }
    if *format > FORMAT {
        return Err(Damage::Newer(*format));
    }
    if *format == 0 {
        return Err(Damage::Foreign);
    }
    match [Kind::Plain, Kind::Sealed]
        .into_iter()
        .find(|kind| kind.byte() == *found)
    {
        None => Err(Damage::Foreign),
        Some(other) if other != kind => Err(Damage::OtherKind),
        Some(_) => Ok(rest),
    }
}

/// A plain document: `value` as JSON behind a checksum that includes the name.
pub(crate) fn to_plain<T: Serialize>(name: &str, value: &T) -> Result<Vec<u8>, TooLarge> {
    // Our own types have string keys and finite numbers only, so that writing them fails for size alone.
    let body = serde_json::to_vec(value).map_err(|_| TooLarge)?;
    let mut document = head(Kind::Plain).to_vec();
    document.extend_from_slice(&checksum(name, &body));
    document.extend_from_slice(&body);
    if document.len() > MAX_DOCUMENT_BYTES {
        return Err(TooLarge);
    }
    Ok(document)
}

/// What [`to_plain`] was given.
pub(crate) fn from_plain<T: DeserializeOwned>(name: &str, document: &[u8]) -> Result<T, Damage> {
    let rest = after_head(Kind::Plain, document)?;
    let (sum, body) = rest
        .split_first_chunk::<CHECKSUM_BYTES>()
        .ok_or(Damage::Truncated)?;
    if *sum != checksum(name, body) {
        return Err(Damage::Changed);
    }
    serde_json::from_slice(body).map_err(|_| Damage::OtherType)
}

fn checksum(name: &str, body: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut digest = Sha256::new();
    digest.update(name);
    // No name has this byte, so that the end of the name cannot be taken for the beginning of the body.
    digest.update([0]);
    digest.update(body);
    let digest: [u8; 32] = digest.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    [a, b, c, d, e, f, g, h]
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "gp1:c:a:0:0";

    #[test]
    fn a_plain_document_comes_back_as_it_was() {
        let document = to_plain(NAME, &vec!["one", "two"]).unwrap();
        assert_eq!(document.get(..4), Some(b"gpp\x01".as_slice()));
        assert_eq!(
            from_plain::<Vec<String>>(NAME, &document).unwrap(),
            ["one", "two"]
        );
    }

    #[test]
    fn any_changed_bit_and_any_missing_end_is_noticed_flt30() {
        let document = to_plain(NAME, &vec!["one", "two"]).unwrap();
        for at in 0..document.len() {
            assert!(from_plain::<Vec<String>>(NAME, &document[..at]).is_err());
            for bit in 0..8 {
                let mut changed = document.clone();
                changed[at] ^= 1 << bit;
                assert!(
                    from_plain::<Vec<String>>(NAME, &changed).is_err(),
                    "{at}.{bit}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_the_document_is_told_apart_flt30() {
        let document = to_plain(NAME, &vec!["one"]).unwrap();
        let read = |name, bytes: &[u8]| from_plain::<Vec<String>>(name, bytes).unwrap_err();
        assert_eq!(read("gp1:c:a:0:1", &document), Damage::Changed);
        assert_eq!(read(NAME, b""), Damage::Truncated);
        assert_eq!(read(NAME, br#"["one"]"#), Damage::Foreign);
        assert_eq!(read(NAME, b"gpp\x02new"), Damage::Newer(2));
        assert_eq!(read(NAME, b"gps\x01sealed"), Damage::OtherKind);
        assert_eq!(read(NAME, &to_plain(NAME, &7).unwrap()), Damage::OtherType);
        assert_eq!(
            read(NAME, &vec![b'x'; MAX_DOCUMENT_BYTES + 1]),
            Damage::TooLarge
        );
    }

    #[test]
    fn a_document_over_the_limit_is_not_made_flt31() {
        let fits = "x".repeat(MAX_DOCUMENT_BYTES - 4 - CHECKSUM_BYTES - 2);
        assert_eq!(to_plain(NAME, &fits).unwrap().len(), MAX_DOCUMENT_BYTES);
        assert_eq!(to_plain(NAME, &format!("{fits}x")), Err(TooLarge));
    }
}
