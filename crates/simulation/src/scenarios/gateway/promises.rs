//! What must hold of whole gateways, as functions of what was recorded.

use std::collections::BTreeMap;

use super::Scene;
use super::clients::{Outcome, Request};
use super::decisions::What;
use super::plan::{OUTAGE_MS, Profile, TROUBLE_ENDS_MS};
use super::stage::{ClientKey, WEIGHTS};
use crate::outcome::Broken;
use crate::store::Weather;
use crate::upstream::{Call, Told};
use crate::world::InstanceId;

/// How soon everybody knows of a dead key: it is written a second after the last writing at the latest, and read two
/// seconds after that; the way, and one race of two writers, come on top.
const DEATH_KNOWN_WITHIN_MS: u64 = 1_000 + 2_000 + 100 + 1_100;

/// Keys that are certainly on one page.
const ONE_PAGE: usize = 200;

/// How soon a revoked client key opens nothing (fault list 39).
const REVOKED_WITHIN_MS: u64 = 5_000;

/// Retries that the budget of one pool at one instance has saved, and what it earns a second, beside a fifth of the
/// requests.
const RETRIES_SAVED: u64 = 100;
const RETRIES_EACH_SECOND: u64 = 10;

/// How long after a drought everybody is served again: two seconds of margin and jitter, and the answers to the trials,
/// one of each key, during which other requests are refused.
const RECOVERED_AFTER_DROUGHT_MS: u64 = 12_000;

/// The same after a storm, in which models back off for up to 30 s.
const RECOVERED_AFTER_STORM_MS: u64 = 35_000;

/// What a request may take longer while the store is away.
const ADDED_WAIT_MS: u64 = 500 + 50;

/// Checks everything.
pub(crate) fn all(scene: &Scene) -> Result<(), Broken> {
    let calls = scene.upstream.calls();
    let requests = scene.requests.borrow();
    every_request_ends(scene, &requests)?;
    nothing_goes_on(scene)?;
    nothing_is_told(scene)?;
    dead_keys_rest(scene, &calls)?;
    nonsense_is_asked_once(&requests, &calls, scene)?;
    revoked_clients_stay_out(scene, &requests)?;
    load_is_bounded(scene, &requests, &calls)?;
    match scene.plan.profile {
        Profile::Mixed => Ok(()),
        Profile::Storm => traffic_recovers(scene, &requests, RECOVERED_AFTER_STORM_MS),
        Profile::Drought => traffic_recovers(scene, &requests, RECOVERED_AFTER_DROUGHT_MS),
        Profile::Outage => an_outage_is_not_felt(scene, &requests, &calls),
        Profile::Shares => shares_are_the_weights(scene, &requests, &calls),
    }
}

/// Each request ends once: whole, with an error that is one, or with its instance.
fn every_request_ends(scene: &Scene, requests: &[Request]) -> Result<(), Broken> {
    for request in requests {
        match &request.outcome {
            Outcome::Pending => {
                let details = format!("{request:?}");
                return Err(Broken::new("every request ends", details));
            }
            Outcome::Garbled(text) => {
                let details = format!("request {}: {text:?}", request.number);
                return Err(Broken::new(
                    "an answer is whole, or says that it is not",
                    details,
                ));
            }
            Outcome::Failed {
                status: 429,
                retry_after_s: None,
                ..
            } => {
                let details = format!("{request:?}");
                return Err(Broken::new("who has to wait is told how long", details));
            }
            Outcome::Served
            | Outcome::Failed { .. }
            | Outcome::Broken
            | Outcome::Unknown
            | Outcome::GivenUp
            | Outcome::Lost => {}
        }
    }
    if scene.upstream.unreadable() > 0 {
        let details = format!("{} calls carry no request", scene.upstream.unreadable());
        return Err(Broken::new("what is asked goes upstream", details));
    }
    Ok(())
}

/// Long after the last request nothing runs any more.
fn nothing_goes_on(scene: &Scene) -> Result<(), Broken> {
    for place in scene.places.borrow().iter() {
        let Some((id, _)) = place.instance() else {
            continue;
        };
        // A place that may crash waits for it.
        let waiting = usize::from(scene.plan.crashes);
        let running = scene.world.tasks_of(id);
        if running > waiting {
            let details = format!("{running} tasks of {id:?} go on");
            return Err(Broken::new("nothing goes on without a request", details));
        }
    }
    Ok(())
}

