//! What an instance learned, and whether another one knows as much.

use gempool_pool::{CoolingCause, CoolingMark, DeathCause, KeyId, Mark, UnixMillis};

use crate::random::Random;
use crate::world::InstanceId;

/// Something learned of a key.
#[derive(Clone, Debug)]
pub(crate) struct Learned {
    pub(crate) mark: Mark,
    pub(crate) by: InstanceId,
    /// Unix milliseconds.
    pub(crate) at: u64,
}

/// Models that requests ask for.
const MODELS: [&str; 3] = ["gemini-2.5-flash", "gemini-2.5-pro", "gemini-embedding-001"];

/// A mark as an error makes it.
pub(crate) fn mark(random: &Random, key: KeyId, generation: u32, now: u64) -> Mark {
    let dead = (random.below(12) == 0).then_some(DeathCause::Leaked);
    let model = random.pick(&MODELS).map(|model| (*model).to_owned());
    // Short hints, a minute, and a day's quota.
    let lasts_ms = match random.below(3) {
        0 => random.between(2_000, 20_000),
        1 => 60_000,
        _ => random.between(3_600_000, 80_000_000),
    };
    let cooling = CoolingMark {
        model,
        until: UnixMillis(now.saturating_add(lasts_ms)),
        cause: CoolingCause::DayQuota,
    };
    Mark {
        key,
        generation,
        coolings: if dead.is_some() {
            Vec::new()
        } else {
            vec![cooling]
        },
        dead,
        project: None,
    }
}

/// Whether somebody who knows `known` of a key knows all that `mark` says and that still counts. Written without the
/// product's merging, which is what it checks.
pub(crate) fn covers(known: Option<&Mark>, mark: &Mark, now: UnixMillis) -> bool {
    let counts: Vec<&CoolingMark> = mark.coolings.iter().filter(|it| it.until > now).collect();
    if mark.dead.is_none() && counts.is_empty() {
        return true;
    }
    let Some(known) = known else {
        return false;
    };
    if known.generation != mark.generation {
        return known.generation > mark.generation;
    }
    if known.dead.is_some() {
        return true;
    }
    let holds = |cooling: &&CoolingMark| {
        let same = known.coolings.iter().filter(|it| it.model == cooling.model);
        same.map(|it| it.until).max() >= Some(cooling.until)
    };
    mark.dead.is_none() && counts.iter().all(holds)
}
