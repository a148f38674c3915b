//! The store fails, hangs or holds damaged documents: what goes on, what it costs, what is refused.

use std::rc::Rc;
use std::time::Duration;

use http::StatusCode;

use super::pools::{chat, gateway, ok};
use super::shelf::{CLIENT, MASTER_KEY, team_a};
use super::{answer, identify, keys_used, unary};
use crate::fakes::{FakeHost, Scripted};
use crate::ports::Clock as _;
use crate::{Gateway, health};

/// How long `work` takes.
fn time<T>(host: &FakeHost, work: impl FnOnce() -> T) -> (T, Duration) {
    let before = host.now();
    let done = work();
    (done, host.now().saturating_since(before))
}

fn with_own_pool(host: &Rc<FakeHost>) -> Rc<Gateway> {
    super::gateway(host, &[("master_key", MASTER_KEY)])
}

#[test]
fn a_warm_instance_serves_its_last_good_copy_for_ten_minutes_flt27() {
    let host = FakeHost::new((0..100).map(|_| ok()));
    team_a(&host);
    let gateway = gateway(&host);
    chat(&host, &gateway).unwrap();
    host.settle();
    host.store_away.set(true);
    for _ in 0..59 {
        host.pass(Duration::from_secs(10));
        assert!(chat(&host, &gateway).is_ok());
        host.settle();
    }
    host.pass(Duration::from_secs(20));
    let failure = chat(&host, &gateway).unwrap_err();
    assert_eq!(failure.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        failure.to_error().code.as_deref(),
        Some("store_unavailable")
    );
    // And when it is back, so is everything else.
    host.store_away.set(false);
    host.pass(Duration::from_secs(11));
    let _ = chat(&host, &gateway);
    host.settle();
    assert!(chat(&host, &gateway).is_ok());
}

#[test]
fn a_cold_instance_lets_nobody_in_whom_it_cannot_know_flt27() {
    let host = FakeHost::new([ok()]);
    team_a(&host);
    host.store_away.set(true);
    let gateway = gateway(&host);
    for key in [CLIENT, "sk-pool-nobody"] {
        let failure = identify(&host, &gateway, key).unwrap_err();
        assert_eq!(
            failure.to_error().code.as_deref(),
            Some("store_unavailable")
        );
    }
    assert!(host.sent().is_empty());
}

#[test]
fn a_store_that_hangs_costs_half_a_second_once_flt28() {
    let host = FakeHost::new((0..200).map(|_| ok()));
    team_a(&host);
    let (own, stored) = (with_own_pool(&host), gateway(&host));
    unary(&host, &own).unwrap();
    chat(&host, &stored).unwrap();
    host.settle();
    host.store_silent.set(true);
    host.pass(Duration::from_secs(3));
    for gateway in [&own, &stored] {
        let mut waits = Vec::new();
        for _ in 0..60 {
            let ((), wait) = time(&host, || {
                if Rc::ptr_eq(gateway, &own) {
                    unary(&host, gateway).unwrap();
                } else {
                    chat(&host, gateway).unwrap();
                }
            });
            waits.push(wait);
            host.pass(Duration::from_millis(500));
        }
        let waited: Vec<&Duration> = waits.iter().filter(|wait| !wait.is_zero()).collect();
        assert!(waited.len() <= 1, "{waited:?}");
        assert!(
            waited
                .iter()
                .all(|wait| **wait <= Duration::from_millis(500)),
            "{waited:?}"
        );
    }
}

#[test]
fn the_deployments_own_pool_needs_no_store() {
    let host = FakeHost::new([ok(), ok()]);
    host.store_away.set(true);
    let gateway = with_own_pool(&host);
    assert!(unary(&host, &gateway).is_ok());
    let health = host.run(health(&gateway));
    assert_eq!((health.status, health.store), ("ok", "away"));
}

#[test]
fn a_damaged_page_of_keys_takes_no_other_page_with_it_flt30() {
    let host = FakeHost::new((0..40).map(|_| ok()));
    super::shelf::put_pool(&host, "team-a", "", |_| {});
    super::shelf::put_client(&host, "team-a", CLIENT, |_| {});
    let keys: Vec<String> = (0..600).map(|number| format!("key-{number}")).collect();
    super::shelf::add_keys(&host, "team-a", &keys.join(","));
    // The last document of the tree that is read is a page of keys.
    for _ in 0..10 {
        chat(&host, &gateway(&host)).unwrap();
    }
    let is_page = |name: &&String| name.starts_with("gp1:d:");
    let name = host
        .read
        .borrow()
        .iter()
        .rev()
        .find(is_page)
        .unwrap()
        .clone();
    if let Some(last) = host
        .documents
        .borrow_mut()
        .get_mut(&name)
        .unwrap()
        .last_mut()
    {
        *last ^= 1;
    }
    let gateway = gateway(&host);
    for _ in 0..30 {
        chat(&host, &gateway).unwrap();
    }
    assert_eq!(keys_used(&host).len(), 40);
    assert!(
        host.log().iter().any(|line| line.contains(&name)),
        "{:?}",
        host.log()
    );
}

#[test]
fn with_another_master_key_nobody_gets_in() {
    let host = FakeHost::new([ok()]);
    team_a(&host);
    let other = MASTER_KEY.replace('0', "f");
    let gateway = super::gateway(
        &host,
        &[
            ("gemini_api_keys", ""),
            ("valid_auth_tokens", ""),
            ("master_key", &other),
        ],
    );
    assert!(identify(&host, &gateway, CLIENT).is_err());
}

#[test]
fn marks_of_the_deployments_own_keys_survive_a_restart() {
    let host = FakeHost::new([super::invalid_key(), ok()]);
    let first = super::gateway(&host, &[]);
    unary(&host, &first).unwrap();
    host.settle();
    let dead = keys_used(&host).remove(0);
    let second = super::gateway(&host, &[]);
    for _ in 0..4 {
        host.then(Scripted::whole(200, answer("ok")));
        unary(&host, &second).unwrap();
    }
    assert!(!keys_used(&host)[1..].contains(&dead));
}

#[test]
fn no_document_of_the_store_shows_a_key() {
    let host = FakeHost::new([super::invalid_key(), ok()]);
    team_a(&host);
    let gateway = gateway(&host);
    chat(&host, &gateway).unwrap();
    host.settle();
    for (name, document) in &*host.documents.borrow() {
        let text = String::from_utf8_lossy(document);
        assert!(
            !text.contains("stored-1") && !text.contains("stored-2"),
            "{name}"
        );
        assert!(!text.contains(CLIENT) && !name.contains(CLIENT));
    }
}
