//! How windows are forgotten without listing them, also after a pause of any length.
//!
//! Exactly one adder begins a window: the one whose sum is what it added. It moves the series' marker, a counter whose
//! value is the last window that was begun, and so learns which one that was. The windows kept at that time are this one
//! and those just before it; those that are not kept now are forgotten. So a series that pauses for a year leaves
//! nothing behind, and readers know which windows there can be: none after the marker.
//!
//! If the steps are interrupted for good, a few counters stay behind. No count depends on it.

use std::collections::BTreeSet;

use gempool_pool::{MAX_COOLING, UnixMillis};

use super::series::Series;
use super::tally::Slot;
use crate::ports::{Counters, StoreUnavailable};

/// A step of cleaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chore {
    /// This window has been begun here.
    Begin(Slot),
    /// This counter is not needed any more.
    Forget(String),
}

/// Most calls of one chore: reading the marker, moving it, correcting it.
pub(super) const MAX_CHORE_CALLS: usize = 3;

/// Carries out one step, and returns those that it leads to. Doing it again does no harm.
pub(super) async fn carry_out(
    counters: &(impl Counters + ?Sized),
    chore: &Chore,
    now: UnixMillis,
) -> Result<Vec<Chore>, StoreUnavailable> {
    match chore {
        Chore::Forget(name) => {
            counters.forget(name).await?;
            Ok(Vec::new())
        }
        Chore::Begin(Slot { series, window }) => {
            let before = move_marker(counters, series, *window, now).await?;
            let over = forgotten(series.kept(), before, *window);
            let names = over.iter().flat_map(|window| series.names(*window));
            Ok(names.map(Chore::Forget).collect())
        }
    }
}

/// Makes `window` the marker, unless a later one has been begun. Returns the marker as it was.
async fn move_marker(
    counters: &(impl Counters + ?Sized),
    series: &Series,
    window: u32,
    now: UnixMillis,
) -> Result<u32, StoreUnavailable> {
    let name = series.marker();
    let before = counters.add(&name, 0).await?;
    // A marker further ahead than clocks may differ is a broken clock's; left there, it would stop all cleaning until
    // then. What that clock counted stays behind, because the broken clock may as well be this one.
    let latest = series.window(now.saturating_add(MAX_COOLING));
    let is_later = (i64::from(window)..=i64::from(latest)).contains(&before);
    if !is_later {
        let sum = counters.add(&name, i64::from(window) - before).await?;
        if sum != i64::from(window) {
            // Another window was begun at the same time: both moved the marker. This one takes back what is too much.
            counters.add(&name, i64::from(window) - sum).await?;
        }
    }
    Ok(u32::try_from(before).unwrap_or_default())
}

/// The windows that may exist, and are not kept when `window` is begun and `before` was begun last.
fn forgotten(kept: u32, before: u32, window: u32) -> BTreeSet<u32> {
    let (Some(last_over), 1..) = (window.checked_sub(kept), before) else {
        return BTreeSet::new();
    };
    let existed = before.saturating_sub(kept - 1)..=before;
    // If the marker lagged, the window that has just ended its time may still exist.
    let mut over: BTreeSet<u32> = existed.filter(|old| *old <= last_over).collect();
    over.insert(last_over);
    over
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_is_forgotten_once_and_after_a_pause_all_of_it() {
        for (kept, before, window, over) in [
            // The first window of all.
            (2, 0, 100, vec![]),
            // One after the other.
            (2, 99, 100, vec![98]),
            (48, 99, 100, vec![52]),
            // After a pause.
            (2, 90, 100, vec![89, 90, 98]),
            (3, 98, 100, vec![96, 97]),
            (3, 99, 2, vec![]),
        ] {
            let found: Vec<u32> = forgotten(kept, before, window).into_iter().collect();
            assert_eq!(found, over, "{kept} {before} {window}");
        }
    }
}
