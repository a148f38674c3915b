//! How the store behaves: what each kind of store may do to a call.
//!
//! The kinds are those that real stores are at times: strong (`SQLite`, one Redis), stale (replicas that lag), slow (a
//! Redis that restarts or was stopped), failing (errors, bursts, outages), lossy (an acknowledged write that a failover
//! forgot). It decides, and applies nothing.

use super::content::Call;
use crate::random::{Chance, Random};

/// The kinds of stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Everybody sees what was written, at once.
    Strong,
    /// Readers see the past, up to 30 s of it; nobody is sure to read what he wrote.
    Stale,
    /// Some calls take seconds, and a write may land after its writer has given up.
    Slow,
    /// Calls fail now and then, in bursts, and all of them for a while; applied or not.
    Failing,
    /// Some acknowledged writes of documents vanish.
    Lossy,
}

impl Weather {
    /// Every kind.
    pub(crate) const ALL: [Self; 5] = [
        Self::Strong,
        Self::Stale,
        Self::Slow,
        Self::Failing,
        Self::Lossy,
    ];
}

/// Calls fail all the time, from then until then, Unix milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outage {
    pub(crate) from: u64,
    pub(crate) until: u64,
}

/// How the store behaves, in numbers.
#[derive(Clone, Debug)]
pub(crate) struct Temper {
    /// Longest usual way, one direction, milliseconds.
    pub(crate) way_ms: u64,
    /// How often a way takes long.
    pub(crate) slow: Chance,
    /// How long, at most.
    pub(crate) slow_ms: u64,
    /// How old what a reader sees may be.
    pub(crate) stale_ms: u64,
    /// How often a call fails.
    pub(crate) failing: Chance,
    /// How often an acknowledged write vanishes.
    pub(crate) losing: Chance,
    /// When nothing works.
    pub(crate) outages: Vec<Outage>,
}

/// What becomes of one call. Times are milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    /// It lands after `there` and is acknowledged `back` later.
    Answers { there: u64, back: u64 },
    /// It is acknowledged and never lands.
    Vanishes { there: u64, back: u64 },
    /// It never lands, and the caller hears so after this long.
    Fails { after: u64 },
    /// It lands, and the caller hears of a failure.
    LandsUnheard { there: u64, heard: u64 },
}

impl Temper {
    /// A store of which nothing is wrong.
    pub(crate) fn strong() -> Self {
        Self {
            way_ms: 2,
            slow: Chance::NEVER,
            slow_ms: 0,
            stale_ms: 0,
            failing: Chance::NEVER,
            losing: Chance::NEVER,
            outages: Vec::new(),
        }
    }

    /// A store of this kind; the seed says how bad, and when between `from` and `until` (Unix milliseconds).
    pub(crate) fn of(weather: Weather, random: &Random, from: u64, until: u64) -> Self {
        let plain = Self {
            way_ms: random.between(0, 4),
            ..Self::strong()
        };
        match weather {
            Weather::Strong => plain,
            Weather::Stale => Self {
                // FLT-41 is 30 s.
                stale_ms: *random.pick(&[200, 2_000, 30_000]).unwrap_or(&30_000),
                ..plain
            },
            Weather::Slow => Self {
                slow: Chance::per_mille(random.between(5, 100)),
                slow_ms: random.between(300, 8_000),
                ..plain
            },
            Weather::Failing => Self {
                failing: Chance::per_mille(random.between(1, 150)),
                outages: outages(random, from, until),
                ..plain
            },
            Weather::Lossy => Self {
                losing: Chance::per_mille(random.between(10, 150)),
                ..plain
            },
        }
    }

    /// What becomes of a call of somebody who waits `patience` for it.
    pub(super) fn fate(&self, call: &Call, now: u64, patience: u64, random: &Random) -> Fate {
        let there = self.way(random);
        let back = self.way(random);
        let is_away = self
            .outages
            .iter()
            .any(|outage| (outage.from..outage.until).contains(&now));
        if is_away {
            // Some refuse at once and some hang.
            let after = random.between(0, patience);
            return Fate::Fails { after };
        }
        if random.happens(self.failing) {
            let heard = random.between(0, self.way_ms.saturating_mul(2).min(patience));
            return match random.below(2) {
                0 => Fate::Fails { after: heard },
                _ => Fate::LandsUnheard { there, heard },
            };
        }
        if there.saturating_add(back) > patience {
            return Fate::LandsUnheard {
                there,
                heard: patience,
            };
        }
        let is_document = matches!(call, Call::Set(..) | Call::Delete(_));
        if is_document && random.happens(self.losing) {
            return Fate::Vanishes { there, back };
        }
        Fate::Answers { there, back }
    }

    fn way(&self, random: &Random) -> u64 {
        if random.happens(self.slow) {
            random.between(0, self.slow_ms)
        } else {
            random.between(0, self.way_ms)
        }
    }
}

/// Short bursts, and in half of all runs a long one.
fn outages(random: &Random, from: u64, until: u64) -> Vec<Outage> {
    let mut outages: Vec<Outage> = (0..random.below(4))
        .map(|_| outage(random, from, until, 500))
        .collect();
    if random.below(2) == 0 {
        outages.push(outage(random, from, until, 15_000));
    }
    outages
}

fn outage(random: &Random, from: u64, until: u64, longest: u64) -> Outage {
    let from = random.between(from, until);
    Outage {
        from,
        until: from.saturating_add(random.between(1, longest)),
    }
}
