//! One edit in the log.

use gempool_pool::UnixMillis;
use serde::{Deserialize, Serialize};

use crate::change::Change;

/// Most keys of one operation: of an ordinary size (39 characters, a time, a short name) they are 50 KiB.
pub const MAX_KEYS_PER_CHANGE: usize = 400;

/// Most ids of one operation: 19 bytes each are 38 KiB.
pub const MAX_IDS_PER_CHANGE: usize = 2_000;

/// Most bytes of keys in one operation: a document less its envelope, actor and numbers.
const MAX_KEY_BYTES_PER_CHANGE: usize = 60 * 1024;

/// What an operation's document says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Operation {
    /// When it was logged, by the editor's clock. Orders nothing.
    pub(crate) at: UnixMillis,
    /// Who asked for it.
    pub(crate) actor: String,
    /// Numbers under which the same edit stands as well, because a folder might have passed over it there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) earlier: Vec<u64>,
    /// What it does.
    pub(crate) change: Change,
}

impl Change {
    /// The same change as several, each small enough for one document.
    pub fn split(self) -> Vec<Self> {
        match self {
            Self::AddKeys { pool, keys } => {
                let mut parts = Vec::new();
                let mut part = Vec::new();
                let mut bytes = 0_usize;
                for key in keys {
                    let size = json_bytes(&key).saturating_add(1);
                    let is_full = part.len() >= MAX_KEYS_PER_CHANGE
                        || bytes.saturating_add(size) > MAX_KEY_BYTES_PER_CHANGE;
                    if is_full && !part.is_empty() {
                        parts.push(std::mem::take(&mut part));
                        bytes = 0;
                    }
                    bytes = bytes.saturating_add(size);
                    part.push(key);
                }
                if !part.is_empty() {
                    parts.push(part);
                }
                parts
                    .into_iter()
                    .map(|keys| Self::AddKeys {
                        pool: pool.clone(),
                        keys,
                    })
                    .collect()
            }
            Self::EditKeys {
                pool,
                ids,
                patch,
                base,
            } => ids
                .chunks(MAX_IDS_PER_CHANGE)
                .map(|ids| Self::EditKeys {
                    pool: pool.clone(),
                    ids: ids.to_vec(),
                    patch: patch.clone(),
                    base,
                })
                .collect(),
            Self::RemoveKeys { pool, ids } => ids
                .chunks(MAX_IDS_PER_CHANGE)
                .map(|ids| Self::RemoveKeys {
                    pool: pool.clone(),
                    ids: ids.to_vec(),
                })
                .collect(),
            one @ (Self::PutPool { .. }
            | Self::DeletePool { .. }
            | Self::PutClient { .. }
            | Self::DeleteClient { .. }) => vec![one],
        }
    }
}

/// How long a value is as JSON. A value that cannot be written counts as too long for anything.
pub(crate) fn json_bytes<T: Serialize>(value: &T) -> usize {
    struct Count(usize);

    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.saturating_add(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(0);
    match serde_json::to_writer(&mut count, value) {
        Ok(()) => count.0,
        Err(_) => usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use gempool_pool::{ApiKey, KeyRecord, KeySpec};

    use super::*;

    fn keys(count: usize, length: usize) -> Vec<KeyRecord> {
        (0..count)
            .map(|number| {
                let key = format!("{number:0length$}");
                KeyRecord::from(KeySpec::from(ApiKey::new(key).unwrap()))
            })
            .collect()
    }

    #[test]
    fn a_large_change_becomes_several_that_fit_flt31() {
        for (count, length, parts) in [(1, 39, 1), (400, 39, 1), (401, 39, 2), (1_000, 512, 9)] {
            let change = Change::AddKeys {
                pool: "a".parse().unwrap(),
                keys: keys(count, length),
            };
            let split = change.split();
            assert_eq!(split.len(), parts, "{count} of {length}");
            let mut total = 0;
            for part in split {
                assert!(json_bytes(&part) < 62 * 1024);
                let Change::AddKeys { keys, .. } = part else {
                    panic!("another change");
                };
                total += keys.len();
            }
            assert_eq!(total, count);
        }
    }

    #[test]
    fn a_change_of_nothing_is_no_change() {
        let change = Change::RemoveKeys {
            pool: "a".parse().unwrap(),
            ids: Vec::new(),
        };
        assert!(change.split().is_empty());
    }
}