/// No key stands in the store or in the log, and what is stored is what every store takes.
fn nothing_is_told(scene: &Scene) -> Result<(), Broken> {
    for secret in ["AIza-simulated", "sk-pool-simulated"] {
        let documents = scene.store.documents_with(secret.as_bytes());
        if let Some(name) = documents.first() {
            return Err(Broken::new("no secret is stored in clear", name));
        }
        if let Some(line) = scene.log.borrow().iter().find(|line| line.contains(secret)) {
            return Err(Broken::new("no secret is logged", line));
        }
    }
    match scene.store.breaches().into_iter().next() {
        None => Ok(()),
        Some(breach) => Err(Broken::new("every store takes what is written", breach)),
    }
}

/// Who was told that a key is dead does not use it again, and soon nobody does.
fn dead_keys_rest(scene: &Scene, calls: &[Call]) -> Result<(), Broken> {
    // Old documents of the pool take keys out of it, with all that is known of them, and put them back; and who stands
    // still has not heard what has arrived.
    if scene.plan.weather == Weather::Stale || scene.plan.stalls {
        return Ok(());
    }
    let revived = |key: &str| {
        let decisions = scene.decisions.borrow();
        let revival = decisions
            .iter()
            .find(|it| it.what == What::Revive(key.to_owned()));
        revival.map_or(u64::MAX, |it| it.begun_at)
    };
    // Of a pool of many pages a summary tells whose marks are new, and it is passed over while keys are edited.
    let tells_at_once = scene.plan.is_steady() && scene.plan.keys <= ONE_PAGE;
    for death in calls.iter().filter(|call| call.told == Told::Dead) {
        let ended_at = end_of(scene, death.by);
        if ended_at <= death.heard_at {
            continue;
        }
        let until = revived(&death.key);
        let later = calls.iter().filter(|call| {
            call.key == death.key && call.sent_at > death.heard_at && call.sent_at < until
        });
        for call in later {
            let known_after = call.sent_at.saturating_sub(death.heard_at);
            if call.by == death.by
                && call.heard_at > death.heard_at
                && known_after > 0
                && !given_up(scene, death)
            {
                let details = format!("{call:?} after {death:?}");
                return Err(Broken::new(
                    "who knows that a key is dead does not use it",
                    details,
                ));
            }
            let was_told = ended_at.saturating_sub(death.heard_at) > DEATH_KNOWN_WITHIN_MS;
            let is_late = known_after > DEATH_KNOWN_WITHIN_MS;
            if tells_at_once && was_told && is_late && !given_up(scene, death) {
                let details = format!("{call:?}, {known_after} ms after {death:?}");
                return Err(Broken::new("soon nobody uses a dead key", details));
            }
            if call.by != death.by && known_after > 2_000 {
                scene.count("uses of a key that another instance has known as dead for 2 s");
            }
        }
    }
    Ok(())
}

/// Whether the client of this call was gone before the answer came: then nobody heard it.
fn given_up(scene: &Scene, call: &Call) -> bool {
    let requests = scene.requests.borrow();
    let request = requests
        .iter()
        .find(|request| request.number == call.request);
    request.is_none_or(|request| request.ended_at <= call.heard_at)
}

fn end_of(scene: &Scene, instance: InstanceId) -> u64 {
    let ended = scene.ended.borrow();
    let life = ended.iter().find(|(id, _)| *id == instance);
    life.and_then(|(_, at)| *at).unwrap_or(u64::MAX)
}

/// A client's own fault costs one call, and no key anything.
fn nonsense_is_asked_once(
    requests: &[Request],
    calls: &[Call],
    scene: &Scene,
) -> Result<(), Broken> {
    for request in requests.iter().filter(|request| request.is_nonsense) {
        let faults = calls
            .iter()
            .filter(|call| call.request == request.number && call.told == Told::ClientFault);
        let faults = faults.count();
        if faults > 1 {
            let details = format!("{request:?} went upstream {faults} times");
            return Err(Broken::new("a client's own fault is asked once", details));
        }
    }
    let is_harmless = scene.plan.profile == Profile::Shares;
    let marks = scene.store.documents_named("gp1:c:");
    if is_harmless && !marks.is_empty() {
        return Err(Broken::new(
            "a client's own fault marks nothing",
            format!("{marks:?}"),
        ));
    }
    Ok(())
}

/// A revoked client key and a disabled pool open nothing after five seconds.
fn revoked_clients_stay_out(scene: &Scene, requests: &[Request]) -> Result<(), Broken> {
    if !scene.plan.is_steady() {
        return Ok(());
    }
    for decision in scene.decisions.borrow().iter() {
        let key = match decision.what {
            What::Revoke => ClientKey::Revoked,
            What::Disable => ClientKey::OfDisabledPool,
            What::Revive(_) => continue,
        };
        let since = decision.done_at.saturating_add(REVOKED_WITHIN_MS);
        let later = requests
            .iter()
            .filter(|request| request.key == key && request.begun_at >= since);
        for request in later {
            let is_out = matches!(
                (&request.outcome, key),
                (Outcome::Unknown, ClientKey::Revoked)
                    | (
                        Outcome::Failed { status: 403, .. },
                        ClientKey::OfDisabledPool
                    )
                    | (Outcome::GivenUp | Outcome::Lost, _)
            );
            if !is_out {
                let details = format!("{request:?} after {decision:?}");
                return Err(Broken::new("who is shut out stays out", details));
            }
            scene.count("requests shut out");
        }
    }
    Ok(())
}

