//! Keeping what an instance knows fresh: when it is read again, and what of it.
//!
//! A request that comes within a second after the last reading costs none; within two, the reading goes on beside it;
//! later, it waits for it, but no longer than the store's patience. So a change of another instance is seen within two
//! seconds, and a busy instance never waits.

use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, join_all, select};
use gempool_state::{HeadChange, read_head, read_marks};

use crate::access::Unread;
use crate::gateway::Gateway;
use crate::pool_runtime::PoolRuntime;
use crate::ports::STORE_PATIENCE;

/// From this age on what is known is read again beside the request.
const AGING_AFTER: Duration = Duration::from_millis(1_000);
/// From this age on the request waits for it (design: changes are seen within two seconds). The jitter below makes
/// it shorter, never longer.
const STALE_AFTER: Duration = Duration::from_millis(2_000);
/// Name of the one reading at a time.
const REFRESH: &str = "refresh";
/// Pages of one pool whose marks are read in one go; the others wait for the next.
const PAGES_PER_REFRESH: usize = 16;

/// How much sooner than others an instance reads again, in percent: instances that started together should not
/// read together for ever (fault list 58).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Jitter(u32);

impl Jitter {
    /// Between nothing and forty percent, twenty on average.
    pub(crate) fn from_random(random: u64) -> Self {
        Self(u32::try_from(random % 41).unwrap_or(0))
    }

    fn applied(self, duration: Duration) -> Duration {
        duration * (100_u32.saturating_sub(self.0)) / 100
    }
}

impl Gateway {
    /// Makes sure that what is known is fresh enough to go by, as far as the store answers.
    pub(crate) async fn fresh(self: &Rc<Self>) {
        let now = self.host.now();
        let confirmed = self.directory.confirmed_at();
        // A clock that went back makes everything stale once.
        let age = confirmed.map(|at| Duration::from_millis(now.0.abs_diff(at.0)));
        let aging = age.is_none_or(|age| age >= self.jitter.applied(AGING_AFTER));
        if !aging || !self.health.may_ask(now) {
            return;
        }
        let stale = age.is_none_or(|age| age >= self.jitter.applied(STALE_AFTER));
        if stale && !self.health.is_away() {
            // Several calls that all take long could add up.
            let refresh = std::pin::pin!(self.refresh());
            select(refresh, self.host.sleep(STORE_PATIENCE)).await;
        } else {
            // A store that was away is tried without anybody waiting: its outage costs one wait.
            let Some(flight) = self.flights.enter(REFRESH) else {
                return;
            };
            let gateway = Rc::clone(self);
            let refresh = async move {
                let _ = gateway.read_again().await;
                drop(flight);
            };
            self.host.spawn(refresh.boxed_local());
        }
    }

    /// Reads everything again that may have changed, whatever its age. What goes wrong is in the log, and shows in what
    /// is not confirmed.
    pub(crate) async fn refresh(&self) {
        let before = self.directory.confirmed_at();
        let is_done = || self.directory.confirmed_at() != before;
        let _ = self.once(REFRESH, is_done, self.read_again()).await;
    }

    /// Boxed: every request begins with it.
    fn read_again(&self) -> LocalBoxFuture<'_, Result<(), Unread>> {
        self.read_everything_again().boxed_local()
    }

    async fn read_everything_again(&self) -> Result<(), Unread> {
        let asked_at = self.host.now();
        self.read_head().await?;
        let mut pools = self.directory.pools_in_use(asked_at);
        if !self.environment.keys.borrow().is_empty() {
            pools.push(Rc::clone(&self.environment));
        }
        for pool in pools {
            self.read_pool_again(&pool).await?;
        }
        self.directory.confirm(asked_at);
        Ok(())
    }

    async fn read_head(&self) -> Result<(), Unread> {
        let Some(vault) = &self.directory.vault else {
            return Ok(());
        };
        let known = self.directory.head();
        let read = read_head(self.documents(), vault, known.as_deref());
        let read = self.ask_store(read).await;
        if let Err(Unread::Damaged) = read {
            // Without it nothing stored can be used, and asking again at once shows nothing else.
            self.store_failed();
        }
        match read? {
            HeadChange::Same => {}
            HeadChange::Absent => self.directory.take_head(None),
            HeadChange::New(head) => self.directory.take_head(Some(*head)),
        }
        Ok(())
    }

    /// The root if it changed, pages that changed, marks that others wrote.
    async fn read_pool_again(&self, pool: &PoolRuntime) -> Result<(), Unread> {
        let head = self.directory.head();
        let root = head.as_ref().and_then(|head| head.pool(&pool.id));
        if let Some(root) = root.filter(|root| pool.root() != Some(*root)) {
            self.read_root(&pool.id, root).await?;
        }
        let stale = pool.keys.borrow().stale_pages();
        let wanted = pool.keys.borrow_mut().take_wanted_page();
        let reads = stale.into_iter().chain(wanted).take(PAGES_PER_REFRESH);
        for read in join_all(reads.map(|page| self.read_page(pool, page))).await {
            read?;
        }
        self.read_marks_again(pool).await
    }

    /// Of a pool of one page its marks, of a larger one those that its summary calls new.
    async fn read_marks_again(&self, pool: &PoolRuntime) -> Result<(), Unread> {
        let bits = pool.page_bits();
        let pages = if bits == 0 {
            vec![0]
        } else {
            self.read_summary(pool).await?;
            pool.keys.borrow().stale_marks()
        };
        for page in pages.into_iter().take(PAGES_PER_REFRESH) {
            let read = read_marks(self.documents(), &pool.id, bits, page);
            let marks = self.ask_store(read).await?.marks;
            let now = self.host.now();
            pool.keys.borrow_mut().merge_marks(page, &marks, now);
        }
        Ok(())
    }
}
