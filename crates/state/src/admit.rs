//! What is refused before it is logged because of what is stored.
//!
//! It reads and decides early, so that a hopeless edit leaves no trace; what happens between this and the fold is
//! decided there, by the same rules.

use std::collections::{BTreeMap, BTreeSet};

use gempool_pool::{KeyId, MAX_KEYS};

use crate::change::Change;
use crate::client_key::ClientKeyId;
use crate::ledger::{Current, EditError, Ledger};
use crate::pool_config::PoolId;
use crate::read::ReadError;
use crate::tree::Head;
use crate::validate::{Invalid, MAX_CLIENTS, MAX_POOLS};
use crate::whole::{find_client, find_key, find_pool, load_pool_keys};

/// What the changes so far would make of the store.
struct Plan<'a> {
    head: Option<&'a Head>,
    made: BTreeSet<&'a PoolId>,
    removed: BTreeSet<&'a PoolId>,
    keys: BTreeMap<&'a PoolId, BTreeSet<KeyId>>,
    clients: BTreeSet<ClientKeyId>,
}

impl Ledger<'_> {
    /// Whether the changes are possible as things stand.
    pub(crate) async fn admit(
        &self,
        head: Option<&Head>,
        changes: &[Change],
    ) -> Result<(), EditError> {
        if let [change] = changes {
            self.check_base(head, change).await?;
        }
        let mut plan = Plan {
            head,
            made: BTreeSet::new(),
            removed: BTreeSet::new(),
            keys: BTreeMap::new(),
            clients: BTreeSet::new(),
        };
        for change in changes {
            plan.add(change)?;
        }
        self.check_keys(&plan).await?;
        self.check_clients(&plan).await
    }

    /// Whether the object of a change is what its editor saw.
    async fn check_base(&self, head: Option<&Head>, change: &Change) -> Result<(), EditError> {
        let (Change::PutPool { base, .. }
        | Change::DeletePool { base, .. }
        | Change::EditKeys { base, .. }
        | Change::PutClient { base, .. }) = change
        else {
            return Ok(());
        };
        let Some(base) = *base else {
            return Ok(());
        };
        let current = match head {
            Some(head) => self.current(head, change).await.map_err(unreadable)?,
            None => Current::Nothing,
        };
        if current.stamp() == base {
            Ok(())
        } else {
            Err(EditError::Conflict {
                current: Box::new(current),
            })
        }
    }

    /// The object of a change as it is; nothing for a change of several.
    pub(crate) async fn current(&self, head: &Head, change: &Change) -> Result<Current, ReadError> {
        let (store, vault) = (self.store, self.vault);
        let found = match change {
            Change::PutPool { config, .. } => find_pool(store, vault, head, &config.id)
                .await?
                .map(|root| Current::Pool(root.config)),
            Change::DeletePool { pool, .. } => find_pool(store, vault, head, pool)
                .await?
                .map(|root| Current::Pool(root.config)),
            Change::EditKeys { pool, ids, .. } => {
                match (find_pool(store, vault, head, pool).await?, ids.as_slice()) {
                    (Some(root), [id]) => {
                        find_key(store, vault, &root, *id).await?.map(Current::Key)
                    }
                    _ => None,
                }
            }
            Change::PutClient { record, .. } => find_client(store, vault, head, record.id)
                .await?
                .map(Current::Client),
            Change::AddKeys { .. } | Change::RemoveKeys { .. } | Change::DeleteClient { .. } => {
                None
            }
        };
        Ok(found.unwrap_or(Current::Nothing))
    }

    async fn check_keys(&self, plan: &Plan<'_>) -> Result<(), EditError> {
        for (pool, keys) in &plan.keys {
            let root = match plan.head.filter(|_| !plan.removed.contains(pool)) {
                Some(head) => find_pool(self.store, self.vault, head, pool)
                    .await
                    .map_err(unreadable)?,
                None => None,
            };
            let stored = root.as_ref().map_or(0, |root| root.key_count());
            let mut count = usize::try_from(stored)
                .unwrap_or(usize::MAX)
                .saturating_add(keys.len());
            if count > MAX_KEYS
                && let Some(root) = root
            {
                let stored = load_pool_keys(self.store, self.vault, &root).await?;
                let known = stored
                    .records
                    .iter()
                    .filter(|key| keys.contains(&key.id()))
                    .count();
                count = count.saturating_sub(known);
            }
            if count > MAX_KEYS {
                return Err(Invalid::TooManyKeys(count).into());
            }
        }
        Ok(())
    }

    async fn check_clients(&self, plan: &Plan<'_>) -> Result<(), EditError> {
        let Some(head) = plan.head else {
            return Ok(());
        };
        let stored = usize::try_from(head.clients().records()).unwrap_or(usize::MAX);
        if stored.saturating_add(plan.clients.len()) <= MAX_CLIENTS {
            return Ok(());
        }
        let mut count = stored;
        for id in &plan.clients {
            let known = find_client(self.store, self.vault, head, *id)
                .await
                .map_err(unreadable)?;
            count = count.saturating_add(usize::from(known.is_none()));
        }
        if count > MAX_CLIENTS {
            return Err(Invalid::TooManyClients.into());
        }
        Ok(())
    }
}

impl<'a> Plan<'a> {
    fn add(&mut self, change: &'a Change) -> Result<(), Invalid> {
        match change {
            Change::PutPool { config, .. } => {
                if !self.has_pool(&config.id) && self.pool_count() >= MAX_POOLS {
                    return Err(Invalid::TooManyPools);
                }
                self.made.insert(&config.id);
            }
            Change::DeletePool { pool, .. } => {
                self.made.remove(pool);
                self.keys.remove(pool);
                self.removed.insert(pool);
            }
            Change::AddKeys { pool, keys } => {
                self.need_pool(pool)?;
                let ids = keys.iter().map(gempool_pool::KeyRecord::id);
                self.keys.entry(pool).or_default().extend(ids);
            }
            Change::EditKeys { pool, .. } | Change::RemoveKeys { pool, .. } => {
                self.need_pool(pool)?;
            }
            Change::PutClient { record, .. } => {
                self.need_pool(&record.pool)?;
                self.clients.insert(record.id);
            }
            Change::DeleteClient { .. } => {}
        }
        Ok(())
    }

    fn need_pool(&self, pool: &PoolId) -> Result<(), Invalid> {
        if self.has_pool(pool) {
            Ok(())
        } else {
            Err(Invalid::NoPool(pool.clone()))
        }
    }

    fn is_stored(&self, pool: &PoolId) -> bool {
        !self.removed.contains(pool) && self.head.is_some_and(|head| head.pool(pool).is_some())
    }

    fn has_pool(&self, pool: &PoolId) -> bool {
        self.made.contains(pool) || self.is_stored(pool)
    }

    fn pool_count(&self) -> usize {
        let stored = self
            .head
            .into_iter()
            .flat_map(Head::pools)
            .filter(|(id, _)| self.is_stored(id) && !self.made.contains(id))
            .count();
        stored.saturating_add(self.made.len())
    }
}

/// Before anything is logged, a store that is away is just that.
pub(crate) fn unreadable(error: ReadError) -> EditError {
    match error {
        ReadError::Unavailable(error) => EditError::Unavailable(error),
        error @ (ReadError::WrongMasterKey | ReadError::TooNew(_) | ReadError::Damaged { .. }) => {
            EditError::Unreadable(error)
        }
    }
}
