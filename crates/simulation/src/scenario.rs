//! The scenarios by name.

use std::fmt;
use std::str::FromStr;

use crate::outcome::{Broken, Tally};
use crate::scenarios::{counters, gateway, log, marks};
use crate::world::{Seen, Tracing};

/// What is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// Edits of pools, keys and client keys by several editors at once.
    Log,
    /// The same on a store whose readers see the past.
    StaleLog,
    /// What instances tell each other of keys that cool or are dead.
    Marks,
    /// Sums that several instances add to.
    Counters,
    /// Whole gateways, from a client's request to the upstream and back.
    Gateway,
}

/// No scenario has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no scenario of this name; there are log, stale-log, marks, counters and gateway")]
pub struct UnknownScenario;

impl Scenario {
    /// Every scenario.
    pub const ALL: [Self; 5] = [
        Self::Log,
        Self::StaleLog,
        Self::Marks,
        Self::Counters,
        Self::Gateway,
    ];

    pub(crate) fn run(self, seed: u64, tracing: Tracing) -> (Result<Tally, Broken>, Seen) {
        match self {
            Self::Log => log::run(seed, tracing),
            Self::StaleLog => log::run_stale(seed, tracing),
            Self::Marks => marks::run(seed, tracing),
            Self::Counters => counters::run(seed, tracing),
            Self::Gateway => gateway::run(seed, tracing),
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Log => "log",
            Self::StaleLog => "stale-log",
            Self::Marks => "marks",
            Self::Counters => "counters",
            Self::Gateway => "gateway",
        })
    }
}

impl FromStr for Scenario {
    type Err = UnknownScenario;

    fn from_str(text: &str) -> Result<Self, UnknownScenario> {
        let named = |scenario: &Self| scenario.to_string() == text;
        Self::ALL.into_iter().find(named).ok_or(UnknownScenario)
    }
}
