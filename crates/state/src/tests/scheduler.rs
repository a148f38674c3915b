//! Runs tasks in an order that a seed decides, one poll at a time.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures::future::LocalBoxFuture;

/// Reproducible numbers (the generator called `SplitMix64`).
#[derive(Clone, Debug)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0, less than `sides`.
    pub(super) fn below(&mut self, sides: usize) -> usize {
        usize::try_from(self.roll() >> 1).unwrap() % sides
    }

    pub(super) fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }
}

/// Gives every other task a chance.
pub(super) async fn step_aside() {
    struct Once(bool);

    impl Future for Once {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            if self.0 {
                return Poll::Ready(());
            }
            self.0 = true;
            context.waker().wake_by_ref();
            Poll::Pending
        }
    }

    Once(false).await;
}

/// Runs one task alone.
pub(super) fn run<T>(task: impl Future<Output = T>) -> T {
    let mut task = Box::pin(task);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = task.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// What happens to tasks beside being polled, once in so many polls; never if 0.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Trouble {
    /// A task ends where it is, as in a crash.
    pub(super) crash: usize,
    /// A task does not go on for up to 4,000 polls of the others.
    pub(super) freeze: usize,
}

/// Runs tasks until each has ended or crashed.
pub(super) fn interleave(dice: &mut Dice, trouble: Trouble, tasks: Vec<LocalBoxFuture<'_, ()>>) {
    let mut tasks: Vec<(u64, LocalBoxFuture<'_, ()>)> =
        tasks.into_iter().map(|task| (0, task)).collect();
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = 0u64;
    while !tasks.is_empty() {
        polls += 1;
        assert!(polls < 3_000_000, "the tasks do not end");
        let mut at = dice.below(tasks.len());
        if tasks[at].0 > polls {
            let thawed = tasks.iter().position(|(until, _)| *until <= polls);
            at = thawed.unwrap_or(at);
        }
        if trouble.crash > 0 && dice.one_in(trouble.crash) {
            drop(tasks.swap_remove(at));
            continue;
        }
        if trouble.freeze > 0 && dice.one_in(trouble.freeze) {
            tasks[at].0 = polls + dice.roll() % 4_000;
        }
        if tasks[at].1.as_mut().poll(&mut context).is_ready() {
            drop(tasks.swap_remove(at));
        }
    }
}
