//! All coolings of one key or one project: of the whole key, and of single models.
//!
//! They never shorten by accident, and are bounded in number. When one began is not kept: only its end counts.

use std::sync::Arc;

use crate::by_model::bounded_name;
use crate::cooling::{Availability, Cool, Cooling, HORIZON, MAX_COOLING, PROBE_LEASE};
use crate::cooling_length::length_of;
use crate::time::UnixMillis;
use crate::verdict::{CoolingCause, Scope};

/// Most models of one key with a cooling of their own: about twice the 34 generating ones of a model list recorded
/// 2025-12-31.
pub const MAX_MODELS_PER_KEY: usize = 64;

/// All coolings of one key, or of one project. Takes one word while there are none.
#[derive(Debug, Default)]
pub(crate) struct Coolings(Option<Box<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    whole_key: Option<Cooling>,
    models: Vec<(Arc<str>, Cooling)>,
}

impl Kept {
    fn of_model(&self, model: &str) -> Option<&Cooling> {
        let model = bounded_name(model);
        self.models
            .iter()
            .find(|(name, _)| **name == *model)
            .map(|(_, cooling)| cooling)
    }

    fn slot(&mut self, scope: Scope, model: &str) -> Option<&mut Cooling> {
        let model = bounded_name(model);
        match scope {
            Scope::Key => self.whole_key.as_mut(),
            Scope::Model => self
                .models
                .iter_mut()
                .find(|(name, _)| **name == *model)
                .map(|(_, cooling)| cooling),
        }
    }

    fn insert(&mut self, scope: Scope, model: &Arc<str>, cooling: Cooling, now: UnixMillis) {
        if let Some(known) = self.slot(scope, model) {
            *known = cooling;
            return;
        }
        match scope {
            Scope::Key => self.whole_key = Some(cooling),
            Scope::Model => {
                if self.models.len() >= MAX_MODELS_PER_KEY {
                    self.drop_least(now);
                }
                // Most keys cool for one or two models, and there may be 100,000 keys.
                self.models.reserve_exact(1);
                self.models.push((Arc::clone(model), cooling));
            }
        }
    }

    /// A past cooling is worth least; of current ones, the one that ends first.
    fn drop_least(&mut self, now: UnixMillis) {
        let least = (0..).zip(&self.models).min_by_key(|(_, (name, cooling))| {
            (cooling.is_active(now), cooling.until, Arc::clone(name))
        });
        if let Some((index, _)) = least {
            self.models.swap_remove(index);
        }
    }
}

impl Coolings {
    /// Whether the key may serve this model now: its own cooling and the model's must both allow it.
    pub(crate) fn availability(&self, model: &str, now: UnixMillis) -> Availability {
        let Some(kept) = &self.0 else {
            return Availability::Ready;
        };
        let of = |cooling: Option<&Cooling>| {
            cooling.map_or(Availability::Ready, |cooling| cooling.availability(now))
        };
        of(kept.whole_key.as_ref()).and(of(kept.of_model(model)))
    }

    /// Coolings not over at `now`: the one of the whole key (without a model) first, then by model name.
    pub(crate) fn active(&self, now: UnixMillis) -> impl Iterator<Item = (Option<&str>, &Cooling)> {
        let mut models: Vec<_> = self.0.iter().flat_map(|kept| &kept.models).collect();
        models.sort_by(|(one, _), (other, _)| one.cmp(other));
        let whole_key = self.0.iter().filter_map(|kept| kept.whole_key.as_ref());
        whole_key
            .map(|cooling| (None, cooling))
            .chain(
                models
                    .into_iter()
                    .map(|(model, cooling)| (Some(&**model), cooling)),
            )
            .filter(move |(_, cooling)| cooling.is_active(now))
    }

    /// Whether any cooling is not over, for one model or all.
    pub(crate) fn is_any_active(&self, now: UnixMillis) -> bool {
        self.all().any(|cooling| cooling.is_active(now))
    }

    /// Starts the trial request of this model: until it is reported or its lease ends, no other one starts.
    pub(crate) fn start_probe(&mut self, model: &str, now: UnixMillis) {
        self.for_each_of(model, |cooling| {
            if !cooling.is_active(now) {
                // An end that is impossibly far ahead must not become possible with time.
                cooling.until = cooling.until.min(now);
            }
            cooling.lease = now.saturating_add(PROBE_LEASE);
        });
    }

    /// Ends the trial request without a result: the next request is a trial again.
    pub(crate) fn end_probe(&mut self, model: &str) {
        self.for_each_of(model, |cooling| cooling.lease = Cooling::NONE);
    }

    /// What holds for this model: its own cooling, and that of the whole key.
    fn for_each_of(&mut self, model: &str, mut change: impl FnMut(&mut Cooling)) {
        let Some(kept) = &mut self.0 else {
            return;
        };
        for scope in [Scope::Key, Scope::Model] {
            if let Some(cooling) = kept.slot(scope, model) {
                change(cooling);
            }
        }
    }

