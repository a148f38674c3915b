//! What is there before the first request: pools, keys with weights, client keys.

use gempool_pool::{ApiKey, KeyRecord, KeySpec, UnixMillis, Weight};
use gempool_state::{Change, ClientKeyRecord, Head, MAX_KEYS_PER_CHANGE, PoolConfig, PoolId};

use super::Scene;
use super::plan::{OTHER_KEY, Profile, key_text};
use crate::world::START_MS;

/// The client keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientKey {
    /// The one that most requests come with.
    Lasting,
    /// Will be revoked.
    Revoked,
    /// Opens the pool that will be disabled.
    OfDisabledPool,
}

impl ClientKey {
    const ALL: [Self; 3] = [Self::Lasting, Self::Revoked, Self::OfDisabledPool];

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Lasting => "sk-pool-simulated-lasting",
            Self::Revoked => "sk-pool-simulated-revoked",
            Self::OfDisabledPool => "sk-pool-simulated-disabled",
        }
    }

    fn pool(self) -> &'static str {
        match self {
            Self::Lasting | Self::Revoked => TEAM,
            Self::OfDisabledPool => OTHER,
        }
    }
}

/// The pool with the keys.
const TEAM: &str = "team";

/// The pool that will be disabled.
const OTHER: &str = "other";

/// Weights of [`Profile::Shares`].
pub(crate) const WEIGHTS: [u32; 3] = [3, 1, 1];

pub(crate) fn team() -> Option<PoolId> {
    TEAM.parse().ok()
}

pub(crate) fn other() -> Option<PoolConfig> {
    OTHER
        .parse()
        .ok()
        .map(|id| PoolConfig::new(id, UnixMillis(START_MS)))
}

/// Makes it.
pub(crate) async fn set_up(scene: &Scene) -> Result<(), String> {
    let admin = scene.admin();
    let edit = async |changes| admin.edit(changes).await.map_err(|error| error.to_string());
    let (Some(team), Some(other)) = (team(), other()) else {
        return Err("a pool's name was refused".to_owned());
    };
    let mut changes = vec![
        put_pool(PoolConfig::new(team.clone(), UnixMillis(START_MS))),
        add_keys(&other.id, vec![record(OTHER_KEY.to_owned(), 1)?]),
    ];
    changes.insert(0, put_pool(other));
    let keys: Result<Vec<KeyRecord>, String> = (0..scene.plan.keys)
        .map(|key| record(key_text(key), weight(scene.plan.profile, key)))
        .collect();
    let keys = keys?;
    changes.extend(
        keys.chunks(MAX_KEYS_PER_CHANGE)
            .map(|keys| add_keys(&team, keys.to_vec())),
    );
    let head = edit(changes).await?.head.ok_or("nothing was edited")?;
    let clients = ClientKey::ALL.iter().filter_map(|key| client(&head, *key));
    let puts = clients.map(|record| Change::PutClient {
        record: Box::new(record),
        base: None,
    });
    edit(puts.collect()).await.map(drop)
}

fn weight(profile: Profile, key: usize) -> u32 {
    match profile {
        Profile::Shares => WEIGHTS.get(key).copied().unwrap_or(1),
        Profile::Mixed | Profile::Storm | Profile::Drought | Profile::Outage => 1,
    }
}

pub(crate) fn put_pool(config: PoolConfig) -> Change {
    Change::PutPool {
        config: Box::new(config),
        base: None,
    }
}

fn add_keys(pool: &PoolId, keys: Vec<KeyRecord>) -> Change {
    Change::AddKeys {
        pool: pool.clone(),
        keys,
    }
}

fn record(text: String, weight: u32) -> Result<KeyRecord, String> {
    let key = ApiKey::new(text).map_err(|error| error.to_string())?;
    let weight = Weight::try_from(weight).map_err(|error| error.to_string())?;
    Ok(KeyRecord {
        weight,
        ..KeyRecord::from(KeySpec::from(key))
    })
}

fn client(head: &Head, key: ClientKey) -> Option<ClientKeyRecord> {
    Some(ClientKeyRecord::new(
        head.client_key_id(key.text()),
        key.pool().parse().ok()?,
        "sk-pool-simul",
        UnixMillis(START_MS),
    ))
}
