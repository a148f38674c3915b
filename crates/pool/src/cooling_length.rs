//! How much longer a cooling is than its cause says: growth while trials fail, and jitter, so that keys that were
//! refused together do not return together.
//!
//! It only ever lengthens. What the cause says is `classify.rs`.

use std::time::Duration;

use crate::backoff::{doubled, fraction};
use crate::cooling::MAX_COOLING;
use crate::verdict::CoolingCause;

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

/// `length` with the growth and jitter that belong to the cause.
pub(crate) fn length_of(
    cause: CoolingCause,
    length: Duration,
    repeats: u32,
    random: u64,
) -> Duration {
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
