//! One pool in one instance: its keys and their states, and what belongs to it beside them.
//!
//! It reads and writes no store: `pages.rs`, `refresh.rs` and `flush.rs` do. Nothing borrowed from it is held across an
//! await.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use gempool_pool::{KeySpec, Mark, PageInfo, Pool, UnixMillis};
use gempool_state::{PageRef, Pages, PoolId, Root, RootRef};
use sha2::{Digest as _, Sha256};

use crate::models::KeptModels;
use crate::pool_facts::PoolFacts;
use crate::retry_budget::RetryBudget;

/// How long after its last use a pool is kept fresh in the background.
const IN_USE_FOR: Duration = Duration::from_secs(60);

/// A pool that this instance serves.
pub(crate) struct PoolRuntime {
    pub(crate) id: PoolId,
    /// Keys and states; pages of a stored pool come when they are needed.
    pub(crate) keys: RefCell<Pool>,
    facts: RefCell<Rc<PoolFacts>>,
    /// Where its documents are; `None` for the pool of the deployment's variables.
    stored: RefCell<Option<Stored>>,
    /// Marks that were written, by page, and not looked at again yet.
    pub(crate) unchecked_marks: RefCell<BTreeMap<usize, Vec<Mark>>>,
    /// Whether the summary of its pages was ever read; never for a pool of one page.
    pub(crate) summary_read: Cell<bool>,
    /// Its list of models.
    pub(crate) models: RefCell<Option<KeptModels>>,
    budget: RefCell<RetryBudget>,
    used_at: Cell<UnixMillis>,
}

/// Where a stored pool is.
struct Stored {
    root: RootRef,
    pages: Pages,
}

impl PoolRuntime {
    /// The pool of the deployment's variables.
    pub(crate) fn environment(facts: PoolFacts, keys: Vec<KeySpec>, now: UnixMillis) -> Rc<Self> {
        let pool = Pool::with_keys(facts.policy.clone(), keys);
        Rc::new(Self::new(PoolId::environment(), pool, facts, None, now))
    }

    /// A pool that is not stored yet.
    pub(crate) fn without_keys(id: PoolId, facts: PoolFacts, now: UnixMillis) -> Rc<Self> {
        let pool = Pool::new(facts.policy.clone());
        Rc::new(Self::new(id, pool, facts, None, now))
    }

    /// A pool whose root was read, without keys yet.
    pub(crate) fn stored(id: PoolId, root_ref: RootRef, root: Root, now: UnixMillis) -> Rc<Self> {
        let facts = PoolFacts::from(root.config);
        let mut pool = Pool::new(facts.policy.clone());
        lay_out(&mut pool, &root.keys);
        let stored = Stored {
            root: root_ref,
            pages: root.keys,
        };
        Rc::new(Self::new(id, pool, facts, Some(stored), now))
    }

    fn new(
        id: PoolId,
        pool: Pool,
        facts: PoolFacts,
        stored: Option<Stored>,
        now: UnixMillis,
    ) -> Self {
        Self {
            id,
            keys: RefCell::new(pool),
            facts: RefCell::new(Rc::new(facts)),
            stored: RefCell::new(stored),
            unchecked_marks: RefCell::default(),
            summary_read: Cell::new(false),
            models: RefCell::new(None),
            budget: RefCell::new(RetryBudget::new(now)),
            used_at: Cell::new(now),
        }
    }

    /// What its admin decided.
    pub(crate) fn facts(&self) -> Rc<PoolFacts> {
        Rc::clone(&self.facts.borrow())
    }

    /// Takes over another root of the same pool. Keys of pages that changed are stale until they are read again.
    pub(crate) fn take_root(&self, root_ref: RootRef, root: Root) {
        let facts = PoolFacts::from(root.config);
        let mut keys = self.keys.borrow_mut();
        keys.set_policy(facts.policy.clone());
        lay_out(&mut keys, &root.keys);
        *self.facts.borrow_mut() = Rc::new(facts);
        *self.stored.borrow_mut() = Some(Stored {
            root: root_ref,
            pages: root.keys,
        });
    }

    /// The root that it was made of.
    pub(crate) fn root(&self) -> Option<RootRef> {
        self.stored.borrow().as_ref().map(|stored| stored.root)
    }

    /// Where a page of its keys is; `None` where keys are in memory anyway.
    pub(crate) fn page(&self, page: usize) -> Option<PageRef> {
        let stored = self.stored.borrow();
        stored.as_ref().map(|stored| stored.pages.page(page))
    }

    /// How many bits of a key's id number the pages.
    pub(crate) fn page_bits(&self) -> u8 {
        self.keys.borrow().bits()
    }

    /// What its pages hold, as one number: instances that know the same keys have the same.
    pub(crate) fn layout(&self) -> u64 {
        let keys = self.keys.borrow();
        let mut digest = Sha256::new();
        for page in (0..).map_while(|page| keys.page(page)) {
            digest.update(&page.version);
            digest.update([0]);
        }
        let digest: [u8; 32] = digest.finalize().into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// How many keys it has, loaded or not.
    pub(crate) fn key_count(&self) -> u64 {
        match &*self.stored.borrow() {
            Some(stored) => stored.pages.records(),
            None => u64::try_from(self.keys.borrow().len()).unwrap_or(u64::MAX),
        }
    }

    pub(crate) fn note_use(&self, now: UnixMillis) {
        self.used_at.set(now);
    }

    pub(crate) fn used_at(&self) -> UnixMillis {
        self.used_at.get()
    }

    pub(crate) fn is_in_use(&self, now: UnixMillis) -> bool {
        now.saturating_since(self.used_at.get()) < IN_USE_FOR
    }

    pub(crate) fn earn_retry(&self) {
        self.budget.borrow_mut().earn();
    }

    pub(crate) fn pay_retry(&self, now: UnixMillis) -> bool {
        self.budget.borrow_mut().pay(now)
    }
}

fn lay_out(pool: &mut Pool, pages: &Pages) {
    let infos = pages.pages.iter().map(|page| PageInfo {
        version: version(page),
        keys: page.records,
        weight: page.weight,
    });
    pool.lay_out(pages.bits, infos.collect());
}

/// What a page's content is told by: the name of its document.
pub(crate) fn version(page: &PageRef) -> String {
    page.doc.map_or_else(String::new, |doc| doc.to_string())
}
