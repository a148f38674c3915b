//! The machine's clock, for what an edit notes as its time, and its timer. The only place here that reads it.

use std::time::{SystemTime, UNIX_EPOCH};

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_pool::UnixMillis;
use gempool_state::PAUSE;

/// Now. A clock before 1970 counts as 1970.
pub(crate) fn now() -> UnixMillis {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of this crate that reads the clock"
    )]
    let now = SystemTime::now();
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// A moment, while somebody else's edit is being written.
pub(crate) fn pause() -> LocalBoxFuture<'static, ()> {
    tokio::time::sleep(PAUSE).boxed_local()
}
