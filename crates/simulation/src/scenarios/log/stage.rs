//! What is there before the editors come: common pools, and what they contend for.

use gempool_pool::{ApiKey, KeyId, KeyRecord, KeySpec, UnixMillis};
use gempool_state::{Change, ClientKeyId, ClientKeyRecord, PoolConfig, PoolId};

use super::Scene;
use super::record::Answer;
use crate::random::{Chance, Random};
use crate::world::START_MS;

/// Keys of the large pool: several pages of at most 256.
const MANY_KEYS: usize = 700;

/// Keys that one edit adds when a large pool is made.
const KEYS_PER_EDIT: usize = 50;

/// Something that all editors edit.
#[derive(Clone, Debug)]
pub(crate) enum Shared {
    /// Its list of models gets a token with each edit.
    Pool(PoolId),
    /// Its name is the last edit's token.
    Client(ClientKeyId),
    /// Its note is the last edit's token.
    Key(PoolId, KeyId),
}

/// What is there.
pub(crate) struct Stage {
    pub(crate) pools: Vec<PoolId>,
    pub(crate) shared: Vec<Shared>,
    keys: Vec<ApiKey>,
    many: usize,
}

impl Stage {
    pub(crate) fn new(random: &Random, large: Chance) -> Self {
        let pools: Vec<PoolId> = ["common-a", "common-b"]
            .iter()
            .filter_map(|name| name.parse().ok())
            .collect();
        let keys: Vec<ApiKey> = (0..2).filter_map(|n| key(&format!("shared-{n}"))).collect();
        let mut shared: Vec<Shared> = pools.iter().cloned().map(Shared::Pool).collect();
        shared.extend((0..2).map(|n| Shared::Client(client_id(0xff, n))));
        if let Some(pool) = pools.first() {
            let contended = keys
                .iter()
                .map(|key| Shared::Key(pool.clone(), KeyId::of(key)));
            shared.extend(contended);
        }
        let many = if random.happens(large) { MANY_KEYS } else { 0 };
        Self {
            pools,
            shared,
            keys,
            many,
        }
    }

    /// Makes it, on a store of which nothing is wrong yet.
    pub(crate) async fn set_up(&self, scene: &Scene) -> Result<(), String> {
        let office = (scene.open)(scene, scene.new_instance());
        let mut changes: Vec<Change> = self
            .pools
            .iter()
            .map(|id| put_pool(new_pool(id), 0))
            .collect();
        if let Some(pool) = self.pools.first() {
            changes.push(add_keys(pool, &self.keys));
            let many: Vec<ApiKey> = (0..self.many)
                .filter_map(|n| key(&format!("many-{n}")))
                .collect();
            changes.extend(many.chunks(KEYS_PER_EDIT).map(|some| add_keys(pool, some)));
        }
        for change in changes {
            match office.edit(change).await {
                Answer::Acknowledged => {}
                answer => return Err(format!("{answer:?}")),
            }
        }
        office.fold().await
    }
}

/// A key that says whose it is.
pub(crate) fn key(name: &str) -> Option<ApiKey> {
    ApiKey::new(format!("AIza-simulated-{name}")).ok()
}

/// Adds these keys.
pub(crate) fn add_keys(pool: &PoolId, keys: &[ApiKey]) -> Change {
    Change::AddKeys {
        pool: pool.clone(),
        keys: keys
            .iter()
            .cloned()
            .map(KeySpec::from)
            .map(KeyRecord::from)
            .collect(),
    }
}

/// A pool with nothing special.
pub(crate) fn new_pool(id: &PoolId) -> PoolConfig {
    PoolConfig::new(id.clone(), UnixMillis(START_MS))
}

/// Makes or replaces a pool.
pub(crate) fn put_pool(config: PoolConfig, base: u64) -> Change {
    Change::PutPool {
        config: Box::new(config),
        base: Some(base),
    }
}

/// The id of somebody's client key.
pub(crate) fn client_id(owner: u8, number: u8) -> ClientKeyId {
    // The first bytes decide on the page, so they differ.
    let mut bytes = [0; 16];
    bytes[0] = owner.wrapping_mul(31).wrapping_add(number.wrapping_mul(7));
    bytes[1] = owner;
    bytes[2] = number;
    ClientKeyId(bytes)
}

/// A client key that opens this pool.
pub(crate) fn client(id: ClientKeyId, pool: &PoolId, name: &str) -> ClientKeyRecord {
    ClientKeyRecord {
        name: name.to_owned(),
        ..ClientKeyRecord::new(id, pool.clone(), "sk-pool-simulated", UnixMillis(START_MS))
    }
}
