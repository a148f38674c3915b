//! How edits are made: by the product, or by whatever a test puts in its place.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_state::{
    Change, EditError, Head, ReadError, RootRef, current_head, list_clients, load_pool_keys,
    read_root,
};

use super::record::Answer;
use super::view::{PoolView, View};
use super::{PATIENCE, Scene};
use crate::admin::Admin;
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
    Rc::new(Product {
        instance,
        world: scene.world.clone(),
        admin: Admin::new(&scene.world, scene.store.port(instance, PATIENCE)),
        seen: Cell::new(0),
    })
}

struct Product {
    instance: InstanceId,
    world: World,
    admin: Admin,
    /// The newest head seen so far.
    seen: Cell<u64>,
}

impl Product {
    async fn ask(&self, change: Change) -> Answer {
        let edited = self.admin.edit(vec![change]).await;
        if let Err(error) = &edited {
            self.world
                .note(|| format!("{:?} hears: {error}", self.instance));
        }
        match edited {
            Ok(_) => Answer::Acknowledged,
            Err(EditError::Conflict { current }) => Answer::Conflict {
                current: current.stamp(),
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

    async fn look(&self) -> Result<View, Unseen> {
        let Some(head) = self.newest_head().await.map_err(unseen)? else {
            return Ok(View::default());
        };
        let mut pools = BTreeMap::new();
        for (id, root) in head.pools() {
            pools.insert(id.clone(), self.look_at_pool(root).await?);
        }
        let clients = list_clients(&self.admin.port, &self.admin.vault, &head).await;
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
        let root = read_root(&self.admin.port, &self.admin.vault, root)
            .await
            .map_err(unseen)?;
        let keys = load_pool_keys(&self.admin.port, &self.admin.vault, &root).await;
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
        let head = current_head(&self.admin.port, &self.admin.vault).await?;
        let folded = head.as_ref().map_or(0, Head::folded);
        if folded >= self.seen.get() {
            self.seen.set(folded);
            return Ok(head);
        }
        self.admin.fold().await
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
            let folded = self.admin.fold().await;
            folded.map(drop).map_err(|error| error.to_string())
        }
        .boxed_local()
    }

    fn view(&self) -> LocalBoxFuture<'_, Result<View, Unseen>> {
        self.look().boxed_local()
    }
}
