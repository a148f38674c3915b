//! Pools of the store: who gets in, what is read for it, and what crosses from one instance to another.

use std::rc::Rc;
use std::time::Duration;

use http::StatusCode;

use super::shelf::{CLIENT, MASTER_KEY, put_client, put_pool, revive, revoke, team_a};
use super::{answer, drain, identify, invalid_key, keys_used, minute_quota};
use crate::fakes::{FakeHost, Scripted};
use crate::{Failure, Gateway, OwnedExchange, Reply, exchange};

/// A gateway without a pool of its own, beside `host`'s store.
pub(super) fn gateway(host: &Rc<FakeHost>) -> Rc<Gateway> {
    gateway_with(host, &[])
}

/// The same with further variables.
pub(super) fn gateway_with(host: &Rc<FakeHost>, variables: &[(&str, &str)]) -> Rc<Gateway> {
    let mut all = variables.to_vec();
    all.extend([
        ("gemini_api_keys", ""),
        ("valid_auth_tokens", ""),
        ("master_key", MASTER_KEY),
    ]);
    super::gateway(host, &all)
}

/// What a chat of the stored client gets.
pub(super) fn chat(host: &FakeHost, gateway: &Rc<Gateway>) -> Result<String, Failure> {
    chat_with(host, gateway, "gemini-2.5-flash")
}

/// The same of a certain model.
pub(super) fn chat_with(
    host: &FakeHost,
    gateway: &Rc<Gateway>,
    model: &str,
) -> Result<String, Failure> {
    let client = identify(host, gateway, CLIENT)?.ok_or(Failure::KeyClosed)?;
    let body = format!(r#"{{"model":"{model}","messages":[{{"role":"user","content":"hi"}}]}}"#);
    let request = OwnedExchange::read(body.into(), |body| {
        Ok(Box::new(gempool_translate::ChatRequest::parse(body)?))
    })?;
    match host.run(exchange(gateway, client, request))? {
        Reply::Whole { body, .. } => Ok(drain(host, body).0),
        Reply::Stream { .. } => panic!("streamed"),
    }
}

pub(super) fn ok() -> Scripted {
    Scripted::whole(200, answer("ok"))
}

#[test]
fn a_cold_request_costs_five_reads_and_a_warm_one_none() {
    let host = FakeHost::new([ok(), ok()]);
    team_a(&host);
    let gateway = gateway(&host);
    let before = host.reads();
    chat(&host, &gateway).unwrap();
    let read = host
        .read
        .borrow()
        .iter()
        .skip(before)
        .cloned()
        .collect::<Vec<_>>();
    assert!(read.len() <= 5, "{read:?}");
    let calls = host.store_calls.get();
    chat(&host, &gateway).unwrap();
    assert_eq!(host.store_calls.get(), calls);
}

#[test]
fn ten_thousand_keys_cost_no_more() {
    let host = FakeHost::new([ok(), ok()]);
    put_pool(&host, "team-a", "", |_| {});
    put_client(&host, "team-a", CLIENT, |_| {});
    let keys: Vec<String> = (0..10_000).map(|number| format!("key-{number}")).collect();
    super::shelf::add_keys(&host, "team-a", &keys.join(","));
    let gateway = gateway(&host);
    let before = host.reads();
    chat(&host, &gateway).unwrap();
    assert!(host.reads() - before <= 5);
    let calls = host.store_calls.get();
    chat(&host, &gateway).unwrap();
    assert_eq!(host.store_calls.get(), calls);
}

#[test]
fn keys_serve_the_pool_that_they_are_in_and_no_other() {
    let host = FakeHost::new([ok(), ok()]);
    team_a(&host);
    put_pool(&host, "team-b", "other-1", |_| {});
    let gateway = gateway(&host);
    chat(&host, &gateway).unwrap();
    chat(&host, &gateway).unwrap();
    let mut keys = keys_used(&host);
    keys.sort();
    assert_eq!(keys, ["stored-1", "stored-2"]);
}

#[test]
fn dead_keys_stay_dead_after_a_restart_until_an_admin_revives_them() {
    let host = FakeHost::new([invalid_key(), ok()]);
    team_a(&host);
    let first = gateway(&host);
    chat(&host, &first).unwrap();
    host.settle();
    let dead = keys_used(&host).remove(0);

    let second = gateway(&host);
    for _ in 0..4 {
        host.then(ok());
        chat(&host, &second).unwrap();
    }
    assert!(!keys_used(&host)[1..].contains(&dead));

    revive(&host, "team-a", &dead);
    let third = gateway(&host);
    for _ in 0..4 {
        host.then(ok());
        chat(&host, &third).unwrap();
    }
    assert!(keys_used(&host)[6..].contains(&dead));
    // The mark of its earlier life is still there, and says nothing any more.
    let fourth = gateway(&host);
    for _ in 0..4 {
        host.then(ok());
        chat(&host, &fourth).unwrap();
    }
    assert!(keys_used(&host)[10..].contains(&dead));
}

#[test]
fn a_revival_is_seen_by_a_running_instance() {
    let host = FakeHost::new([invalid_key(), ok()]);
    team_a(&host);
    let gateway = gateway(&host);
    chat(&host, &gateway).unwrap();
    host.settle();
    let dead = keys_used(&host).remove(0);
    revive(&host, "team-a", &dead);
    host.pass(Duration::from_secs(2));
    for _ in 0..4 {
        host.then(ok());
        chat(&host, &gateway).unwrap();
    }
    assert!(keys_used(&host)[2..].contains(&dead));
}

#[test]
fn a_cooling_crosses_to_another_instance_within_two_seconds() {
    let host = FakeHost::new([ok(), ok()]);
    team_a(&host);
    let (one, other) = (gateway(&host), gateway(&host));
    // Both know the pool already.
    chat(&host, &one).unwrap();
    chat(&host, &other).unwrap();
    host.settle();
    host.then(minute_quota("60s"));
    host.then(ok());
    chat(&host, &one).unwrap();
    let cooling = keys_used(&host).remove(2);
    host.pass(Duration::from_millis(100));
    host.settle();
    host.pass(Duration::from_secs(2));
    for _ in 0..4 {
        host.then(ok());
        chat(&host, &other).unwrap();
    }
    assert!(!keys_used(&host)[4..].contains(&cooling));
}

#[test]
fn a_revoked_client_key_is_refused_within_two_seconds() {
    let host = FakeHost::new([ok(), ok()]);
    team_a(&host);
    let gateway = gateway(&host);
    chat(&host, &gateway).unwrap();
    revoke(&host, "team-a", CLIENT);
    host.pass(Duration::from_secs(2));
    assert!(identify(&host, &gateway, CLIENT).unwrap().is_none());
}

#[test]
fn a_disabled_pool_serves_nobody_and_says_so() {
    let host = FakeHost::new([ok()]);
    team_a(&host);
    put_pool(&host, "team-a", "", |config| config.disabled = true);
    let failure = chat(&host, &gateway(&host)).unwrap_err();
    assert_eq!(failure.status(), StatusCode::FORBIDDEN);
    assert!(host.sent().is_empty());
}
