//! Everything that the log leads to, as one reader sees it at once.

use std::collections::{BTreeMap, BTreeSet};

use gempool_pool::{ApiKey, KeyId, KeyRecord};
use gempool_state::{ClientKeyId, ClientKeyRecord, PoolConfig, PoolId};

use super::objects::Object;

/// All pools and client keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    pub(crate) pools: BTreeMap<PoolId, PoolView>,
    pub(crate) clients: BTreeMap<ClientKeyId, ClientKeyRecord>,
}

/// One pool.
#[derive(Clone, Debug)]
pub(crate) struct PoolView {
    pub(crate) config: PoolConfig,
    pub(crate) keys: BTreeMap<KeyId, KeyRecord>,
}

/// What there is of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Contents {
    /// What the last edit wrote.
    pub(crate) text: String,
    /// What belongs to it.
    pub(crate) parts: BTreeSet<String>,
}

/// An edit of several keys that is there in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Half(pub(crate) String);

impl View {
    /// What there is of this object; `None` if it is not there.
    pub(crate) fn of(&self, object: &Object) -> Result<Option<Contents>, Half> {
        match object {
            Object::Group { pool, keys } => self.group(pool, keys),
            Object::Client(id) => Ok(self.clients.get(id).map(|record| Contents {
                text: record.name.clone(),
                parts: BTreeSet::new(),
            })),
            Object::Pool(id) => {
                let clients = self.clients.values().filter(|client| client.pool == *id);
                let clients: BTreeSet<String> = clients.map(|it| it.id.to_string()).collect();
                let Some(pool) = self.pools.get(id) else {
                    // Clients of no pool are half a removal.
                    return if clients.is_empty() {
                        Ok(None)
                    } else {
                        Err(Half(format!("client keys open {id}, which is not there")))
                    };
                };
                let keys = pool.keys.keys().map(KeyId::to_string);
                Ok(Some(Contents {
                    text: pool.config.description.clone(),
                    parts: keys.chain(clients).collect(),
                }))
            }
        }
    }

    fn group(&self, pool: &PoolId, keys: &[ApiKey]) -> Result<Option<Contents>, Half> {
        let records = |key| self.pools.get(pool)?.keys.get(&KeyId::of(key));
        let there: Vec<&KeyRecord> = keys.iter().filter_map(records).collect();
        let Some(first) = there.first() else {
            return Ok(None);
        };
        let is_whole = there.len() == keys.len();
        if !is_whole || there.iter().any(|record| record.note != first.note) {
            let notes: Vec<&str> = there.iter().map(|record| record.note.as_str()).collect();
            return Err(Half(format!("of {} keys there are {notes:?}", keys.len())));
        }
        Ok(Some(Contents {
            text: first.note.clone(),
            parts: BTreeSet::new(),
        }))
    }
}
