//! An admin at an instance: edits the store as the product's own interfaces do.

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_pool::UnixMillis;
use gempool_state::ports::Rng;
use gempool_state::{Change, EditError, Edited, Head, Ledger, MasterKey, PAUSE, ReadError, Vault};

use crate::store::Port;
use crate::world::World;

pub(crate) struct Admin {
    pub(crate) port: Port,
    pub(crate) vault: Vault,
    world: World,
}

/// The master key of every simulated deployment.
pub(crate) fn master_key() -> MasterKey {
    MasterKey::generate(&Steady)
}

/// Bits that are the same in every run.
struct Steady;

impl Rng for Steady {
    fn next_u64(&self) -> u64 {
        0x0123_4567_89ab_cdef
    }
}

impl Admin {
    pub(crate) fn new(world: &World, port: Port) -> Self {
        Self {
            port,
            vault: Vault::new(&master_key(), None),
            world: world.clone(),
        }
    }

    /// Makes changes.
    pub(crate) async fn edit(&self, changes: Vec<Change>) -> Result<Edited, EditError> {
        let (clock, pause) = self.time();
        let ledger = self.ledger(&clock, &pause);
        ledger.edit("simulated", changes).await
    }

    /// Takes into the documents what the log holds.
    pub(crate) async fn fold(&self) -> Result<Option<Head>, ReadError> {
        let (clock, pause) = self.time();
        self.ledger(&clock, &pause).fold().await
    }

    /// The time of day, and a way to wait.
    fn time(
        &self,
    ) -> (
        impl Fn() -> UnixMillis,
        impl Fn() -> LocalBoxFuture<'static, ()>,
    ) {
        let (clock, timer) = (self.world.clone(), self.world.clone());
        let pause_ms = u64::try_from(PAUSE.as_millis()).unwrap_or(u64::MAX);
        (
            move || UnixMillis(clock.now()),
            move || timer.sleep(pause_ms).boxed_local(),
        )
    }

    fn ledger<'a>(
        &'a self,
        clock: &'a dyn Fn() -> UnixMillis,
        pause: &'a dyn Fn() -> LocalBoxFuture<'static, ()>,
    ) -> Ledger<'a> {
        Ledger {
            store: &self.port,
            counters: &self.port,
            rng: &self.port,
            vault: &self.vault,
            clock,
            pause,
        }
    }
}