    /// The key has just worked with this model: past coolings are forgotten, no trial is due any more. One under way
    /// stays, for a key is not handed out while it cools: what succeeds then was sent before the refusal. Unless it was
    /// handed out all the same, as the trial of an emergency: that one has proven the cooling wrong.
    pub(crate) fn clear_past(&mut self, model: &str, now: UnixMillis) {
        self.for_each_of(model, |cooling| {
            if cooling.is_leased(now) || !cooling.is_active(now) {
                cooling.forget();
            }
        });
        self.drop_worthless(now);
    }

    /// Forgets every cooling, whatever its end.
    pub(crate) fn forget_all(&mut self, now: UnixMillis) {
        if let Some(kept) = &mut self.0 {
            let models = kept.models.iter_mut().map(|(_, cooling)| cooling);
            models.chain(&mut kept.whole_key).for_each(Cooling::forget);
        }
        self.drop_worthless(now);
    }

    /// Cools until `until` plus growth and jitter, at most [`MAX_COOLING`]; never shortens a cooling under way.
    pub(crate) fn cool(
        &mut self,
        scope: Scope,
        model: &Arc<str>,
        cooled: Cool,
        now: UnixMillis,
        random: u64,
    ) {
        self.end_probe(model);
        let before = self.find(scope, model);
        let Cool { until, cause } = cooled;
        // Requests that were under way when the cooling began fail in one wave, and count as one failure.
        let repeats = match before {
            Some(before) if before.is_active(now) => before.repeats,
            Some(before) if before.until != Cooling::NONE => before.repeats.saturating_add(1),
            Some(_) | None => 0,
        };
        let hint = until.saturating_since(now);
        let length = length_of(cause, hint, u32::from(repeats), random).min(MAX_COOLING);
        let cooling = Cooling {
            until: now.saturating_add(length),
            forgiven: before.map_or(Cooling::NONE, |before| before.forgiven),
            lease: Cooling::NONE,
            cause,
            repeats,
        };
        let is_shorter =
            before.is_some_and(|before| before.is_active(now) && before.until > cooling.until);
        if !is_shorter {
            let kept = self.0.get_or_insert_default();
            kept.insert(scope, model, cooling, now);
        }
    }

    /// Takes over a cooling that another instance has reported, as it stands; says whether that changed anything.
    pub(crate) fn merge(
        &mut self,
        scope: Scope,
        model: &Arc<str>,
        reported: Cool,
        now: UnixMillis,
    ) -> bool {
        let Cool { until, cause } = reported;
        let before = self.find(scope, model);
        let forgiven = before.map_or(Cooling::NONE, |before| before.forgiven);
        let is_news = until.is_ahead_within(now, HORIZON)
            && until > forgiven
            && before.is_none_or(|before| {
                !before.is_active(now) || (before.until, before.cause as u8) < (until, cause as u8)
            });
        if is_news {
            let cooling = Cooling {
                until,
                forgiven,
                lease: Cooling::NONE,
                cause,
                repeats: before.map_or(0, |before| before.repeats),
            };
            let kept = self.0.get_or_insert_default();
            kept.insert(scope, model, cooling, now);
        }
        is_news
    }

    /// Whether the key has been called expired before, and the time to be sure has passed.
    pub(crate) fn confirms_expiry(&self, now: UnixMillis) -> bool {
        let whole_key = self.0.as_ref().and_then(|kept| kept.whole_key);
        whole_key.is_some_and(|cooling| {
            cooling.cause == CoolingCause::ExpiryReported
                && cooling.until != Cooling::NONE
                && !cooling.is_active(now)
        })
    }

    /// Whether there is nothing to remember.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether one of them, past or not, is of the whole key.
    pub(crate) fn has_whole_key(&self) -> bool {
        self.0.as_ref().is_some_and(|kept| kept.whole_key.is_some())
    }

    /// When the last cooling ends, past or not.
    pub(crate) fn last_end(&self) -> UnixMillis {
        self.all()
            .map(|cooling| cooling.until)
            .max()
            .unwrap_or_default()
    }

    fn find(&self, scope: Scope, model: &str) -> Option<Cooling> {
        let kept = self.0.as_ref()?;
        match scope {
            Scope::Key => kept.whole_key,
            Scope::Model => kept.of_model(model).copied(),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Cooling> {
        self.0.iter().flat_map(|kept| {
            let models = kept.models.iter().map(|(_, cooling)| cooling);
            models.chain(&kept.whole_key)
        })
    }

    fn drop_worthless(&mut self, now: UnixMillis) {
        let Some(kept) = &mut self.0 else {
            return;
        };
        kept.whole_key = kept
            .whole_key
            .filter(|cooling| cooling.is_worth_keeping(now));
        kept.models
            .retain(|(_, cooling)| cooling.is_worth_keeping(now));
        if kept.whole_key.is_none() && kept.models.is_empty() {
            self.0 = None;
        }
    }
}

#[cfg(test)]
mod tests;
