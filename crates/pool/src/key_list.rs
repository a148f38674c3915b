//! Lists of keys as people type them into a variable: commas or lines, comments, weights.
//!
//! It reads text only; where the text comes from, and whether the keys work, is not its business.

use std::collections::BTreeSet;

use crate::key::{ApiKey, InvalidApiKey};

/// Most keys in one list. Design target for a pool; a longer list is a pasted file, not a pool.
pub const MAX_KEYS: usize = 100_000;

/// How often a key is chosen, relative to the others: 1 to 1000, 1 unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight(u16);

/// A number that is no [`Weight`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the weight must be a whole number from 1 to {max}", max = Weight::MAX.0)]
pub struct InvalidWeight;

impl Weight {
    /// The lightest, and the default.
    pub const ONE: Self = Self(1);
    /// The heaviest. Three decimal places of a share are more than anybody tunes.
    pub const MAX: Self = Self(1000);

    /// The number, 1 to 1000.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

impl Default for Weight {
    fn default() -> Self {
        Self::ONE
    }
}

impl TryFrom<u32> for Weight {
    type Error = InvalidWeight;

    fn try_from(number: u32) -> Result<Self, InvalidWeight> {
        match u16::try_from(number) {
            Ok(number) if (Self::ONE.0..=Self::MAX.0).contains(&number) => Ok(Self(number)),
            _ => Err(InvalidWeight),
        }
    }
}

/// One key and its share.
#[derive(Clone, Debug)]
pub struct KeySpec {
    /// The key.
    pub key: ApiKey,
    /// Its share among the others.
    pub weight: Weight,
}

impl From<ApiKey> for KeySpec {
    /// A key of weight 1.
    fn from(key: ApiKey) -> Self {
        Self {
            key,
            weight: Weight::ONE,
        }
    }
}

/// Why a list of keys cannot be used. `entry` counts from 1, over what is left after comments, empty entries and
/// repeated entries; no part of a key is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKeyList {
    /// An entry is no key.
    #[error("entry {entry} of the key list: {cause}")]
    Key {
        /// Which entry.
        entry: usize,
        /// What is wrong with it.
        cause: InvalidApiKey,
    },
    /// What follows the `*` is no weight.
    #[error("entry {entry} of the key list: {cause}, as in `KEY*3`")]
    Weight {
        /// Which entry.
        entry: usize,
        /// What is wrong with it.
        cause: InvalidWeight,
    },
    /// More than [`MAX_KEYS`].
    #[error("the key list has {entries} keys, more than the {MAX_KEYS} allowed")]
    TooMany {
        /// How many there are.
        entries: usize,
    },
}

/// The entries of a list: separated by commas or line ends, trimmed, empty ones dropped, of equal ones the first
/// kept. A line whose first visible character is `#` is a comment.
#[must_use]
pub fn parse_list(text: &str) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    text.lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|entry| !entry.is_empty() && seen.insert(*entry))
        .collect()
}

/// A list of keys in the form of [`parse_list`], each with an optional weight: `KEY` or `KEY*3`. A key that comes
/// again, with whatever weight, is dropped. An empty list is valid and has no key.
///
/// # Errors
/// [`InvalidKeyList`] names the first entry that is no key, or says that there are too many.
pub fn parse_keys(text: &str) -> Result<Vec<KeySpec>, InvalidKeyList> {
    let entries = parse_list(text);
    if entries.len() > MAX_KEYS {
        return Err(InvalidKeyList::TooMany {
            entries: entries.len(),
        });
    }
    let mut seen = BTreeSet::new();
    let mut specs = Vec::with_capacity(entries.len());
    for (entry, text) in (1..).zip(entries) {
        // A `*` is never part of a key, so a mistyped weight is an error rather than a key that Google refuses.
        let (key, weight) = match text.rsplit_once('*') {
            None => (text, Weight::ONE),
            Some((key, weight)) => {
                let weight = weight
                    .trim()
                    .parse()
                    .map_err(|_| InvalidWeight)
                    .and_then(|number: u32| number.try_into());
                (
                    key.trim(),
                    weight.map_err(|cause| InvalidKeyList::Weight { entry, cause })?,
                )
            }
        };
        let api_key = ApiKey::new(key).map_err(|cause| InvalidKeyList::Key { entry, cause })?;
        if seen.insert(key) {
            specs.push(KeySpec {
                key: api_key,
                weight,
            });
        }
    }
    Ok(specs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_commas_and_lines_and_drops_what_is_no_entry() {
        for (text, expected) in [
            ("", vec![]),
            (" , ,\n\r\n", vec![]),
            ("a", vec!["a"]),
            ("a,b , c\nd\r\n e", vec!["a", "b", "c", "d", "e"]),
            ("# mine, not yours\na\n  # more\nb", vec!["a", "b"]),
            ("b,a,b,\na", vec!["b", "a"]),
            ("a#b", vec!["a#b"]),
        ] {
            assert_eq!(parse_list(text), expected, "{text:?}");
        }
    }

    #[test]
    fn reads_keys_with_and_without_weight() {
        let specs = parse_keys("k1, k2*3\nk3 * 1000\nk1*7").unwrap();
        let read: Vec<_> = specs
            .iter()
            .map(|spec| (spec.key.expose(), spec.weight.get()))
            .collect();
        assert_eq!(read, [("k1", 1), ("k2", 3), ("k3", 1000)]);
        assert!(parse_keys("# none yet").unwrap().is_empty());
    }

    #[test]
    fn names_the_entry_that_is_wrong_and_shows_nothing_of_it() {
        for (text, expected) in [
            (
                "k1,se cret",
                "entry 2 of the key list: the key contains a character that is not visible ASCII, at byte 2",
            ),
            ("*3", "entry 1 of the key list: the key is empty"),
            (
                "k1*0",
                "entry 1 of the key list: the weight must be a whole number from 1 to 1000, as in `KEY*3`",
            ),
            (
                "k1\nk2*1001",
                "entry 2 of the key list: the weight must be a whole number from 1 to 1000, as in `KEY*3`",
            ),
            (
                "secret*x",
                "entry 1 of the key list: the weight must be a whole number from 1 to 1000, as in `KEY*3`",
            ),
            (
                "secret*-1",
                "entry 1 of the key list: the weight must be a whole number from 1 to 1000, as in `KEY*3`",
            ),
        ] {
            assert_eq!(
                parse_keys(text).unwrap_err().to_string(),
                expected,
                "{text:?}"
            );
        }
    }

    #[test]
    fn refuses_more_keys_than_a_pool_holds() {
        let text: String = (0..=MAX_KEYS)
            .map(|number| format!("k{number}\n"))
            .collect();
        assert_eq!(
            parse_keys(&text).unwrap_err(),
            InvalidKeyList::TooMany {
                entries: MAX_KEYS + 1
            }
        );
    }
}
