//! What is counted, in which windows, under which names, and for how long.

use std::fmt;

use gempool_pool::{KeyId, UnixMillis, pacific_day};
use sha2::{Digest as _, Sha256};

use super::packing::Layout;
use crate::client_key::ClientKeyId;
use crate::pool_config::PoolId;

/// Windows of one subject, one after the other. Days are those in Los Angeles, like Google's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Series {
    /// Requests and errors of a pool, by hour.
    PoolHours(PoolId),
    /// Requests, errors and tokens of a pool, by day.
    PoolDays(PoolId),
    /// Requests and tokens of a client key, by minute: for its limits.
    ClientMinutes(ClientKeyId),
    /// Requests, errors and tokens of a client key, by day.
    ClientDays(ClientKeyId),
    /// Requests and tokens of a key with a model, by day.
    KeyDays(KeyId, Box<str>),
}

/// One counter of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    letter: char,
    pub(super) layout: Layout,
}

impl Series {
    /// The window of this time.
    #[must_use]
    pub fn window(&self, now: UnixMillis) -> u32 {
        let of_length = |minutes: u64| u32::try_from(now.0 / 60_000 / minutes).unwrap_or(u32::MAX);
        match self {
            Self::ClientMinutes(_) => of_length(1),
            Self::PoolHours(_) => of_length(60),
            Self::PoolDays(_) | Self::ClientDays(_) | Self::KeyDays(..) => pacific_day(now),
        }
    }

    /// How many windows are kept, the current one included. Days of keys are many: 100,000 keys with five models have
    /// half a million counters a day.
    #[must_use]
    pub fn kept(&self) -> u32 {
        match self {
            Self::ClientMinutes(_) | Self::KeyDays(..) => 2,
            Self::PoolHours(_) => 48,
            Self::PoolDays(_) | Self::ClientDays(_) => 40,
        }
    }

    /// Whether a window is still kept, and not in the future.
    pub(super) fn is_kept(&self, window: u32, now: UnixMillis) -> bool {
        let current = self.window(now);
        window <= current && current - window < self.kept()
    }

    /// Its counters. The first one is added to whenever anything is, and shows who began the window.
    pub(super) fn fields(&self) -> &'static [Field] {
        const fn field(letter: char, layout: Layout) -> Field {
            Field { letter, layout }
        }
        match self {
            Self::PoolHours(_) => const { &[field('h', Layout::Outcomes)] },
            Self::PoolDays(_) => {
                const {
                    &[
                        field('d', Layout::Outcomes),
                        field('i', Layout::Tokens),
                        field('o', Layout::Output),
                    ]
                }
            }
            Self::ClientMinutes(_) => const { &[field('m', Layout::Spending)] },
            Self::ClientDays(_) => {
                const {
                    &[
                        field('c', Layout::Outcomes),
                        field('t', Layout::Tokens),
                        field('u', Layout::Output),
                    ]
                }
            }
            Self::KeyDays(..) => const { &[field('k', Layout::Spending)] },
        }
    }

    /// The name of a counter: at most 8 + 33 + 1 + 10 bytes.
    pub(super) fn name(&self, field: Field, window: u32) -> String {
        format!("gp1:n:{}:{}:{window}", field.letter, Subject(self))
    }

    /// The names of all counters of a window.
    pub(super) fn names(&self, window: u32) -> impl Iterator<Item = String> + '_ {
        self.fields()
            .iter()
            .map(move |field| self.name(*field, window))
    }

    /// The name of the counter whose value is the last window that was begun.
    pub(super) fn marker(&self) -> String {
        let letter = match self {
            Self::PoolHours(_) => 'h',
            Self::PoolDays(_) => 'd',
            Self::ClientMinutes(_) => 'm',
            Self::ClientDays(_) => 'c',
            Self::KeyDays(..) => 'k',
        };
        format!("gp1:n:w:{letter}:{}", Subject(self))
    }
}

/// The part of a name that says whose counter it is.
struct Subject<'a>(&'a Series);

impl fmt::Display for Subject<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Series::PoolHours(pool) | Series::PoolDays(pool) => pool.fmt(formatter),
            Series::ClientMinutes(client) | Series::ClientDays(client) => client.fmt(formatter),
            Series::KeyDays(key, model) => {
                // Names of models have other letters than names in stores may, and any length.
                let digest: [u8; 32] = Sha256::digest(model.as_bytes()).into();
                let [a, b, c, d, e, f, g, h, ..] = digest;
                let model = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
                write!(formatter, "{key}{model:016x}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_counter_has_a_name_of_its_own_that_fits_every_store_flt32() {
        let key = KeyId::from_bytes([0xff; 8]);
        let pool: PoolId = "abcdefghijklmnopqrstuvwxyzabcdef".parse().unwrap();
        let client = ClientKeyId([0xff; 16]);
        let mut names = Vec::new();
        for series in [
            Series::PoolHours(pool.clone()),
            Series::PoolDays(pool),
            Series::ClientMinutes(client),
            Series::ClientDays(client),
            Series::KeyDays(key, "models/Ünknown 3".into()),
            Series::KeyDays(key, "another".into()),
        ] {
            names.push(series.marker());
            names.extend(series.names(u32::MAX));
            names.extend(series.names(0));
        }
        for name in &names {
            let plain = |byte: u8| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".:_-".contains(&byte)
            };
            assert!(name.starts_with("gp1:n:"), "{name}");
            assert!(name.len() <= 64 && name.bytes().all(plain), "{name}");
        }
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn windows_end_with_minutes_hours_and_days_of_los_angeles() {
        let client = ClientKeyId([0; 16]);
        // 2026-07-02, midnight in Los Angeles.
        let midnight = UnixMillis(1_782_975_600_000);
        for series in [
            Series::PoolHours(PoolId::environment()),
            Series::ClientMinutes(client),
            Series::ClientDays(client),
        ] {
            let before = series.window(UnixMillis(midnight.0 - 1));
            assert_eq!(series.window(midnight), before + 1, "{series:?}");
        }
        let days = Series::ClientDays(client);
        let hours_later = UnixMillis(midnight.0 + 17 * 3_600_000);
        assert_eq!(days.window(hours_later), days.window(midnight));
    }
}
