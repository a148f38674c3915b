//! Wall clock and timer of the host. The only place in the component that reads a clock.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_pool::UnixMillis;
use spin_sdk::wasip3::clocks::{monotonic_clock, system_clock};

/// Now. A clock before 1970 reads as 1970.
pub(super) fn now() -> UnixMillis {
    let now = system_clock::now();
    let seconds = u64::try_from(now.seconds).unwrap_or(0);
    UnixMillis(
        seconds
            .saturating_mul(1_000)
            .saturating_add(u64::from(now.nanoseconds) / 1_000_000),
    )
}

/// A timer; dropping it cancels it.
pub(super) fn sleep(duration: Duration) -> LocalBoxFuture<'static, ()> {
    let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    monotonic_clock::wait_for(nanoseconds).boxed_local()
}
