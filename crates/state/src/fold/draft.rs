//! The tree in memory while a fold applies edits to it.
//!
//! An edit is applied as a whole or refused: nothing here stops in the middle of one, but for a store that is away,
//! and then nothing of the fold is kept.

use std::collections::BTreeMap;

use gempool_pool::{KeyId, KeyRecord, MAX_KEYS};

use crate::change::{Change, KeyPatch};
use crate::client_key::{ClientKeyId, ClientKeyRecord};
use crate::fold::paged::Paged;
use crate::ledger::Ledger;
use crate::marks::{forget_marks, migrate_marks};
use crate::names::DocId;
use crate::pool_config::{PoolConfig, PoolId};
use crate::read::{ReadError, read_root};
use crate::summary::forget_summary;
use crate::tree::{HeadBody, Refusal, Root, RootRef};
use crate::validate::{MAX_CLIENTS, MAX_POOLS};

/// The tree, read as far as the edits so far needed it.
pub(crate) struct Draft<'a> {
    ledger: &'a Ledger<'a>,
    body: HeadBody,
    pools: BTreeMap<PoolId, PoolDraft>,
    clients: Paged<ClientKeyRecord>,
    dropped: Vec<DocId>,
    /// Pools that were removed, with the bits of their pages.
    removed: Vec<(PoolId, u8)>,
}

/// A pool that an edit needed.
struct PoolDraft {
    /// Without its pages, which `keys` has.
    root: Root,
    keys: Paged<KeyRecord>,
    /// The last edit that changed it; none while it is as it was read.
    touched: Option<u64>,
}

/// Why an edit is not applied.
pub(crate) enum Stop {
    /// It changes nothing, for good.
    Refused(Refusal),
    /// The fold cannot go on.
    Failed(ReadError),
}

impl From<ReadError> for Stop {
    /// What cannot be read is not overwritten: the edit is refused, and the others go on.
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Damaged { .. } => Self::Refused(Refusal::Damaged),
            error @ (ReadError::Unavailable(_)
            | ReadError::WrongMasterKey
            | ReadError::TooNew(_)) => Self::Failed(error),
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What the editor must have seen: nothing at all counts as stamp 0.
fn check_base(base: Option<u64>, stamp: Option<u64>) -> Result<(), Stop> {
    match base {
        Some(base) if base != stamp.unwrap_or(0) => Err(Refusal::Conflict.into()),
        Some(_) | None => Ok(()),
    }
}

impl<'a> Draft<'a> {
    pub(crate) fn new(ledger: &'a Ledger<'a>, body: HeadBody) -> Self {
        Self {
            ledger,
            clients: Paged::new(body.clients.clone()),
            body,
            pools: BTreeMap::new(),
            dropped: Vec::new(),
            removed: Vec::new(),
        }
    }

    /// What the head will say, but for the places of documents.
    pub(crate) fn body(&mut self) -> &mut HeadBody {
        &mut self.body
    }

    /// Applies one change. A refused one leaves every record as it was.
    pub(crate) async fn apply(&mut self, change: Change, seq: u64) -> Result<(), Stop> {
        match change {
            Change::PutPool { config, base } => self.put_pool(*config, base, seq).await,
            Change::DeletePool { pool, base } => self.delete_pool(&pool, base, seq).await,
            Change::AddKeys { pool, keys } => self.add_keys(&pool, keys, seq).await,
            Change::EditKeys {
                pool,
                ids,
                patch,
                base,
            } => self.edit_keys(&pool, &ids, &patch, base, seq).await,
            Change::RemoveKeys { pool, ids } => self.remove_keys(&pool, &ids, seq).await,
            Change::PutClient { record, base } => self.put_client(*record, base, seq).await,
            Change::DeleteClient { id } => self.delete_client(id, seq).await,
        }
    }

    async fn put_pool(
        &mut self,
        config: PoolConfig,
        base: Option<u64>,
        seq: u64,
    ) -> Result<(), Stop> {
        let id = config.id.clone();
        let config = PoolConfig {
            stamp: seq,
            ..config
        };
        match self.pool(&id).await {
            Ok(pool) => {
                check_base(base, Some(pool.root.config.stamp))?;
                pool.root.config = config;
                pool.touched = Some(seq);
            }
            Err(Stop::Refused(Refusal::NoPool)) => {
                check_base(base, None)?;
                if self.pool_count() >= MAX_POOLS {
                    return Err(Refusal::Full.into());
                }
                let root = Root {
                    config,
                    keys: crate::tree::Pages::default(),
                    unknown: serde_json::Map::new(),
                };
                self.pools.insert(id, PoolDraft::new(root, Some(seq)));
            }
            Err(stop) => return Err(stop),
        }
        Ok(())
    }

