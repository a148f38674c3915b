//! What must hold of sums.

use super::account::{Account, Count};
use super::{CLIENTS, Scene};
use crate::outcome::Broken;

/// Counters of one subject that may be left: today's and yesterday's, the last hours and minutes, and markers. Without
/// forgetting, a slow run leaves one for each of twenty minutes.
const COUNTERS_LEFT_EACH: usize = 14;

/// A sum is what was counted, less what crashes took along, and more only by what was added twice for want of an
/// answer.
pub(crate) fn conserved(account: &Account, subject: usize) -> Result<(), Broken> {
    let sum = account.told(subject);
    let recorded = account.recorded(subject);
    let least = recorded - account.lost(subject);
    let mut most = recorded;
    most += account.doubted(subject);
    let fits = |sum: u64, least: u64, most: u64| (least..=most).contains(&sum);
    if fits(sum.requests, least.requests, most.requests)
        && fits(sum.tokens, least.tokens, most.tokens)
    {
        return Ok(());
    }
    let details = format!("subject {subject}: the sum is {sum:?}, not from {least:?} to {most:?}");
    Err(Broken::new("counters are conserved", details))
}

/// Statistics read what was added. A day is read only when its first adder has announced it, so this holds where nobody
/// crashes or stands still meanwhile, and no call is in doubt.
pub(crate) fn readable(account: &Account, subject: usize, read: Count) -> Result<(), Broken> {
    let told = account.told(subject);
    if read == told {
        return Ok(());
    }
    let details = format!("subject {subject}: {read:?} is read, {told:?} was told");
    Err(Broken::new("statistics read what was added", details))
}

/// Names and kinds are those that every store takes, and windows that are over are forgotten.
pub(crate) fn of_store(scene: &Scene) -> Result<(), Broken> {
    if let Some(breach) = scene.store.breaches().into_iter().next() {
        return Err(Broken::new("every store takes what is written", breach));
    }
    let (_, left) = scene.store.size();
    let most = COUNTERS_LEFT_EACH * (1 + CLIENTS + scene.keys.len());
    if scene.is_calm() && !scene.crashes && left > most {
        let details = format!("{left} counters are left, more than {most}");
        return Err(Broken::new("windows that are over are forgotten", details));
    }
    Ok(())
}
