//! What counts: the product's tally, or whatever a test puts in its place.

use std::cell::RefCell;
use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_pool::{KeyId, UnixMillis};
use gempool_state::ports::StoreUnavailable;
use gempool_state::usage::{Outcome, Series, Tally, Usage, Used, flush, read_usage};
use gempool_state::{ClientKeyId, PoolId};

use super::POOL;
use super::account::Count;
use crate::outcome::Broken;
use crate::store::Port;

/// A request that is over.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Subject number of its client.
    pub(crate) client: usize,
    pub(crate) key: Option<KeyId>,
    pub(crate) tokens: u64,
}

/// What one flush came to.
#[derive(Debug)]
pub(crate) struct Flushed {
    /// The day's sums of all instances, by subject and number of the day.
    pub(crate) sums: Vec<(usize, u32, Count)>,
    /// Whether everything was added.
    pub(crate) worked: bool,
}

/// One instance's counting.
pub(crate) trait Till {
    fn record(&self, request: &Request, now: UnixMillis);

    /// Adds what has been recorded to the sums, and tells them.
    fn flush<'a>(&'a self, port: &'a Port, now: UnixMillis) -> LocalBoxFuture<'a, Flushed>;

    /// The sum of all instances, as statistics read it.
    fn total<'a>(
        &'a self,
        port: &'a Port,
        subject: usize,
        now: UnixMillis,
    ) -> LocalBoxFuture<'a, Result<Count, StoreUnavailable>>;
}

/// Opens a till.
pub(crate) type Open = fn() -> Rc<dyn Till>;

/// Reads a sum on a store of which nothing is wrong.
pub(crate) async fn total(
    open: Open,
    port: &Port,
    subject: usize,
    now: UnixMillis,
) -> Result<Count, Broken> {
    let sum = open().total(port, subject, now).await;
    sum.map_err(|error| Broken::new("a good store can be read", error.to_string()))
}

/// The product's.
pub(crate) fn product() -> Rc<dyn Till> {
    Rc::new(Product(RefCell::default()))
}

struct Product(RefCell<Tally>);

fn client(subject: usize) -> ClientKeyId {
    ClientKeyId([u8::try_from(subject).unwrap_or(0); 16])
}

/// The subject whose day this series counts, if it is one.
fn subject(series: &Series) -> Option<usize> {
    match series {
        Series::PoolDays(_) => Some(POOL),
        Series::ClientDays(id) => id.0.first().map(|number| usize::from(*number)),
        Series::PoolHours(_) | Series::ClientMinutes(_) | Series::KeyDays(..) => None,
    }
}

fn count(usage: Usage) -> Count {
    Count {
        requests: usage.requests,
        tokens: usage.tokens,
    }
}

impl Till for Product {
    fn record(&self, request: &Request, now: UnixMillis) {
        let used = Used {
            pool: &PoolId::environment(),
            client: Some(client(request.client)),
            key: request.key,
            model: "gemini-2.5-flash",
            outcome: Outcome::Answered,
            input_tokens: request.tokens,
            output_tokens: 0,
        };
        self.0.borrow_mut().record(&used, now);
    }

    fn flush<'a>(&'a self, port: &'a Port, now: UnixMillis) -> LocalBoxFuture<'a, Flushed> {
        async move {
            let flushed = flush(port, &self.0, now).await;
            let told = flushed.sums.iter().filter_map(|shared| {
                let subject = subject(&shared.series)?;
                Some((subject, shared.window, count(shared.usage)))
            });
            Flushed {
                sums: told.collect(),
                worked: flushed.failure.is_none(),
            }
        }
        .boxed_local()
    }

    fn total<'a>(
        &'a self,
        port: &'a Port,
        subject: usize,
        now: UnixMillis,
    ) -> LocalBoxFuture<'a, Result<Count, StoreUnavailable>> {
        async move {
            let series = match subject {
                POOL => Series::PoolDays(PoolId::environment()),
                subject => Series::ClientDays(client(subject)),
            };
            let windows = read_usage(port, &series, series.kept(), now).await?;
            let mut sum = Usage::default();
            for (_, usage) in windows {
                sum += usage;
            }
            Ok(count(sum))
        }
        .boxed_local()
    }
}
