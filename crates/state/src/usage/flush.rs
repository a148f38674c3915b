//! From the tally to the counters, a bounded number of calls at a time.
//!
//! When to flush is the caller's decision: after answers, at most once a second, and after an asynchronous call of the
//! store has just worked, because these calls can stop a whole instance.

use std::cell::RefCell;

use gempool_pool::UnixMillis;

use super::packing::Usage;
use super::series::Series;
use super::tally::{Slot, Tally};
use super::windows::{Chore, MAX_CHORE_CALLS, carry_out};
use crate::ports::{Counters, StoreUnavailable};

/// Most calls of one flush. On a host where each stops the instance, they take 5 ms with Redis (80 µs each) and
/// 50 ms with SQLite (750 µs each; both measured on 2026-11-21).
pub const MAX_FLUSH_CALLS: usize = 64;

/// Of those, most that add: the others are for cleaning, which must keep up.
const MAX_ADDING_CALLS: usize = MAX_FLUSH_CALLS / 4 * 3;

/// What a flush did.
#[derive(Clone, Debug, Default)]
pub struct Flushed {
    /// The sums of all instances, of what was added to.
    pub sums: Vec<Shared>,
    /// Why it ended early. What it had not added waits for the next one.
    pub failure: Option<StoreUnavailable>,
}

/// A sum of all instances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Of what.
    pub series: Series,
    /// Of which window.
    pub window: u32,
    /// How much. What this flush added nothing to is 0: sums only grow, so the larger number is the true one.
    pub usage: Usage,
}

/// Adds what waits to the counters, oldest first, until all is done, a call fails, or there were enough calls.
///
/// The tally is borrowed between the calls only, never during one, so that requests go on being counted. If the
/// returned future is dropped, the addition under way counts as failed.
pub async fn flush(
    counters: &(impl Counters + ?Sized),
    tally: &RefCell<Tally>,
    now: UnixMillis,
) -> Flushed {
    let mut flushed = Flushed::default();
    let mut calls = 0;
    if let Err(failure) = add_all(counters, tally, now, &mut flushed.sums, &mut calls).await {
        flushed.failure = Some(failure);
    } else if let Err(failure) = clean(counters, tally, now, calls).await {
        flushed.failure = Some(failure);
    }
    flushed
}

async fn add_all(
    counters: &(impl Counters + ?Sized),
    tally: &RefCell<Tally>,
    now: UnixMillis,
    sums: &mut Vec<Shared>,
    calls: &mut usize,
) -> Result<(), StoreUnavailable> {
    // What is recorded during the flush is for the next one, or a busy instance would never finish.
    let waiting = tally.borrow().waiting();
    for _ in 0..waiting {
        if *calls >= MAX_ADDING_CALLS {
            break;
        }
        let Some(mut taken) = Taken::next(tally, now) else {
            break;
        };
        let mut usage = Usage::default();
        let Slot { series, window } = taken.slot.clone();
        for (index, field) in series.fields().iter().enumerate() {
            let part = field.layout.part(taken.left);
            if part.is_zero() {
                continue;
            }
            *calls += 1;
            let delta = field.layout.pack(part);
            taken.may_have_begun = index == 0;
            let sum = counters.add(&series.name(*field, window), delta).await?;
            taken.may_have_begun &= sum == delta;
            taken.left -= part;
            usage += field.layout.unpack(sum);
            taken.note_beginning();
        }
        sums.push(Shared {
            series,
            window,
            usage,
        });
    }
    Ok(())
}

async fn clean(
    counters: &(impl Counters + ?Sized),
    tally: &RefCell<Tally>,
    now: UnixMillis,
    mut calls: usize,
) -> Result<(), StoreUnavailable> {
    while calls + MAX_CHORE_CALLS <= MAX_FLUSH_CALLS {
        // It stays in the list while it is carried out: this future may be dropped.
        let Some(chore) = tally.borrow().chores.front().cloned() else {
            break;
        };
        calls += match chore {
            Chore::Begin(_) => MAX_CHORE_CALLS,
            Chore::Forget(_) => 1,
        };
        let next = carry_out(counters, &chore, now).await?;
        tally.borrow_mut().finish_chore(&chore, next);
    }
    Ok(())
}

/// What is out of the tally while it is being added. Whatever is left when it is dropped goes back.
struct Taken<'a> {
    tally: &'a RefCell<Tally>,
    slot: Slot,
    left: Usage,
    /// Whether its last addition made the window. One that failed may have, and nobody else would notice.
    may_have_begun: bool,
}

impl<'a> Taken<'a> {
    fn next(tally: &'a RefCell<Tally>, now: UnixMillis) -> Option<Self> {
        let (slot, left) = tally.borrow_mut().take(now)?;
        Some(Self {
            tally,
            slot,
            left,
            may_have_begun: false,
        })
    }

    fn note_beginning(&mut self) {
        if std::mem::take(&mut self.may_have_begun)
            && let Ok(mut tally) = self.tally.try_borrow_mut()
        {
            tally.add_chore(Chore::Begin(self.slot.clone()));
        }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.note_beginning();
        if let Ok(mut tally) = self.tally.try_borrow_mut() {
            tally.put_back(self.slot.clone(), self.left);
        }
    }
}
