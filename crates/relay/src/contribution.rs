//! A pool that may be used by whoever brings a Gemini key (the shared pool of the fifth system).
//!
//! A key that the pool does not have, or that is dead in it, serves its owner's request alone; once it has worked it
//! joins, or lives again. A living one opens the pool. Nothing goes upstream for a text that cannot be a key, and none
//! of our own client keys ever does.

use std::rc::Rc;

use futures::FutureExt as _;
use gempool_pool::{ApiKey, KeyId, KeyRecord, KeySpec, Selected, Why, Wish};
use gempool_state::{Change, EditError, KeyPatch, Ledger, PAUSE, PoolConfig, PoolId};

use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::pool_facts::PoolFacts;
use crate::pool_runtime::PoolRuntime;
use crate::settings::Switch;

/// How our own client keys begin. One that was revoked or mistyped must not be sent to Google as if it were a Gemini
/// key.
const CLIENT_KEY_PREFIX: &str = "sk-";
/// Who edits the pool here, in the log of edits.
const ACTOR: &str = "contribution";

/// Somebody who brought a key.
pub(crate) struct Contributor {
    pub(crate) id: KeyId,
    pub(crate) key: ApiKey,
    pub(crate) pool: Rc<PoolRuntime>,
    pub(crate) standing: Standing,
}

/// How the pool knows a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It serves the pool.
    Living,
    /// It did, until Google refused it.
    Dead,
    /// The pool does not have it.
    Stranger,
}

impl Gateway {
    /// Whether anybody may bring a key.
    pub fn takes_contributions(&self) -> Switch {
        if self.contributions_are_taken() {
            Switch::On
        } else {
            Switch::Off
        }
    }

    /// Whether keys may be brought at all.
    pub(crate) fn contributions_are_taken(&self) -> bool {
        self.settings.contribute_pool.is_some() && self.directory.vault.is_some()
    }

    /// The pool that takes keys; a pool without keys if nobody has brought one yet. `None` if there is none, or its
    /// admin does not want that any more.
    pub(crate) async fn contribute_pool(
        self: &Rc<Self>,
    ) -> Result<Option<Rc<PoolRuntime>>, Failure> {
        let id = self.settings.contribute_pool.as_ref();
        let Some(id) = id.filter(|_| self.contributions_are_taken()) else {
            return Ok(None);
        };
        let Some(pool) = self.stored_pool(id).await? else {
            let facts = PoolFacts::from(config_of(id.clone(), self));
            let now = self.host.now();
            return Ok(Some(PoolRuntime::without_keys(id.clone(), facts, now)));
        };
        Ok(Some(pool).filter(|pool| pool.facts().contribute))
    }
}

/// The pool as the first contribution makes it.
fn config_of(id: PoolId, gateway: &Gateway) -> PoolConfig {
    let mut config = PoolConfig::new(id, gateway.host.now());
    config.contribute = true;
    config.policy = gateway.settings.policy.clone();
    config
}

impl Contributor {
    /// Who brings the key `text`; `None` if it can be none, or nobody takes it.
    pub(crate) async fn find(gateway: &Rc<Gateway>, text: &str) -> Result<Option<Self>, Failure> {
        if text.starts_with(CLIENT_KEY_PREFIX) {
            return Ok(None);
        }
        let (Ok(key), Some(pool)) = (ApiKey::new(text), gateway.contribute_pool().await?) else {
            return Ok(None);
        };
        if pool.facts().disabled {
            return Err(Failure::PoolDisabled);
        }
        let id = KeyId::of(&key);
        let standing = standing(gateway, &pool, id).await?;
        Ok(Some(Self {
            id,
            key,
            pool,
            standing,
        }))
    }

    /// The own key, for a request that it must serve alone.
    pub(crate) fn own_key(&self, gateway: &Gateway) -> Option<Selected> {
        if self.standing == Standing::Living {
            return None;
        }
        let egresses = gateway.egresses.borrow();
        Some(Selected {
            id: self.id,
            key: self.key.clone(),
            probe: false,
            egress: egresses
                .of(None, self.id, gateway.host.now())
                .unwrap_or_default(),
        })
    }