    async fn delete_pool(&mut self, id: &PoolId, base: Option<u64>, seq: u64) -> Result<(), Stop> {
        match self.pool(id).await {
            Ok(pool) => check_base(base, Some(pool.root.config.stamp))?,
            Err(Stop::Refused(Refusal::NoPool)) => return check_base(base, None),
            // A pool that cannot be read can be removed, by whoever does not ask what is in it.
            Err(Stop::Refused(Refusal::Damaged)) if base.is_none() => {}
            Err(stop) => return Err(stop),
        }
        // A client key that cannot be read opens nothing, least of all a pool that is gone.
        self.clients.load_readable(self.ledger).await?;
        self.clients.retain(seq, |client| client.pool != *id);
        if let Some(pool) = self.pools.remove(id) {
            self.removed.push((id.clone(), pool.root.keys.bits));
            self.dropped.extend(pool.keys.into_documents());
        }
        self.dropped.extend(self.body.pools.remove(id));
        Ok(())
    }

    async fn add_keys(&mut self, id: &PoolId, keys: Vec<KeyRecord>, seq: u64) -> Result<(), Stop> {
        let ledger = self.ledger;
        let pool = self.pool(id).await?;
        let keys: BTreeMap<KeyId, KeyRecord> =
            keys.into_iter().rev().map(|key| (key.id(), key)).collect();
        pool.keys.load(ledger, keys.keys().copied()).await?;
        let fresh: Vec<(KeyId, KeyRecord)> = keys
            .into_iter()
            .filter(|(id, _)| pool.keys.get(*id).is_none())
            .collect();
        if pool.keys.count().saturating_add(fresh.len()) > MAX_KEYS {
            return Err(Refusal::Full.into());
        }
        let mut added = Vec::new();
        for (id, key) in fresh {
            pool.keys.put(KeyRecord { stamp: seq, ..key }, seq);
            added.push(id);
        }
        let settled = pool.settle(ledger, seq).await;
        if settled.is_err() {
            for id in added {
                pool.keys.remove(id, seq);
            }
        }
        settled
    }

    async fn edit_keys(
        &mut self,
        id: &PoolId,
        ids: &[KeyId],
        patch: &KeyPatch,
        base: Option<u64>,
        seq: u64,
    ) -> Result<(), Stop> {
        let ledger = self.ledger;
        let pool = self.pool(id).await?;
        pool.keys.load(ledger, ids.iter().copied()).await?;
        if base.is_some() {
            for id in ids {
                check_base(base, pool.keys.get(*id).map(|key| key.stamp))?;
            }
        }
        let mut before = Vec::new();
        for id in ids {
            if let Some(key) = pool.keys.get(*id).cloned() {
                before.extend(pool.keys.put(patched(key, patch, seq), seq));
            }
        }
        let settled = pool.settle(ledger, seq).await;
        if settled.is_err() {
            // The last first: of an id that came twice, the first is what was there.
            for key in before.into_iter().rev() {
                pool.keys.put(key, seq);
            }
        }
        settled
    }

    async fn remove_keys(&mut self, id: &PoolId, ids: &[KeyId], seq: u64) -> Result<(), Stop> {
        let ledger = self.ledger;
        let pool = self.pool(id).await?;
        pool.keys.load(ledger, ids.iter().copied()).await?;
        for id in ids {
            pool.keys.remove(*id, seq);
        }
        Ok(())
    }

    async fn put_client(
        &mut self,
        record: ClientKeyRecord,
        base: Option<u64>,
        seq: u64,
    ) -> Result<(), Stop> {
        if !self.has_pool(&record.pool) {
            return Err(Refusal::NoPool.into());
        }
        let id = record.id;
        self.clients.load(self.ledger, [id]).await?;
        let stamp = self.clients.get(id).map(|client| client.stamp);
        check_base(base, stamp)?;
        if stamp.is_none() && self.clients.count() >= MAX_CLIENTS {
            return Err(Refusal::Full.into());
        }
        let record = ClientKeyRecord {
            stamp: seq,
            ..record
        };
        let before = self.clients.put(record, seq);
        while !self.clients.fits() {
            let grown = self
                .clients
                .grow(self.ledger, seq)
                .await
                .map_err(Stop::from);
            if !matches!(grown, Ok(true)) {
                match before {
                    Some(before) => self.clients.put(before, seq),
                    None => self.clients.remove(id, seq),
                };
                grown?;
                return Err(Refusal::Full.into());
            }
        }
        Ok(())
    }

