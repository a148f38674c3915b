//! The state of a pool as `/v1/status` shows it under `keyPool`.
//!
//! Field names and their meaning come from the balancer whose dashboards read them; fields beyond those are ours. It
//! shows masks of keys only.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::cooling::Cooling;
use crate::coolings::Coolings;
use crate::key_id::KeyId;
use crate::pool::Pool;
use crate::projects::Projects;
use crate::slot::{KeyState, Slot};
use crate::strategy::Strategy;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, DeathCause};

/// Most keys listed one by one: a status is read by people and polled by dashboards. The counts are always complete.
pub const MAX_STATUS_DETAILS: usize = 100;

/// Counts and details of a pool. `total_keys = available_keys + failed_keys + cooling_keys`, each key counted once:
/// failed if dead, else cooling if it cools for at least one model, else available. So a cooling key may well serve
/// other models. A disabled key counts like any other.
///
/// Of pages that are not loaded, the number of keys is known, and of dead ones what instances told each other last; the
/// others count as available. Details are of loaded pages only.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PoolStatus {
    /// All keys.
    pub total_keys: usize,
    /// Keys usable for every model, as far as known.
    pub available_keys: usize,
    /// Dead keys.
    pub failed_keys: usize,
    /// Keys that cool for one model or more.
    pub cooling_keys: usize,
    /// How keys take turns.
    pub strategy: Strategy,
    /// One entry per cooling key, at most [`MAX_STATUS_DETAILS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cooling_details: Vec<CoolingDetail>,
    /// One entry per dead key, at most [`MAX_STATUS_DETAILS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed_details: Vec<FailedDetail>,
}

/// A cooling key. The remaining time is that of its longest cooling: then it is usable for every model.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CoolingDetail {
    /// Mask of the key.
    pub key: String,
    /// Minutes left, rounded up.
    pub remaining_minutes: u64,
    /// Whole hours of those minutes.
    pub remaining_hours: u64,
    /// The minutes as `24h0m` or `5m`.
    pub remaining_display: String,
    /// Each of its coolings.
    pub models: Vec<CoolingModel>,
}

/// One cooling of a key.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CoolingModel {
    /// The model; `null` if all.
    pub model: Option<String>,
    /// Why.
    pub cause: CoolingCause,
    /// Seconds left, rounded up.
    pub remaining_seconds: u64,
}

/// A dead key.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedDetail {
    /// Mask of the key.
    pub key: String,
    /// Its id, by which an admin revives it.
    pub id: KeyId,
    /// Why.
    pub cause: DeathCause,
}

impl Pool {
    /// The counts and coolings that `/v1/status` shows under `keyPool`.
    #[must_use]
    pub fn status(&self, now: UnixMillis) -> PoolStatus {
        let mut status = PoolStatus {
            total_keys: self.len(),
            available_keys: 0,
            failed_keys: 0,
            cooling_keys: 0,
            strategy: self.policy.strategy,
            cooling_details: Vec::new(),
            failed_details: Vec::new(),
        };
        for (index, page) in self.pages.iter().enumerate() {
            let Some(loaded) = &page.loaded else {
                let dead = self.summary.dead_in(index).min(page.len());
                status.failed_keys += dead;
                status.available_keys += page.len() - dead;
                continue;
            };
            for slot in loaded.in_order() {
                status.count(slot, &self.projects, now);
            }
        }
        status
    }
}

impl PoolStatus {
    fn count(&mut self, slot: &Slot, projects: &Projects, now: UnixMillis) {
        let coolings = match &slot.state {
            KeyState::Dead(cause) => {
                self.failed_keys += 1;
                if self.failed_details.len() < MAX_STATUS_DETAILS {
                    self.failed_details.push(FailedDetail {
                        key: slot.key.masked(),
                        id: slot.id,
                        cause: *cause,
                    });
                }
                return;
            }
            KeyState::Alive(coolings) => coolings,
        };
        let shared = projects.get(slot.subject);
        let all = || std::iter::once(coolings).chain(shared);
        if !all().any(|coolings| coolings.is_any_active(now)) {
            self.available_keys += 1;
            return;
        }
        self.cooling_keys += 1;
        if self.cooling_details.len() < MAX_STATUS_DETAILS {
            self.cooling_details
                .push(CoolingDetail::of(slot.key.masked(), all(), now));
        }
    }
}

impl CoolingDetail {
    fn of<'a>(key: String, coolings: impl Iterator<Item = &'a Coolings>, now: UnixMillis) -> Self {
        // A key and its project mostly cool for the same: of each model the longer one counts.
        let mut latest: BTreeMap<Option<&str>, &Cooling> = BTreeMap::new();
        for (model, cooling) in coolings.flat_map(|coolings| coolings.active(now)) {
            let known = latest.entry(model).or_insert(cooling);
            if known.until < cooling.until {
                *known = cooling;
            }
        }
        let left = |until: UnixMillis| until.saturating_since(now);
        let longest = latest.values().map(|cooling| left(cooling.until)).max();
        let minutes = seconds_rounded_up(longest.unwrap_or_default()).div_ceil(60);
        let models = latest.into_iter().map(|(model, cooling)| CoolingModel {
            model: model.map(str::to_owned),
            cause: cooling.cause,
            remaining_seconds: seconds_rounded_up(left(cooling.until)),
        });
        Self {
            key,
            remaining_minutes: minutes,
            remaining_hours: minutes / 60,
            remaining_display: match minutes / 60 {
                0 => format!("{minutes}m"),
                hours => format!("{hours}h{}m", minutes % 60),
            },
            models: models.collect(),
        }
    }
}

fn seconds_rounded_up(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests;
