//! Coolings of one key: for how long, why, and the single trial request after each.
//!
//! Expiry is a comparison at reading time; nothing sweeps. It does not decide how long a verdict cools (see
//! `classify.rs`), only what jitter and growth are added.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::backoff::{doubled, fraction};
use crate::by_model::bounded_name;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, Scope};

/// Longest cooling. The longest true cause is a day quota, and the day clocks are set back has 25 hours.
pub const MAX_COOLING: Duration = Duration::from_hours(25);

/// Most models of one key with a cooling of their own: about twice the 34 generating ones of a model list recorded
/// 2025-12-31.
pub const MAX_MODELS_PER_KEY: usize = 64;

/// How long the trial request after a cooling keeps other requests away, if nobody reports how it went. Longer
/// than most answers take; a trial that is later still costs one request more.
pub const PROBE_LEASE: Duration = Duration::from_mins(1);

/// Growth limit of a cooling without explanation: half an hour is short beside a day, and long beside a minute quota.
const MAX_UNEXPLAINED: Duration = Duration::from_mins(30);

/// Jitter after midnight: all keys of a pool return then, and their first requests should not come in one second.
const DAY_JITTER: Duration = Duration::from_mins(1);

/// Margin after a minute quota: Google's hint is exact, and a request on the dot is refused again.
const MINUTE_MARGIN: Duration = Duration::from_secs(1);

/// Jitter after that margin.
const MINUTE_JITTER: Duration = Duration::from_secs(1);

/// Jitter of every other cooling, as a share of it.
const OTHER_JITTER_DIVISOR: u32 = 10;

/// One cooling, current or past. A past one remains until a success clears it: its next request is a trial.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cooling {
    pub(crate) until: UnixMillis,
    pub(crate) cause: CoolingCause,
    /// How often in a row the trial request has failed: zero for the first cooling.
    repeats: u32,
    /// End of the lease of the trial request under way.
    probe_until: Option<UnixMillis>,
}

/// Whether a key may serve a request now, as far as coolings go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Availability {
    /// Yes.
    Ready,
    /// Yes, one request as a trial.
    Probe,
    /// Not before `until`.
    Cooling {
        until: UnixMillis,
        cause: CoolingCause,
    },
}

impl Cooling {
    fn availability(&self, now: UnixMillis) -> Availability {
        let Self { until, cause, .. } = *self;
        if self.is_active(now) {
            return Availability::Cooling { until, cause };
        }
        match self
            .probe_until
            .filter(|lease| lease.is_ahead_within(now, PROBE_LEASE))
        {
            Some(until) => Availability::Cooling { until, cause },
            None => Availability::Probe,
        }
    }

    pub(crate) fn is_active(&self, now: UnixMillis) -> bool {
        self.until.is_ahead_within(now, MAX_COOLING)
    }
}

/// All coolings of one key.
#[derive(Debug, Default)]
pub(crate) struct Coolings {
    whole_key: Option<Cooling>,
    models: BTreeMap<Box<str>, Cooling>,
}

impl Coolings {
    /// Whether the key may serve this model now: its own cooling and the model's must both allow it.
    pub(crate) fn availability(&self, model: &str, now: UnixMillis) -> Availability {
        let whole_key = self
            .whole_key
            .as_ref()
            .map_or(Availability::Ready, |cooling| cooling.availability(now));
        if self.models.is_empty() {
            return whole_key;
        }
        let of_model = self.models.get(bounded_name(model));
        match (
            whole_key,
            of_model.map_or(Availability::Ready, |cooling| cooling.availability(now)),
        ) {
            (
                Availability::Cooling { until: one, .. },
                Availability::Cooling {
                    until: other,
                    cause,
                },
            ) if other > one => Availability::Cooling {
                until: other,
                cause,
            },
            (cooling @ Availability::Cooling { .. }, _)
            | (_, cooling @ Availability::Cooling { .. }) => cooling,
            (Availability::Ready, Availability::Ready) => Availability::Ready,
            _ => Availability::Probe,
        }
    }

    /// Coolings not over at `now`: the one of the whole key (without a model) first, then by model name.
    pub(crate) fn active(&self, now: UnixMillis) -> impl Iterator<Item = (Option<&str>, &Cooling)> {
        let whole_key = self.whole_key.iter().map(|cooling| (None, cooling));
        let models = self
            .models
            .iter()
            .map(|(model, cooling)| (Some(&**model), cooling));
        whole_key
            .chain(models)
            .filter(move |(_, cooling)| cooling.is_active(now))
    }

