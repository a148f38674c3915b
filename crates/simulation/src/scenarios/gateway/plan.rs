//! How bad a run is: what the seed makes of instances, keys, store and upstream.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Scene;
use crate::random::{Chance, Random};
use crate::store::{Outage, Temper, Weather};
use crate::upstream::{Account, Death, Mood, Quota};

/// Kinds of runs. All but the first have one trouble only, so that more can be promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Everything at once.
    Mixed,
    /// Every key is refused, again and again, under a load that would multiply.
    Storm,
    /// Every key's minute is used up until a certain time.
    Drought,
    /// The store is away for half a minute.
    Outage,
    /// Nothing is wrong: keys of weights 3, 1 and 1.
    Shares,
}

#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) profile: Profile,
    pub(crate) weather: Weather,
    pub(crate) instances: u64,
    pub(crate) keys: usize,
    pub(crate) busy_ms: u64,
    /// Between two requests of all clients, at most, but for a storm.
    pace_ms: u64,
    pub(crate) crashes: bool,
    pub(crate) stalls: bool,
    pub(crate) egresses: bool,
    ends: Vec<(usize, u64, Death)>,
    quota: Quota,
    projects: u32,
    mood: Mood,
}

/// When the trouble of [`Profile::Drought`] and [`Profile::Storm`] ends, after the start.
pub(crate) const TROUBLE_ENDS_MS: u64 = 30_000;

/// How long requests come where traffic has to recover.
const LONG_MS: u64 = 100_000;

/// Between two requests of a storm, at most.
const STORM_PACE_MS: u64 = 20;

/// The outage of [`Profile::Outage`], after the start.
pub(crate) const OUTAGE_MS: (u64, u64) = (10_000, 40_000);

/// The second egress's host.
pub(crate) const SECOND_EGRESS: &str = "two.test";

/// No quota that anybody reaches.
const PLENTY: Quota = Quota {
    minute: 1_000_000,
    day: 1_000_000,
};

impl Plan {
    pub(crate) fn draw(random: &Random) -> Self {
        let profile = match random.below(20) {
            0 => Profile::Storm,
            1..=2 => Profile::Drought,
            3..=4 => Profile::Outage,
            5..=6 => Profile::Shares,
            _ => Profile::Mixed,
        };
        let calm = Self {
            profile,
            weather: Weather::Strong,
            instances: random.between(1, 4),
            keys: usize::try_from(random.between(3, 12)).unwrap_or(3),
            busy_ms: 60_000,
            pace_ms: 400,
            crashes: false,
            stalls: false,
            egresses: false,
            ends: Vec::new(),
            quota: PLENTY,
            projects: 1_000,
            mood: Mood {
                latency_ms: *random.pick(&[20, 300, 1_500]).unwrap_or(&300),
                ..Mood::default()
            },
        };
        match profile {
            Profile::Mixed => calm.mixed(random),
            Profile::Storm => Self {
                busy_ms: LONG_MS,
                keys: *random.pick(&[3, 30, 300]).unwrap_or(&30),
                ..calm
            },
            Profile::Drought => Self {
                busy_ms: LONG_MS,
                ..calm
            },
            Profile::Outage => calm,
            Profile::Shares => Self {
                instances: random.between(1, 16),
                keys: 3,
                ..calm
            },
        }
    }

    fn mixed(self, random: &Random) -> Self {
        let keys = if random.below(20) == 0 {
            300
        } else {
            self.keys
        };
        let mut ends = Vec::new();
        for key in 0..keys {
            let death = Death::ALL.get(random.index(Death::ALL.len() * 3)).copied();
            ends.extend(death.map(|death| (key, random.below(self.busy_ms), death)));
        }
        Self {
            weather: *random
                .pick(&[
                    Weather::Strong,
                    Weather::Strong,
                    Weather::Stale,
                    Weather::Slow,
                    Weather::Failing,
                    Weather::Lossy,
                ])
                .unwrap_or(&Weather::Strong),
            keys,
            ends,
            crashes: random.below(2) == 0,
            stalls: random.below(5) == 0,
            egresses: random.below(3) == 0,
            quota: Quota {
                minute: *random.pick(&[3, 20, 1_000]).unwrap_or(&20),
                day: *random.pick(&[8, 1_000]).unwrap_or(&1_000),
            },
            projects: *random.pick(&[2, 1_000]).unwrap_or(&1_000),
            mood: Mood {
                resets: Chance::per_mille(random.between(0, 20)),
                cuts: Chance::per_mille(random.between(0, 30)),
                silences: Chance::per_mille(random.between(0, 5)),
                ..self.mood
            },
            ..self
        }
    }

