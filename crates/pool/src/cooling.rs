//! One cooling of a key: until when, why, and the single trial request after it.
//!
//! Expiry is a comparison at reading time; nothing sweeps. All coolings of a key are `coolings.rs`, and how long a
//! verdict cools is `classify.rs` and `cooling_length.rs`.

use std::time::Duration;

use crate::time::UnixMillis;
use crate::verdict::CoolingCause;

/// Longest cooling. The longest true cause is a day quota, and the day clocks are set back has 25 hours.
pub const MAX_COOLING: Duration = Duration::from_hours(25);

/// How far ahead an end may lie to be believed: the longest cooling, and room for clocks that differ or are set back a
/// little. One that lies further comes from a clock that was wrong, and counts as past.
pub(crate) const HORIZON: Duration = MAX_COOLING.saturating_add(Duration::from_mins(5));

/// How long the trial request after a cooling keeps other requests away, if nobody reports how it went. Longer
/// than most answers take; a trial that is later still costs one request more.
pub const PROBE_LEASE: Duration = Duration::from_mins(1);

/// One cooling, current or past. A past one remains until a success clears it: its next request is a trial.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cooling {
    /// The end; zero once the cooling is forgotten and only `forgiven` is worth keeping.
    pub(crate) until: UnixMillis,
    /// An end that was forgotten before its time: other instances still repeat it, and are not believed.
    pub(crate) forgiven: UnixMillis,
    /// End of the lease of the trial request under way; zero if there is none.
    pub(crate) lease: UnixMillis,
    pub(crate) cause: CoolingCause,
    /// How often in a row the trial request has failed: zero for the first cooling.
    pub(crate) repeats: u8,
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
    /// Not before `until`, unless the trial request ends earlier.
    Probing {
        until: UnixMillis,
        cause: CoolingCause,
    },
}

impl Availability {
    /// When the key may serve at the latest, and why not before; `None` if now.
    pub(crate) fn wait(self) -> Option<(UnixMillis, CoolingCause)> {
        match self {
            Self::Ready | Self::Probe => None,
            Self::Cooling { until, cause } | Self::Probing { until, cause } => Some((until, cause)),
        }
    }

    /// What holds if both hold.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self.wait(), other.wait()) {
            (Some((one, _)), Some((another, _))) if another > one => other,
            (Some(_), _) => self,
            (None, Some(_)) => other,
            (None, None) if self == Self::Ready => other,
            (None, None) => self,
        }
    }
}

impl Cooling {
    /// No time: nothing is under way.
    pub(crate) const NONE: UnixMillis = UnixMillis(0);

    pub(crate) fn availability(&self, now: UnixMillis) -> Availability {
        let Self { until, cause, .. } = *self;
        if until == Self::NONE {
            Availability::Ready
        } else if self.is_active(now) {
            Availability::Cooling { until, cause }
        } else if self.is_leased(now) {
            let until = self.lease;
            Availability::Probing { until, cause }
        } else {
            Availability::Probe
        }
    }

    pub(crate) fn is_active(&self, now: UnixMillis) -> bool {
        self.until.is_ahead_within(now, HORIZON)
    }

    pub(crate) fn is_leased(&self, now: UnixMillis) -> bool {
        self.lease.is_ahead_within(now, PROBE_LEASE)
    }

    /// Ends it, for good where other instances repeat it.
    pub(crate) fn forget(&mut self) {
        *self = Self {
            until: Self::NONE,
            forgiven: self.forgiven.max(self.until),
            lease: Self::NONE,
            cause: self.cause,
            repeats: 0,
        };
    }

    pub(crate) fn is_worth_keeping(&self, now: UnixMillis) -> bool {
        self.until != Self::NONE || self.forgiven.is_ahead_within(now, HORIZON)
    }
}

/// Until when and why, before growth and jitter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cool {
    pub(crate) until: UnixMillis,
    pub(crate) cause: CoolingCause,
}