/// Retries never multiply the load.
fn load_is_bounded(scene: &Scene, requests: &[Request], calls: &[Call]) -> Result<(), Broken> {
    let mut asked: BTreeMap<InstanceId, (u64, u64)> = BTreeMap::new();
    for request in requests {
        asked.entry(request.at).or_default().0 += 1;
    }
    for call in calls {
        asked.entry(call.by).or_default().1 += 1;
    }
    let seconds = scene.plan.busy_ms.saturating_add(60_000) / 1_000;
    // Each of the two pools has a budget of its own.
    let allowance = 2 * (RETRIES_SAVED + RETRIES_EACH_SECOND * seconds);
    for (instance, (requests, calls)) in asked {
        let most = requests.saturating_mul(12) / 10 + allowance;
        if calls > most {
            let details = format!("{instance:?}: {calls} calls for {requests} requests");
            return Err(Broken::new("retries do not multiply the load", details));
        }
    }
    Ok(())
}

/// When the trouble is over, everybody is served.
fn traffic_recovers(scene: &Scene, requests: &[Request], after_ms: u64) -> Result<(), Broken> {
    let from = scene
        .starts_at
        .get()
        .saturating_add(TROUBLE_ENDS_MS.saturating_add(after_ms));
    let late = requests.iter().filter(|request| request.begun_at >= from);
    for request in late.filter(|it| it.key == ClientKey::Lasting && !it.is_nonsense) {
        if request.outcome != Outcome::Served {
            return Err(Broken::new(
                "when keys are back, so is traffic",
                format!("{request:?}"),
            ));
        }
        scene.count("requests after the trouble");
    }
    Ok(())
}

/// Instances that know their pools serve on while the store is away, and one request of each waits for it.
fn an_outage_is_not_felt(
    scene: &Scene,
    requests: &[Request],
    calls: &[Call],
) -> Result<(), Broken> {
    let start = scene.starts_at.get();
    let (from, until) = (
        start.saturating_add(OUTAGE_MS.0),
        start.saturating_add(OUTAGE_MS.1),
    );
    let mut waits: BTreeMap<InstanceId, u64> = BTreeMap::new();
    let during = requests
        .iter()
        .filter(|request| (from..until).contains(&request.begun_at));
    for request in during.filter(|it| it.key == ClientKey::Lasting && !it.is_nonsense) {
        if request.outcome != Outcome::Served {
            return Err(Broken::new(
                "traffic goes on without the store",
                format!("{request:?}"),
            ));
        }
        scene.count("requests without a store");
        let sent = calls.iter().find(|call| call.request == request.number);
        let waited = sent.map_or(0, |call| call.sent_at.saturating_sub(request.begun_at));
        if waited > ADDED_WAIT_MS {
            let details = format!("{waited} ms before {request:?}");
            return Err(Broken::new(
                "an absent store costs at most half a second",
                details,
            ));
        }
        if waited > 20 {
            *waits.entry(request.at).or_default() += 1;
        }
    }
    scene
        .tally
        .borrow_mut()
        .add("requests that waited for the store", waits.values().sum());
    Ok(())
}

/// Every key serves as much as its weight says, at each instance to within a request or two.
fn shares_are_the_weights(
    scene: &Scene,
    requests: &[Request],
    calls: &[Call],
) -> Result<(), Broken> {
    let sum: u32 = WEIGHTS.iter().sum();
    let total = calls.len() as u64;
    for (key, weight) in WEIGHTS.iter().enumerate() {
        let text = super::plan::key_text(key);
        let actual = calls.iter().filter(|call| call.key == text).count() as u64;
        let expected = total.saturating_mul(u64::from(*weight)) / u64::from(sum);
        // Each instance may be one turn of every model ahead or behind.
        let most = 2 * 2 * scene.plan.instances + 1;
        if actual.abs_diff(expected) > most {
            let details =
                format!("{text} served {actual} of {total}, not {expected} to within {most}");
            return Err(Broken::new("shares are the weights", details));
        }
    }
    let unserved = requests.iter().find(|request| {
        request.key == ClientKey::Lasting
            && !request.is_nonsense
            && request.outcome != Outcome::Served
    });
    match unserved {
        None => Ok(()),
        Some(request) => Err(Broken::new(
            "where nothing is wrong everybody is served",
            format!("{request:?}"),
        )),
    }
}
