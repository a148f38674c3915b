//! What the admin decides during a run: a client key is revoked, a pool disabled, dead keys are revived.

use std::rc::Rc;

use gempool_pool::{ApiKey, KeyId};
use gempool_state::{Change, KeyPatch};

use super::Scene;
use super::plan::{OUTAGE_MS, Profile};
use super::stage::{self, ClientKey};
use crate::upstream::Told;

/// Something decided, and since when it is acknowledged.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub(crate) what: What,
    /// When the admin began, Unix milliseconds.
    pub(crate) begun_at: u64,
    pub(crate) done_at: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// [`ClientKey::Revoked`] opens nothing any more.
    Revoke,
    /// The pool of [`ClientKey::OfDisabledPool`] serves nobody any more.
    Disable,
    /// This key may be used again.
    Revive(String),
}

/// Decides now and then.
pub(crate) async fn take(scene: Rc<Scene>) {
    let random = scene.world.random().fork();
    if scene.plan.profile == Profile::Outage {
        // An edit of client keys that an instance has half read when the store goes shuts out every client of their
        // page until the store is back: what is promised of an outage holds without edits just before it.
        scene.world.sleep(OUTAGE_MS.1).await;
    }
    scene.world.sleep(random.between(1_000, 15_000)).await;
    decide(&scene, What::Revoke).await;
    scene.world.sleep(random.between(1_000, 15_000)).await;
    decide(&scene, What::Disable).await;
    if scene.plan.profile != Profile::Mixed {
        return;
    }
    scene.world.sleep(random.between(5_000, 15_000)).await;
    let calls = scene.upstream.calls();
    let dead = calls
        .iter()
        .find(|call| call.told == Told::Dead && call.heard_at < scene.world.now());
    if let Some(key) = dead.map(|call| call.key.clone()) {
        scene.upstream.revive(&key);
        decide(&scene, What::Revive(key)).await;
    }
}

async fn decide(scene: &Scene, what: What) {
    let admin = scene.admin();
    let begun_at = scene.world.now();
    let change = match &what {
        What::Revoke => match admin.fold().await {
            Ok(Some(head)) => Some(Change::DeleteClient {
                id: head.client_key_id(ClientKey::Revoked.text()),
            }),
            Ok(None) | Err(_) => None,
        },
        What::Disable => stage::other().map(|mut config| {
            config.disabled = true;
            stage::put_pool(config)
        }),
        What::Revive(key) => {
            stage::team()
                .zip(ApiKey::new(key).ok())
                .map(|(pool, key)| Change::EditKeys {
                    pool,
                    ids: vec![KeyId::of(&key)],
                    patch: KeyPatch {
                        revive: true,
                        ..KeyPatch::default()
                    },
                    base: None,
                })
        }
    };
    let Some(change) = change else {
        return;
    };
    let edited = admin.edit(vec![change]).await;
    scene.world.note(|| {
        format!(
            "the admin: {what:?}: {:?}",
            edited.as_ref().map(|edited| edited.stamp)
        )
    });
    // An edit that failed may have been made: nothing follows from it either way, but a key may live again.
    let done_at = match (&edited, &what) {
        (Ok(_), _) => scene.world.now(),
        (Err(_), What::Revive(_)) => u64::MAX,
        (Err(_), What::Revoke | What::Disable) => return,
    };
    scene.count("decisions of the admin");
    scene.decisions.borrow_mut().push(Decision {
        what,
        begun_at,
        done_at,
    });
}
