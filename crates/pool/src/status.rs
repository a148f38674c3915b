//! The state of a pool as `/v1/status` shows it under `keyPool`.
//!
//! Field names and their meaning come from the balancer whose dashboards read them; fields beyond those are ours. It
//! shows masks of keys only.

use std::time::Duration;

use serde::Serialize;

use crate::cooling::Coolings;
use crate::pool::Pool;
use crate::state::KeyState;
use crate::strategy::Strategy;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, DeathCause};

/// Most keys listed one by one: a status is read by people and polled by dashboards. The counts are always complete.
pub const MAX_STATUS_DETAILS: usize = 100;

/// Counts and details of a pool. `total_keys = available_keys + failed_keys + cooling_keys`, each key counted once:
/// failed if dead, else cooling if it cools for at least one model, else available. So a cooling key may well serve
/// other models.
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
    /// Why.
    pub cause: DeathCause,
}

impl PoolStatus {
    pub(crate) fn of(pool: &Pool, now: UnixMillis) -> Self {
        let mut status = Self {
            total_keys: pool.len(),
            available_keys: 0,
            failed_keys: 0,
            cooling_keys: 0,
            strategy: pool.strategy,
            cooling_details: Vec::new(),
            failed_details: Vec::new(),
        };
        for entry in &pool.entries {
            match &entry.state {
                KeyState::Dead(cause) => {
                    status.failed_keys += 1;
                    if status.failed_details.len() < MAX_STATUS_DETAILS {
                        status.failed_details.push(FailedDetail {
                            key: entry.key.masked(),
                            cause: *cause,
                        });
                    }
                }
                KeyState::Alive(coolings) if coolings.active(now).next().is_none() => {
                    status.available_keys += 1
                }
                KeyState::Alive(coolings) => {
                    status.cooling_keys += 1;
                    if status.cooling_details.len() < MAX_STATUS_DETAILS {
                        status.cooling_details.push(CoolingDetail::of(
                            entry.key.masked(),
                            coolings,
                            now,
                        ));
                    }
                }
            }
        }
        status
    }
}

impl CoolingDetail {
    fn of(key: String, coolings: &Coolings, now: UnixMillis) -> Self {
        let left = |until: UnixMillis| until.saturating_since(now);
        let longest = coolings
            .active(now)
            .map(|(_, cooling)| left(cooling.until))
            .max()
            .unwrap_or_default();
        let minutes = seconds_rounded_up(longest).div_ceil(60);
        let models = coolings.active(now).map(|(model, cooling)| CoolingModel {
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
