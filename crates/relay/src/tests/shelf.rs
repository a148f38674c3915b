//! An admin beside the gateway: edits the store that a scripted host has.

use gempool_pool::{KeyId, KeyRecord, Tier, UnixMillis, parse_keys};
use gempool_state::{
    Change, ClientKeyRecord, Edited, KeyPatch, Ledger, MAX_KEYS_PER_CHANGE, MasterKey, PAUSE,
    PoolConfig, PoolId, Vault, current_head,
};

use crate::fakes::FakeHost;
use crate::ports::Clock as _;

/// Of all tests, as the variable has it.
pub(super) const MASTER_KEY: &str =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
/// The client key that most tests make.
pub(super) const CLIENT: &str = "sk-pool-stored";

fn vault() -> Vault {
    Vault::new(&MASTER_KEY.parse::<MasterKey>().unwrap(), None)
}

pub(super) fn id(text: &str) -> PoolId {
    text.parse().unwrap()
}

pub(super) fn key_id(key: &str) -> KeyId {
    KeyId::of(&gempool_pool::ApiKey::new(key).unwrap())
}

/// Makes the changes, as the admin's interface does.
pub(super) fn edit(host: &FakeHost, changes: Vec<Change>) -> Edited {
    let vault = vault();
    let ledger = Ledger {
        store: host,
        counters: host,
        rng: host,
        vault: &vault,
        clock: &|| host.now(),
        pause: &|| host.sleep(PAUSE),
    };
    host.run(ledger.edit("test", changes)).unwrap()
}

/// A pool with these keys, comma-separated, and whatever `change` makes of its configuration.
pub(super) fn put_pool(
    host: &FakeHost,
    pool: &str,
    keys: &str,
    change: impl FnOnce(&mut PoolConfig),
) {
    let mut config = PoolConfig::new(id(pool), UnixMillis(0));
    change(&mut config);
    let put = Change::PutPool {
        config: Box::new(config),
        base: None,
    };
    edit(host, vec![put]);
    if !keys.is_empty() {
        add_keys(host, pool, keys);
    }
}

/// Adds keys, comma-separated.
pub(super) fn add_keys(host: &FakeHost, pool: &str, keys: &str) {
    let keys = parse_keys(keys).unwrap();
    let keys: Vec<KeyRecord> = keys.into_iter().map(KeyRecord::from).collect();
    let changes = keys
        .chunks(MAX_KEYS_PER_CHANGE)
        .map(|keys| Change::AddKeys {
            pool: id(pool),
            keys: keys.to_vec(),
        });
    edit(host, changes.collect());
}

/// A client key of a pool, with whatever `change` makes of its record.
pub(super) fn put_client(
    host: &FakeHost,
    pool: &str,
    key: &str,
    change: impl FnOnce(&mut ClientKeyRecord),
) {
    let mut record = record(host, pool, key);
    change(&mut record);
    let put = Change::PutClient {
        record: Box::new(record),
        base: None,
    };
    edit(host, vec![put]);
}

/// A client key that may do everything.
pub(super) fn record(host: &FakeHost, pool: &str, key: &str) -> ClientKeyRecord {
    let head = host.run(current_head(host, &vault())).unwrap().unwrap();
    ClientKeyRecord::new(head.client_key_id(key), id(pool), "sk-pool-", UnixMillis(0))
}

/// Revokes a client key.
pub(super) fn revoke(host: &FakeHost, pool: &str, key: &str) {
    let id = record(host, pool, key).id;
    edit(host, vec![Change::DeleteClient { id }]);
}

/// Brings a key back to life.
pub(super) fn revive(host: &FakeHost, pool: &str, key: &str) {
    let patch = KeyPatch {
        revive: true,
        ..KeyPatch::default()
    };
    patch_key(host, pool, key, patch);
}

/// Says whether a key's project pays.
pub(super) fn set_tier(host: &FakeHost, pool: &str, key: &str, tier: Tier) {
    let patch = KeyPatch {
        tier: Some(Some(tier)),
        ..KeyPatch::default()
    };
    patch_key(host, pool, key, patch);
}

/// Takes a key out of service.
pub(super) fn disable(host: &FakeHost, pool: &str, key: &str) {
    let patch = KeyPatch {
        disabled: Some(true),
        ..KeyPatch::default()
    };
    patch_key(host, pool, key, patch);
}

/// Pins a key to an egress.
pub(super) fn pin(host: &FakeHost, pool: &str, key: &str, egress: &str) {
    let patch = KeyPatch {
        egress: Some(Some(egress.to_owned())),
        ..KeyPatch::default()
    };
    patch_key(host, pool, key, patch);
}

fn patch_key(host: &FakeHost, pool: &str, key: &str, patch: KeyPatch) {
    let change = Change::EditKeys {
        pool: id(pool),
        ids: vec![key_id(key)],
        patch,
        base: None,
    };
    edit(host, vec![change]);
}

/// The pool `team-a` with two keys, and a client key to it.
pub(super) fn team_a(host: &FakeHost) {
    put_pool(host, "team-a", "stored-1,stored-2", |config| {
        config.policy.strategy = gempool_pool::Strategy::RoundRobin;
    });
    put_client(host, "team-a", CLIENT, |_| {});
}
