//! What a change means, in the plainest form: the stand-in's half of the product.

use gempool_state::{Change, ClientKeyRecord};

use super::super::view::{PoolView, View};

/// Makes the change, or tells the stamp of what is there instead of what was expected.
pub(super) fn apply(view: &mut View, stamp: u64, change: Change) -> Result<(), u64> {
    match change {
        Change::PutPool { mut config, base } => {
            let current = view
                .pools
                .get(&config.id)
                .map_or(0, |pool| pool.config.stamp);
            expect(base, current)?;
            config.stamp = stamp;
            let before = view.pools.remove(&config.id);
            let pool = PoolView {
                keys: before.map(|pool| pool.keys).unwrap_or_default(),
                config: *config,
            };
            view.pools.insert(pool.config.id.clone(), pool);
        }
        Change::DeletePool { pool, base } => {
            let current = view.pools.get(&pool).map_or(0, |pool| pool.config.stamp);
            expect(base, current)?;
            view.pools.remove(&pool);
            view.clients.retain(|_, client| client.pool != pool);
        }
        Change::AddKeys { pool, keys } => {
            let pool = view.pools.get_mut(&pool).ok_or(0_u64)?;
            for mut key in keys {
                key.stamp = stamp;
                pool.keys.entry(key.id()).or_insert(key);
            }
        }
        Change::EditKeys {
            pool,
            ids,
            patch,
            base,
        } => {
            let pool = view.pools.get_mut(&pool).ok_or(0_u64)?;
            if let [id] = ids.as_slice() {
                expect(base, pool.keys.get(id).map_or(0, |key| key.stamp))?;
            }
            for id in ids {
                if let Some(key) = pool.keys.get_mut(&id) {
                    key.stamp = stamp;
                    key.note = patch.note.clone().unwrap_or_default();
                }
            }
        }
        Change::RemoveKeys { pool, ids } => {
            let pool = view.pools.get_mut(&pool).ok_or(0_u64)?;
            pool.keys.retain(|id, _| !ids.contains(id));
        }
        Change::PutClient { record, base } => put_client(view, stamp, *record, base)?,
        Change::DeleteClient { id } => {
            view.clients.remove(&id);
        }
    }
    Ok(())
}

fn put_client(
    view: &mut View,
    stamp: u64,
    mut record: ClientKeyRecord,
    base: Option<u64>,
) -> Result<(), u64> {
    let current = view.clients.get(&record.id).map_or(0, |it| it.stamp);
    expect(base, current)?;
    if !view.pools.contains_key(&record.pool) {
        return Err(current);
    }
    record.stamp = stamp;
    view.clients.insert(record.id, record);
    Ok(())
}

fn expect(base: Option<u64>, current: u64) -> Result<(), u64> {
    match base {
        Some(base) if base != current => Err(current),
        Some(_) | None => Ok(()),
    }
}
