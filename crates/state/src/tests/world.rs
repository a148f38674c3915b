//! A store in memory, its clock and its numbers, and short ways to make what is stored there.

use futures::FutureExt as _;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use futures::future::LocalBoxFuture;
use gempool_pool::{ApiKey, KeyRecord, KeySpec, UnixMillis};

use crate::ports::{Counters, DocumentStore, Rng, StoreUnavailable};
use crate::tests::scheduler::{Dice, run, step_aside};
use crate::{
    Change, ClientKeyId, ClientKeyRecord, Head, Ledger, MasterKey, PoolConfig, PoolId, Root, Vault,
    current_head, find_pool, load_pool_keys,
};

/// Noon of a day in 2027.
pub(super) const NOON: UnixMillis = UnixMillis(1_800_000_000_000);

pub(super) struct World {
    pub(super) documents: RefCell<BTreeMap<String, Vec<u8>>>,
    pub(super) counters: RefCell<BTreeMap<String, i64>>,
    pub(super) now: Cell<u64>,
    pub(super) calls: Cell<usize>,
    /// The number of the call that fails and every one after it; none if 0.
    pub(super) away_from: Cell<usize>,
    /// One in so many calls fails, half of them after they took effect; none if 0.
    pub(super) failing: Cell<usize>,
    /// Milliseconds that every call takes.
    pub(super) tick: Cell<u64>,
    /// One in so many operations is held up on its way into the store; none if 0.
    pub(super) holding: Cell<usize>,
    /// Whether calls step aside for other tasks.
    pub(super) is_shared: Cell<bool>,
    pub(super) dice: RefCell<Dice>,
    pub(super) vault: Vault,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            documents: RefCell::default(),
            counters: RefCell::default(),
            now: Cell::new(NOON.0),
            calls: Cell::new(0),
            away_from: Cell::new(0),
            failing: Cell::new(0),
            tick: Cell::new(0),
            holding: Cell::new(0),
            is_shared: Cell::new(false),
            dice: RefCell::new(Dice(seed)),
            vault: Vault::new(&master(1), None),
        }
    }

    /// What edits this store with its own master key.
    pub(super) fn with_ledger<T>(&self, work: impl AsyncFnOnce(Ledger<'_>) -> T) -> T {
        let clock = || self.time();
        run(work(self.ledger(&self.vault, &clock)))
    }

    pub(super) fn ledger<'a>(
        &'a self,
        vault: &'a Vault,
        clock: &'a dyn Fn() -> UnixMillis,
    ) -> Ledger<'a> {
        Ledger {
            store: self,
            counters: self,
            rng: self,
            vault,
            clock,
            // The store's own waits let others run.
            pause: &|| futures::future::ready(()).boxed_local(),
        }
    }

    pub(super) fn time(&self) -> UnixMillis {
        UnixMillis(self.now.get())
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.now.set(self.now.get() + seconds * 1_000);
    }

    pub(super) fn edit(&self, changes: Vec<Change>) -> Result<crate::Edited, crate::EditError> {
        self.with_ledger(async |ledger| ledger.edit("admin", changes).await)
    }

    pub(super) fn head(&self) -> Head {
        let head = run(current_head(self, &self.vault));
        head.unwrap().expect("there is a head")
    }

    pub(super) fn root(&self, id: &str) -> Root {
        let found = run(find_pool(self, &self.vault, &self.head(), &pool(id)));
        found.unwrap().expect("the pool is there")
    }

    pub(super) fn keys(&self, id: &str) -> Vec<KeyRecord> {
        let root = self.root(id);
        let whole = run(load_pool_keys(self, &self.vault, &root)).unwrap();
        assert!(whole.damaged.is_empty(), "{:?}", whole.damaged);
        whole.records
    }

    pub(super) fn count(&self, prefix: &str) -> usize {
        let documents = self.documents.borrow();
        documents
            .keys()
            .filter(|name| name.starts_with(prefix))
            .count()
    }

    /// Begins a call: others come first, and it may fail. What it returns is whether it fails after its effect.
    async fn begin(&self) -> Result<bool, StoreUnavailable> {
        if self.is_shared.get() {
            let times = self.dice.borrow_mut().below(3);
            for _ in 0..times {
                step_aside().await;
            }
        }
        self.calls.set(self.calls.get() + 1);
        self.now.set(self.now.get() + self.tick.get());
        let away_from = self.away_from.get();
        if away_from > 0 && self.calls.get() >= away_from {
            return Err(away());
        }
        let failing = self.failing.get();
        if failing > 0 && self.dice.borrow_mut().one_in(failing) {
            return if self.dice.borrow_mut().one_in(2) {
                Err(away())
            } else {
                Ok(true)
            };
        }
        Ok(false)
    }

    /// Holds up an operation for longer than folders wait for it.
    async fn hold(&self, name: &str) {
        let holding = self.holding.get();
        if holding == 0 || !name.starts_with("gp1:o:") {
            return;
        }
        let times = {
            let mut dice = self.dice.borrow_mut();
            if dice.one_in(holding) {
                dice.below(400)
            } else {
                0
            }
        };
        for _ in 0..times {
            step_aside().await;
        }
    }

    async fn end(&self, fails: bool) -> Result<(), StoreUnavailable> {
        if self.is_shared.get() {
            let times = self.dice.borrow_mut().below(2);
            for _ in 0..times {
                step_aside().await;
            }
        }
        if fails { Err(away()) } else { Ok(()) }
    }
}