    /// Between two requests, at most, so long after the start.
    pub(crate) fn pace_ms(&self, since_start: u64) -> u64 {
        match self.profile {
            Profile::Storm if since_start < TROUBLE_ENDS_MS => STORM_PACE_MS,
            _ => self.pace_ms,
        }
    }

    /// Whether nothing but what the profile names can go wrong.
    pub(crate) fn is_single(&self) -> bool {
        self.profile != Profile::Mixed
    }

    /// Whether what one instance writes is there for the others at once.
    pub(crate) fn is_steady(&self) -> bool {
        self.weather == Weather::Strong && !self.stalls && self.profile != Profile::Outage
    }

    pub(crate) fn mood(&self) -> Mood {
        self.mood.clone()
    }

    pub(crate) fn accounts(&self, now: u64) -> BTreeMap<String, Account> {
        let account = |key: usize| Account {
            project: u32::try_from(key).unwrap_or(0) % self.projects,
            quota: self.quota,
            ends: self
                .ends
                .iter()
                .find(|(ending, ..)| *ending == key)
                .map(|(_, after, death)| (now.saturating_add(*after), *death)),
        };
        let mut accounts: BTreeMap<String, Account> = (0..self.keys)
            .map(|key| (key_text(key), account(key)))
            .collect();
        accounts.insert(OTHER_KEY.to_owned(), account(self.keys));
        accounts
    }

    pub(crate) fn temper(&self, random: &Random, start: u64, until: u64) -> Temper {
        match self.profile {
            Profile::Outage => Temper {
                outages: vec![Outage {
                    from: start.saturating_add(OUTAGE_MS.0),
                    until: start.saturating_add(OUTAGE_MS.1),
                }],
                ..Temper::strong()
            },
            Profile::Mixed => Temper::of(self.weather, random, start, until),
            Profile::Storm | Profile::Drought | Profile::Shares => Temper::strong(),
        }
    }
}

/// The key of the pool that will be disabled: pools do not tell each other of their keys.
pub(crate) const OTHER_KEY: &str = "AIza-simulated-other";

/// The text of a key.
pub(crate) fn key_text(key: usize) -> String {
    format!("AIza-simulated-{key}")
}

/// The upstream's better and worse times.
pub(crate) async fn change_moods(scene: Rc<Scene>) {
    let world = &scene.world;
    let random = world.random().fork();
    let trouble_ends = world.now().saturating_add(TROUBLE_ENDS_MS);
    match scene.plan.profile {
        Profile::Drought => scene
            .upstream
            .change_mood(|mood| mood.drought_until = trouble_ends),
        Profile::Storm if random.below(2) == 0 => {
            // Short hints, so that keys come back and are refused again.
            while world.now() < trouble_ends {
                let soon = world.now().saturating_add(random.between(1_000, 5_000));
                scene
                    .upstream
                    .change_mood(|mood| mood.drought_until = soon.min(trouble_ends));
                let pause = soon.saturating_sub(world.now());
                world
                    .sleep(pause.min(trouble_ends.saturating_sub(world.now())))
                    .await;
            }
        }
        Profile::Storm => {
            scene
                .upstream
                .change_mood(|mood| mood.overloaded = Chance::per_mille(1_000));
            world.sleep(TROUBLE_ENDS_MS).await;
            scene
                .upstream
                .change_mood(|mood| mood.overloaded = Chance::NEVER);
        }
        Profile::Mixed => {
            for _ in 0..random.below(4) {
                world.sleep(random.between(0, 15_000)).await;
                let refused = scene.plan.egresses && random.below(2) == 0;
                scene.upstream.change_mood(|mood| {
                    mood.overloaded = Chance::per_mille(random.between(0, 700));
                    mood.refused_egress = refused.then_some(SECOND_EGRESS);
                });
                world.sleep(random.between(500, 10_000)).await;
                scene.upstream.change_mood(|mood| {
                    mood.overloaded = Chance::NEVER;
                    mood.refused_egress = None;
                });
            }
        }
        Profile::Outage | Profile::Shares => {}
    }
}
