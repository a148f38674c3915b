//! What an instance knows of the store: the head as it was read last, the pools that it serves, pages of client keys.
//!
//! A cache: everything here can be read again. When it is read again is `refresh.rs`; an answer from here is at most ten
//! minutes old.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::time::Duration;

use gempool_pool::UnixMillis;
use gempool_state::{ClientKeyId, ClientKeyRecord, DocId, Head, PoolId, Vault};
use lru::LruCache;

use crate::client::ClientPolicy;
use crate::pool_runtime::PoolRuntime;

/// How long what was read is served while the store is away (design: ten minutes).
const LAST_GOOD_FOR: Duration = Duration::from_secs(600);
/// Pages of client keys in memory: 64 KiB each, so that they take at most 2 MiB.
const CLIENT_PAGES_MAX: NonZeroUsize = NonZeroUsize::new(32).expect("not zero");
/// Pools in memory. One that was not used for longest is forgotten for another one.
const POOLS_MAX: usize = 64;

/// How often in a row an older head is passed over. A folder that was slow publishes one, and the next folder mends
/// it within a second; a store that was restored from a copy shows one for good.
const OLDER_HEADS_MAX: u32 = 5;

/// One page of client keys.
pub(crate) type ClientPage = Rc<[KnownClient]>;

/// A client key of the store. What it may do is worked out once for its page, not for every request.
pub(crate) struct KnownClient {
    pub(crate) id: ClientKeyId,
    pub(crate) pool: PoolId,
    pub(crate) policy: Rc<ClientPolicy>,
}

impl From<ClientKeyRecord> for KnownClient {
    fn from(record: ClientKeyRecord) -> Self {
        Self {
            id: record.id,
            policy: Rc::new(ClientPolicy::from(&record)),
            pool: record.pool,
        }
    }
}

/// See the module.
pub(crate) struct Directory {
    /// `None` without a master key: then nothing of it is stored.
    pub(crate) vault: Option<Vault>,
    head: RefCell<Option<Rc<Head>>>,
    /// Heads read in a row that are older than that one.
    older_heads: Cell<u32>,
    /// When the store last confirmed that the head is the current one, or that there is none.
    confirmed_at: Cell<Option<UnixMillis>>,
    pools: RefCell<BTreeMap<PoolId, Rc<PoolRuntime>>>,
    client_pages: RefCell<LruCache<DocId, ClientPage>>,
}

impl Directory {
    pub(crate) fn new(vault: Option<Vault>) -> Self {
        Self {
            vault,
            head: RefCell::new(None),
            older_heads: Cell::new(0),
            confirmed_at: Cell::new(None),
            pools: RefCell::default(),
            client_pages: RefCell::new(LruCache::new(CLIENT_PAGES_MAX)),
        }
    }

    /// The head, if one was read.
    pub(crate) fn head(&self) -> Option<Rc<Head>> {
        self.head.borrow().clone()
    }

    /// When what is here was last known to be current.
    pub(crate) fn confirmed_at(&self) -> Option<UnixMillis> {
        self.confirmed_at.get()
    }

    /// Whether what is here may still be served.
    pub(crate) fn is_servable(&self, now: UnixMillis) -> bool {
        let confirmed = self.confirmed_at.get();
        confirmed.is_some_and(|at| now.saturating_since(at) < LAST_GOOD_FOR)
    }

    /// Notes that the store has answered, with the head that it has now.
    pub(crate) fn confirm(&self, now: UnixMillis) {
        self.confirmed_at.set(Some(now));
    }

    /// Takes over a head. Pools that it does not have are forgotten with their keys.
    pub(crate) fn take_head(&self, head: Option<Head>) {
        let known = self.head();
        if let (Some(known), Some(head)) = (&known, &head)
            && head.folded() < known.folded()
            && self.older_heads.get() < OLDER_HEADS_MAX
        {
            self.older_heads.set(self.older_heads.get() + 1);
            return;
        }
        self.older_heads.set(0);
        let head = head.map(Rc::new);
        self.pools.borrow_mut().retain(|id, _| {
            let head = head.as_ref();
            head.is_some_and(|head| head.pool(id).is_some())
        });
        *self.head.borrow_mut() = head;
    }

    /// A stored pool that this instance has served.
    pub(crate) fn pool(&self, id: &PoolId) -> Option<Rc<PoolRuntime>> {
        self.pools.borrow().get(id).cloned()
    }

    /// Every stored pool in memory.
    pub(crate) fn pools(&self) -> Vec<Rc<PoolRuntime>> {
        self.pools.borrow().values().cloned().collect()
    }

    /// Every stored pool that was used lately.
    pub(crate) fn pools_in_use(&self, now: UnixMillis) -> Vec<Rc<PoolRuntime>> {
        let pools = self.pools.borrow();
        let in_use = pools.values().filter(|pool| pool.is_in_use(now));
        in_use.cloned().collect()
    }

    pub(crate) fn insert_pool(&self, pool: Rc<PoolRuntime>) {
        let mut pools = self.pools.borrow_mut();
        if pools.len() >= POOLS_MAX && !pools.contains_key(&pool.id) {
            let oldest = pools.values().min_by_key(|pool| pool.used_at());
            if let Some(oldest) = oldest.map(|pool| pool.id.clone()) {
                pools.remove(&oldest);
            }
        }
        pools.insert(pool.id.clone(), pool);
    }

    pub(crate) fn client_page(&self, doc: DocId) -> Option<ClientPage> {
        self.client_pages.borrow_mut().get(&doc).cloned()
    }

    pub(crate) fn insert_client_page(&self, doc: DocId, page: ClientPage) {
        self.client_pages.borrow_mut().put(doc, page);
    }
}