fn away() -> StoreUnavailable {
    StoreUnavailable("away".to_owned())
}

fn check_name(name: &str) {
    assert!(name.len() <= 64 && name.starts_with("gp1:"), "{name}");
}

impl DocumentStore for World {
    fn get(&self, name: &str) -> LocalBoxFuture<'_, Result<Option<Vec<u8>>, StoreUnavailable>> {
        check_name(name);
        assert!(
            !name.starts_with("gp1:n:"),
            "a counter is no document: {name}"
        );
        let name = name.to_owned();
        Box::pin(async move {
            let fails = self.begin().await?;
            let document = self.documents.borrow().get(&name).cloned();
            self.end(fails).await?;
            Ok(document)
        })
    }

    fn set(
        &self,
        name: &str,
        document: Vec<u8>,
    ) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        check_name(name);
        assert!(
            !name.starts_with("gp1:n:"),
            "a counter is no document: {name}"
        );
        assert!(document.len() <= crate::MAX_DOCUMENT_BYTES, "{name}");
        let name = name.to_owned();
        Box::pin(async move {
            let fails = self.begin().await?;
            self.hold(&name).await;
            self.documents.borrow_mut().insert(name, document);
            self.end(fails).await
        })
    }

    fn delete(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        check_name(name);
        let name = name.to_owned();
        Box::pin(async move {
            let fails = self.begin().await?;
            self.documents.borrow_mut().remove(&name);
            self.end(fails).await
        })
    }
}

impl Counters for World {
    fn add(&self, name: &str, delta: i64) -> LocalBoxFuture<'_, Result<i64, StoreUnavailable>> {
        assert!(
            name.starts_with("gp1:n:"),
            "a document is no counter: {name}"
        );
        let name = name.to_owned();
        Box::pin(async move {
            let fails = self.begin().await?;
            let sum = {
                let mut counters = self.counters.borrow_mut();
                let sum = counters.entry(name).or_default();
                *sum += delta;
                *sum
            };
            self.end(fails).await?;
            Ok(sum)
        })
    }

    fn forget(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        let name = name.to_owned();
        Box::pin(async move {
            let fails = self.begin().await?;
            self.counters.borrow_mut().remove(&name);
            self.end(fails).await
        })
    }
}

impl Rng for World {
    fn next_u64(&self) -> u64 {
        self.dice.borrow_mut().roll()
    }
}

pub(super) fn master(number: u8) -> MasterKey {
    let mut bytes = [number; 32];
    bytes[0] = !number;
    MasterKey::from_bytes(bytes).unwrap()
}

pub(super) fn pool(id: &str) -> PoolId {
    id.parse().unwrap()
}

pub(super) fn key(text: &str) -> KeyRecord {
    KeyRecord::from(KeySpec::from(ApiKey::new(text).unwrap()))
}

pub(super) fn put_pool(id: &str, base: Option<u64>) -> Change {
    Change::PutPool {
        config: Box::new(PoolConfig::new(pool(id), NOON)),
        base,
    }
}

pub(super) fn add_keys(id: &str, texts: &[&str]) -> Change {
    Change::AddKeys {
        pool: pool(id),
        keys: texts.iter().map(|text| key(text)).collect(),
    }
}

pub(super) fn client(head: &Head, id: &str, client_key: &str) -> ClientKeyRecord {
    client_with(head.client_key_id(client_key), id)
}

pub(super) fn client_with(id: ClientKeyId, of: &str) -> ClientKeyRecord {
    ClientKeyRecord::new(id, pool(of), "sk-", NOON)
}