    /// The own key has worked: it joins the pool, or lives again in it. What the future does comes after the answer.
    pub(crate) fn has_worked(&self, gateway: &Rc<Gateway>) {
        if self.standing == Standing::Living {
            return;
        }
        let Some(flight) = gateway.flights.enter(&format!("join {}", self.id)) else {
            return;
        };
        let (pool, key, standing) = (self.pool.id.clone(), self.key.clone(), self.standing);
        let admitting = Rc::clone(gateway);
        let work = async move {
            admitting.admit_key(pool, key, standing).await;
            drop(flight);
        };
        gateway.host.spawn(work.boxed_local());
    }
}

/// How the pool knows a key, whose page is read for that.
async fn standing(
    gateway: &Rc<Gateway>,
    pool: &Rc<PoolRuntime>,
    id: KeyId,
) -> Result<Standing, Failure> {
    let page = id.page(pool.page_bits());
    if pool.key_count() > 0 && !pool.keys.borrow().is_loaded(page) {
        gateway.read_page(pool, page).await?;
    }
    let wish = Wish {
        only: Some(id),
        ..Wish::default()
    };
    let explained = {
        let egresses = gateway.egresses.borrow();
        let mut keys = pool.keys.borrow_mut();
        keys.explain(&wish, &egresses, gateway.host.now())
    };
    Ok(match explained.first().map(|key| key.why) {
        None | Some(Why::Unknown) => Standing::Stranger,
        Some(Why::Dead { .. }) => Standing::Dead,
        // Somebody took it out of service, and with it its owner.
        Some(Why::Disabled) => return Err(Failure::KeyClosed),
        Some(Why::Ready | Why::Probe | Why::Tried | Why::Waiting { .. } | Why::NotPaid) => {
            Standing::Living
        }
    })
}

impl Gateway {
    /// A failure is a line in the log: the key joins the next time that it works.
    async fn admit_key(&self, pool: PoolId, key: ApiKey, standing: Standing) {
        let id = KeyId::of(&key);
        let change = match standing {
            Standing::Living => return,
            Standing::Dead => Change::EditKeys {
                pool: pool.clone(),
                ids: vec![id],
                patch: KeyPatch {
                    revive: true,
                    ..KeyPatch::default()
                },
                base: None,
            },
            Standing::Stranger => Change::AddKeys {
                pool: pool.clone(),
                keys: vec![KeyRecord {
                    contributor: Some(id),
                    added_at: self.host.now(),
                    ..KeyRecord::from(KeySpec::from(key))
                }],
            },
        };
        let head = self.directory.head();
        let exists = head.is_some_and(|head| head.pool(&pool).is_some());
        if !exists {
            let made = self.edit(vec![Change::PutPool {
                config: Box::new(config_of(pool, self)),
                base: Some(0),
            }]);
            match made.await {
                // Another contribution has made it at the same time.
                Ok(()) | Err(EditError::Conflict { .. }) => {}
                Err(error) => return self.edit_failed(&error),
            }
        }
        if let Err(error) = self.edit(vec![change]).await {
            self.edit_failed(&error);
        }
    }

    /// Takes a contributed key out of its pool.
    ///
    /// # Errors
    /// [`Failure::StoreAway`]; then it may or may not have left.
    pub(crate) async fn withdraw_key(
        self: &Rc<Self>,
        contributor: &Contributor,
    ) -> Result<(), Failure> {
        let change = Change::RemoveKeys {
            pool: contributor.pool.id.clone(),
            ids: vec![contributor.id],
        };
        self.edit(vec![change]).await.map_err(|error| {
            self.edit_failed(&error);
            Failure::StoreAway
        })?;
        self.refresh().await;
        Ok(())
    }

    async fn edit(&self, changes: Vec<Change>) -> Result<(), EditError> {
        let Some(vault) = &self.directory.vault else {
            return Ok(());
        };
        let ledger = Ledger {
            store: self.documents(),
            counters: &*self.host,
            rng: &*self.host,
            vault,
            clock: &|| self.host.now(),
            pause: &|| self.host.sleep(PAUSE),
        };
        let edited = ledger.edit(ACTOR, changes).boxed_local().await?;
        if let Some(head) = edited.head {
            self.directory.take_head(Some(head));
        }
        Ok(())
    }

    fn edit_failed(&self, error: &EditError) {
        self.host.warn(&format!("contribution: {error}"));
    }
}