    async fn delete_client(&mut self, id: ClientKeyId, seq: u64) -> Result<(), Stop> {
        self.clients.load(self.ledger, [id]).await?;
        self.clients.remove(id, seq);
        Ok(())
    }

    fn has_pool(&self, id: &PoolId) -> bool {
        self.pools.contains_key(id) || self.body.pools.contains_key(id)
    }

    fn pool_count(&self) -> usize {
        let made = self
            .pools
            .keys()
            .filter(|id| !self.body.pools.contains_key(*id))
            .count();
        self.body.pools.len().saturating_add(made)
    }

    /// The pool, read if need be.
    async fn pool(&mut self, id: &PoolId) -> Result<&mut PoolDraft, Stop> {
        if !self.pools.contains_key(id) {
            let doc = *self.body.pools.get(id).ok_or(Refusal::NoPool)?;
            let root = read_root(self.ledger.store, self.ledger.vault, RootRef { doc }).await?;
            self.pools.insert(id.clone(), PoolDraft::new(root, None));
        }
        self.pools.get_mut(id).ok_or(Stop::Refused(Refusal::NoPool))
    }

    /// Writes what has changed, all but the head. What it returns is what the head will say, and which documents
    /// nothing points to any more.
    pub(crate) async fn write(mut self) -> Result<(HeadBody, Vec<DocId>), ReadError> {
        let (store, now) = (self.ledger.store, (self.ledger.clock)());
        // Marks are a cache: should another folder publish instead of this one, what they said is learned again.
        for (id, bits) in std::mem::take(&mut self.removed) {
            forget_marks(store, &id, bits).await?;
            forget_summary(store, &id).await?;
        }
        for (id, pool) in std::mem::take(&mut self.pools) {
            let Some(seq) = pool.last_touched() else {
                continue;
            };
            let (keys, dropped) = pool.keys.write(self.ledger).await?;
            self.dropped.extend(dropped);
            if pool.root.keys.bits != keys.bits && self.body.pools.contains_key(&id) {
                migrate_marks(store, &id, pool.root.keys.bits, keys.bits, now).await?;
            }
            let root = Root { keys, ..pool.root };
            let doc = self.ledger.write_document(&root, seq).await?;
            let old = self.body.pools.insert(id, doc);
            self.dropped.extend(old.filter(|old| *old != doc));
        }
        let (clients, dropped) = self.clients.write(self.ledger).await?;
        self.body.clients = clients;
        self.dropped.extend(dropped);
        Ok((self.body, self.dropped))
    }
}

impl PoolDraft {
    fn new(root: Root, touched: Option<u64>) -> Self {
        Self {
            keys: Paged::new(root.keys.clone()),
            root,
            touched,
        }
    }

    /// The last edit that changed the pool or one of its keys.
    fn last_touched(&self) -> Option<u64> {
        self.touched.max(self.keys.last_touched())
    }

    /// Spreads the keys over more pages until each fits into its document.
    async fn settle(&mut self, ledger: &Ledger<'_>, seq: u64) -> Result<(), Stop> {
        while !self.keys.fits() {
            if !self.keys.grow(ledger, seq).await? {
                return Err(Refusal::Full.into());
            }
        }
        Ok(())
    }
}

fn patched(key: KeyRecord, patch: &KeyPatch, seq: u64) -> KeyRecord {
    KeyRecord {
        weight: patch.weight().unwrap_or(key.weight),
        disabled: patch.disabled.unwrap_or(key.disabled),
        name: patch.name.clone().unwrap_or(key.name),
        note: patch.note.clone().unwrap_or(key.note),
        tier: patch.tier.unwrap_or(key.tier),
        project: patch.project.clone().unwrap_or(key.project),
        egress: patch.egress.clone().unwrap_or(key.egress),
        generation: key.generation.saturating_add(u32::from(patch.revive)),
        stamp: seq,
        ..key
    }
}
