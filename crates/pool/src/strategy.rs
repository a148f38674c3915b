//! The ways to choose among usable keys, by their names in the settings.
//!
//! How each one chooses is in `page.rs`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::key_list::Weight;

/// How keys take turns: the value of `LOAD_BALANCE_STRATEGY`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// In turn, in exact proportion to the weights. The default.
    #[default]
    Weighted,
    /// In turn, weights ignored.
    RoundRobin,
    /// By chance, in proportion to the weights on average.
    Random,
    /// The key that has rested longest, weights ignored.
    LeastRecentlyUsed,
    /// One key until it is out, then the next: heavier keys first.
    FillFirst,
}

/// A name that is no strategy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown load balance strategy `{0}`: use `weighted`, `round-robin`, `random`, `least-recently-used` or `fill-first`"
)]
pub struct InvalidStrategy(String);

/// Characters of a wrong name that the error repeats: enough to recognize it, not enough to flood a log.
const SHOWN_CHARS: usize = 40;

impl Strategy {
    /// Every one, the default first.
    pub const ALL: [Self; 5] = [
        Self::Weighted,
        Self::RoundRobin,
        Self::Random,
        Self::LeastRecentlyUsed,
        Self::FillFirst,
    ];

    /// The name in settings and in the status.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weighted => "weighted",
            Self::RoundRobin => "round-robin",
            Self::Random => "random",
            Self::LeastRecentlyUsed => "least-recently-used",
            Self::FillFirst => "fill-first",
        }
    }

    /// Whether weights count in what share of the requests a key gets.
    pub(crate) fn heeds_weights(self) -> bool {
        match self {
            Self::Weighted | Self::Random => true,
            Self::RoundRobin | Self::LeastRecentlyUsed | Self::FillFirst => false,
        }
    }

    /// A key's share among the others.
    pub(crate) fn share(self, weight: Weight) -> u64 {
        if self.heeds_weights() {
            u64::from(weight.get())
        } else {
            1
        }
    }
}

impl FromStr for Strategy {
    type Err = InvalidStrategy;

    /// Reads a name; white space around it and upper case are forgiven.
    fn from_str(text: &str) -> Result<Self, InvalidStrategy> {
        let name = text.trim();
        Self::ALL
            .into_iter()
            .find(|strategy| strategy.as_str().eq_ignore_ascii_case(name))
            .ok_or_else(|| InvalidStrategy(name.chars().take(SHOWN_CHARS).collect()))
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Strategy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

impl Serialize for Strategy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_name_it_writes() {
        for strategy in Strategy::ALL {
            assert_eq!(strategy.to_string().parse(), Ok(strategy));
            assert_eq!(
                format!(" {}\n", strategy.as_str().to_uppercase()).parse(),
                Ok(strategy)
            );
        }
    }

    #[test]
    fn names_the_value_it_does_not_know() {
        let error = "fastest".parse::<Strategy>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown load balance strategy `fastest`: use `weighted`, `round-robin`, `random`, `least-recently-used` or `fill-first`"
        );
        assert!(
            "x".repeat(1000)
                .parse::<Strategy>()
                .unwrap_err()
                .to_string()
                .len()
                < 200
        );
    }
}
