//! The one key that may serve a request which mentions resources.

use gempool_pool::KeyId;

use super::{Owned, Pin};
use crate::client::Client;
use crate::failure::Failure;
use crate::gateway::Gateway;

/// Names that a client may mention; what else is remembered is our own.
const MENTIONED: [&str; 3] = ["files/", "cachedContents/", "batches/"];

/// The key that all of `names` belong to; `None` if there are none, or if any key will do.
///
/// # Errors
/// One that is not the client's, or two of different keys.
pub(crate) async fn pin_of(
    gateway: &Gateway,
    client: &Client,
    names: &[String],
) -> Result<Option<Pin>, Failure> {
    let mut pinned: Option<(KeyId, &String)> = None;
    for name in names {
        let unknown = || Failure::from(Owned::Unknown { name: name.clone() });
        let is_one = MENTIONED.iter().any(|prefix| name.starts_with(prefix));
        let owner = match is_one {
            true => {
                let pool = &client.pool.id;
                gateway.affinity.find(gateway, pool, name).await?
            }
            false => None,
        };
        let Some(owner) = owner else {
            if gateway.passes_unknown_resources(client) {
                continue;
            }
            return Err(unknown());
        };
        if owner.client != client.id {
            return Err(unknown());
        }
        match pinned {
            Some((key, first)) if key != owner.key => {
                return Err(Owned::Apart {
                    first: first.clone(),
                    other: name.clone(),
                }
                .into());
            }
            _ => pinned = Some((owner.key, name)),
        }
    }
    Ok(pinned.map(|(key, _)| Pin(key)))
}