    /// Starts the trial request of this model: until it is reported or its lease ends, no other one starts.
    pub(crate) fn start_probe(&mut self, model: &str, now: UnixMillis) {
        self.set_probe(model, Some(now.saturating_add(PROBE_LEASE)));
    }

    /// Ends the trial request without a result: the next request is a trial again.
    pub(crate) fn end_probe(&mut self, model: &str) {
        self.set_probe(model, None);
    }

    fn set_probe(&mut self, model: &str, lease: Option<UnixMillis>) {
        for cooling in self
            .models
            .get_mut(bounded_name(model))
            .into_iter()
            .chain(&mut self.whole_key)
        {
            cooling.probe_until = lease;
        }
    }

    /// The key has just worked with this model: past coolings are forgotten, no trial is due any more. One under way
    /// stays, for a key is not handed out while it cools: what succeeds then was sent before the refusal.
    pub(crate) fn clear_past(&mut self, model: &str, now: UnixMillis) {
        self.end_probe(model);
        self.whole_key = self.whole_key.filter(|cooling| cooling.is_active(now));
        let model = bounded_name(model);
        if self
            .models
            .get(model)
            .is_some_and(|cooling| !cooling.is_active(now))
        {
            self.models.remove(model);
        }
    }

    /// Cools until `until` plus growth and jitter, at most [`MAX_COOLING`]; never shortens a cooling under way.
    pub(crate) fn cool(
        &mut self,
        scope: Scope,
        model: &str,
        until: UnixMillis,
        cause: CoolingCause,
        now: UnixMillis,
        random: u64,
    ) {
        self.end_probe(model);
        let before = match scope {
            Scope::Key => self.whole_key,
            Scope::Model => self.models.get(bounded_name(model)).copied(),
        };
        // Requests that were under way when the cooling began fail in one wave, and count as one failure.
        let repeats = match before {
            None => 0,
            Some(before) if before.is_active(now) => before.repeats,
            Some(before) => before.repeats.saturating_add(1),
        };
        let length =
            length_of(cause, until.saturating_since(now), repeats, random).min(MAX_COOLING);
        let mut cooling = Cooling {
            until: now.saturating_add(length),
            cause,
            repeats,
            probe_until: None,
        };
        if let Some(before) =
            before.filter(|before| before.is_active(now) && before.until > cooling.until)
        {
            cooling = before;
        }
        match scope {
            Scope::Key => self.whole_key = Some(cooling),
            Scope::Model => self.insert(bounded_name(model), cooling, now),
        }
    }

    /// Whether the key has been called expired before, and the time to be sure has passed.
    pub(crate) fn confirms_expiry(&self, now: UnixMillis) -> bool {
        self.whole_key.is_some_and(|cooling| {
            cooling.cause == CoolingCause::ExpiryReported && !cooling.is_active(now)
        })
    }

    fn insert(&mut self, model: &str, cooling: Cooling, now: UnixMillis) {
        if let Some(known) = self.models.get_mut(model) {
            *known = cooling;
            return;
        }
        if self.models.len() >= MAX_MODELS_PER_KEY {
            // A past cooling is worth least; of current ones, the one that ends first.
            let least = self
                .models
                .iter()
                .min_by_key(|(_, known)| (known.is_active(now), known.until));
            if let Some(name) = least.map(|(name, _)| name.clone()) {
                self.models.remove(&name);
            }
        }
        self.models.insert(model.into(), cooling);
    }
}

/// `length` with the growth and jitter that belong to the cause.
fn length_of(cause: CoolingCause, length: Duration, repeats: u32, random: u64) -> Duration {
    match cause {
        CoolingCause::DayQuota => length.saturating_add(fraction(DAY_JITTER, random)),
        CoolingCause::MinuteQuota => {
            length.saturating_add(MINUTE_MARGIN + fraction(MINUTE_JITTER, random))
        }
        CoolingCause::Unexplained => {
            let grown = doubled(length, repeats, MAX_UNEXPLAINED);
            grown.saturating_add(fraction(grown / OTHER_JITTER_DIVISOR, random))
        }
        // A person chose these lengths, and shows them to others.
        CoolingCause::Fixed | CoolingCause::ByRule => length,
        CoolingCause::RateLimited
        | CoolingCause::ModelNotFound
        | CoolingCause::NoQuotaForModel
        | CoolingCause::ModelClosedToNewUsers
        | CoolingCause::ServiceDisabled
        | CoolingCause::KeyRestricted
        | CoolingCause::FreeTierCountry
        | CoolingCause::CreditsDepleted
        | CoolingCause::ExpiryReported => length.saturating_add(fraction(
            length.min(MAX_COOLING) / OTHER_JITTER_DIVISOR,
            random,
        )),
    }
}

#[cfg(test)]
mod tests;
