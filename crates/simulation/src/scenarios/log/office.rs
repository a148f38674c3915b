//! How edits are made: by the product, or by whatever a test puts in its place.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_pool::UnixMillis;
use gempool_state::ports::Rng;
use gempool_state::{
    Change, Current, EditError, Head, Ledger, MasterKey, PAUSE, ReadError, RootRef, Vault,
    current_head, list_clients, load_pool_keys, read_root,
};

use super::record::Answer;
use super::view::{PoolView, View};
use super::{PATIENCE, Scene};
use crate::store::Port;
use crate::world::{InstanceId, World};

/// One instance's way to edit and to read.
pub(crate) trait Office {
    /// Makes one change.
    fn edit(&self, change: Change) -> LocalBoxFuture<'_, Answer>;

    /// Takes into the documents what the log holds.
    fn fold(&self) -> LocalBoxFuture<'_, Result<(), String>>;

    /// Reads everything.
    fn view(&self) -> LocalBoxFuture<'_, Result<View, Unseen>>;
}

/// Why nothing was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unseen {
    /// The store did not answer, or hides what it has: it may be better next time.
    Store(String),
    /// What is there cannot be read.
    Damaged(String),
}

/// Opens an office on an instance.
pub(crate) type Open = Box<dyn Fn(&Scene, InstanceId) -> Rc<dyn Office>>;

/// Opens the product's.
pub(crate) fn product(scene: &Scene, instance: InstanceId) -> Rc<dyn Office> {
    let port = scene.store.port(instance, PATIENCE);
    // The same for all: instances of one deployment share it.
    let master = MasterKey::generate(&Steady);
    Rc::new(Product {
        instance,
        port,
        world: scene.world.clone(),
        vault: Vault::new(&master, None),
        seen: Cell::new(0),
    })
}

struct Product {
    instance: InstanceId,
    port: Port,
    world: World,
    vault: Vault,
    /// The newest head seen so far.
    seen: Cell<u64>,
}

/// Bits that are the same in every run.
struct Steady;

impl Rng for Steady {
    fn next_u64(&self) -> u64 {
        0x0123_4567_89ab_cdef
    }
}

impl Product {
    async fn ask(&self, change: Change) -> Answer {
        let (clock, pause) = self.time();
        let ledger = self.ledger(&clock, &pause);
        let edited = ledger.edit("simulated", vec![change]).await;
        if let Err(error) = &edited {
            self.world
                .note(|| format!("{:?} hears: {error}", self.instance));
        }
        match edited {
            Ok(_) => Answer::Acknowledged,
            Err(EditError::Conflict { current }) => Answer::Conflict {
                current: stamp(&current),
            },
            Err(EditError::Logged) => Answer::Logged,
            Err(EditError::Uncertain) => Answer::Unknown,
            // Each of them promises that nothing was logged, or that what was logged is void.
            Err(
                EditError::Invalid(_)
                | EditError::Refused(_)
                | EditError::Unavailable(_)
                | EditError::Unreadable(_),
            ) => Answer::Refused,
        }
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

    async fn look(&self) -> Result<View, Unseen> {
        let Some(head) = self.newest_head().await.map_err(unseen)? else {
            return Ok(View::default());
        };
        let mut pools = BTreeMap::new();
        for (id, root) in head.pools() {
            pools.insert(id.clone(), self.look_at_pool(root).await?);
        }
        let clients = list_clients(&self.port, &self.vault, &head).await;
        let clients = clients.map_err(|error| unseen(error.into()))?;
        if let Some(damage) = clients.damaged.into_iter().next() {
            return Err(unseen(damage));
        }
        Ok(View {
            pools,
            clients: clients.records.into_iter().map(|it| (it.id, it)).collect(),
        })
    }

    async fn look_at_pool(&self, root: RootRef) -> Result<PoolView, Unseen> {
        let root = read_root(&self.port, &self.vault, root)
            .await
            .map_err(unseen)?;
        let keys = load_pool_keys(&self.port, &self.vault, &root).await;
        let keys = keys.map_err(|error| unseen(error.into()))?;
        if let Some(damage) = keys.damaged.into_iter().next() {
            return Err(unseen(damage));
        }
        Ok(PoolView {
            config: root.config,
            keys: keys
                .records
                .into_iter()
                .map(|key| (key.id(), key))
                .collect(),
        })
    }

    /// The head; an older one than was seen before is mended first, as the product's readers do.
    async fn newest_head(&self) -> Result<Option<Head>, ReadError> {
        let head = current_head(&self.port, &self.vault).await?;
        let folded = head.as_ref().map_or(0, Head::folded);
        if folded >= self.seen.get() {
            self.seen.set(folded);
            return Ok(head);
        }
        let (clock, pause) = self.time();
        self.ledger(&clock, &pause).fold().await
    }
}

fn stamp(current: &Current) -> u64 {
    match current {
        Current::Nothing => 0,
        Current::Pool(config) => config.stamp,
        Current::Key(record) => record.stamp,
        Current::Client(record) => record.stamp,
    }
}

fn unseen(error: ReadError) -> Unseen {
    match error {
        ReadError::Unavailable(error) => Unseen::Store(error.to_string()),
        ReadError::WrongMasterKey | ReadError::TooNew(_) | ReadError::Damaged { .. } => {
            Unseen::Damaged(error.to_string())
        }
    }
}

impl Office for Product {
    fn edit(&self, change: Change) -> LocalBoxFuture<'_, Answer> {
        self.ask(change).boxed_local()
    }

    fn fold(&self) -> LocalBoxFuture<'_, Result<(), String>> {
        async move {
            let (clock, pause) = self.time();
            let folded = self.ledger(&clock, &pause).fold().await;
            folded.map(drop).map_err(|error| error.to_string())
        }
        .boxed_local()
    }

    fn view(&self) -> LocalBoxFuture<'_, Result<View, Unseen>> {
        self.look().boxed_local()
    }
}
