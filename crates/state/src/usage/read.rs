//! Counters as statistics, and when their subject is gone.
//!
//! Reading is adding nothing, which makes a counter where there is none: only windows that the marker vouches for are
//! read, which the next one that is begun will forget (`windows.rs`). Documents cannot be read instead: hosts write
//! counters in different ways.

use gempool_pool::UnixMillis;

use super::packing::Usage;
use super::series::Series;
use crate::ports::{Counters, StoreUnavailable};

/// The last `count` windows, the current one first, as far as they are kept. Costs a call for the marker and up to
/// three for each window up to it. For subjects that exist only: it makes a marker for any.
///
/// # Errors
///
/// If the store is away.
pub async fn read_usage(
    counters: &(impl Counters + ?Sized),
    series: &Series,
    count: u32,
    now: UnixMillis,
) -> Result<Vec<(u32, Usage)>, StoreUnavailable> {
    let last = last_begun(counters, series).await?;
    let current = series.window(now);
    let mut windows = Vec::new();
    for window in (0..count.min(series.kept())).map_while(|back| current.checked_sub(back)) {
        let mut usage = Usage::default();
        if window <= last && last - window < series.kept() {
            for field in series.fields() {
                let sum = counters.add(&series.name(*field, window), 0).await?;
                usage += field.layout.unpack(sum);
            }
        }
        windows.push((window, usage));
    }
    Ok(windows)
}

async fn last_begun(
    counters: &(impl Counters + ?Sized),
    series: &Series,
) -> Result<u32, StoreUnavailable> {
    let last = counters.add(&series.marker(), 0).await?;
    Ok(u32::try_from(last).unwrap_or_default())
}
