//! What a client key may do, by its record and its pool's configuration.

use std::rc::Rc;
use std::time::Duration;

use gempool_state::{ClientKeyRecord, PoolConfig};
use gempool_translate::Model;
use http::StatusCode;
use proptest::prelude::*;

use super::identify;
use super::pools::{chat, chat_with, gateway, ok};
use super::shelf::{self, CLIENT, put_client, put_pool};
use crate::fakes::{FakeHost, START, Scripted};
use crate::models;

/// A pool with one key, changed, and a client key to it, changed.
fn scene(
    host: &FakeHost,
    pool: impl FnOnce(&mut PoolConfig),
    client: impl FnOnce(&mut ClientKeyRecord),
) {
    put_pool(host, "team-a", "stored-1", pool);
    put_client(host, "team-a", CLIENT, client);
}

fn patterns(patterns: &[&str]) -> Vec<String> {
    patterns
        .iter()
        .map(|pattern| (*pattern).to_owned())
        .collect()
}

#[test]
fn disabled_and_expired_keys_open_nothing() {
    for change in [
        (|record| record.disabled = true) as fn(&mut ClientKeyRecord),
        |record| record.expires_at = Some(START),
    ] {
        let host = FakeHost::new([ok()]);
        scene(&host, |_| {}, change);
        let failure = chat(&host, &gateway(&host)).unwrap_err();
        assert_eq!(failure.status(), StatusCode::UNAUTHORIZED);
        assert!(host.sent().is_empty());
    }
    let host = FakeHost::new([ok()]);
    scene(
        &host,
        |_| {},
        |record| record.expires_at = Some(START.saturating_add(Duration::from_secs(1))),
    );
    assert!(chat(&host, &gateway(&host)).is_ok());
}

#[test]
fn a_model_must_be_allowed_by_the_pool_and_by_the_key() {
    let all: &[&str] = &[];
    for (pool, client, model, allowed) in [
        (all, None, "gemini-2.5-flash", true),
        (&["gemini-2.5-*"], None, "gemini-2.5-flash", true),
        (&["gemini-2.5-*"], None, "models/gemini-2.5-flash", true),
        (&["gemini-2.5-*"], None, "gemini-2.5-flash-low", true),
        (&["gemini-2.5-pro"], None, "gemini-2.5-flash", false),
        (&["gemini-2.5-pro"], None, "gemini-2.5-flash-low", false),
        (&["gpt-4o"], None, "gpt-4o", true),
        (&["gemini-2.5-flash"], None, "gpt-4o", true),
        (&["gemini-2.5-pro"], None, "gpt-4o", false),
        (all, Some(all), "gemini-2.5-flash", false),
        (
            all,
            Some(&["gemini-2.5-flash"][..]),
            "gemini-2.5-flash",
            true,
        ),
        (
            &["gemini-2.5-flash"],
            Some(&["gemini-2.5-pro"][..]),
            "gemini-2.5-flash",
            false,
        ),
    ] {
        let host = FakeHost::new([ok()]);
        scene(
            &host,
            |config| {
                config.allowed_models = patterns(pool);
                config.aliases = "gpt-4o=gemini-2.5-flash".to_owned();
            },
            |record| record.allowed_models = client.map(patterns),
        );
        let answered = chat_with(&host, &gateway(&host), model);
        let case = format!("{pool:?} {client:?} {model}: {answered:?}");
        match answered {
            Ok(_) => assert!(allowed, "{case}"),
            Err(failure) => {
                assert!(!allowed, "{case}");
                assert_eq!(failure.status(), StatusCode::FORBIDDEN);
                let told = failure.to_error();
                assert_eq!(told.message, format!("model {model} is not allowed"));
            }
        }
        assert_eq!(host.sent().is_empty(), !allowed, "{case}");
    }
}

#[test]
fn the_list_of_models_has_what_the_client_may_use_and_other_names_for_it() {
    let page =
        r#"{"models":[{"name":"models/gemini-2.5-flash"},{"name":"models/gemini-2.5-pro"}]}"#;
    let host = FakeHost::new([Scripted::whole(200, page)]);
    scene(
        &host,
        |config| {
            config.aliases =
                "fast=gemini-2.5-flash,smart=gemini-2.5-pro,x-*=gemini-2.5-flash".to_owned()
        },
        |record| record.allowed_models = Some(patterns(&["gemini-2.5-flash"])),
    );
    let gateway = gateway(&host);
    let client = identify(&host, &gateway, CLIENT).unwrap().unwrap();
    let list: Rc<[Model]> = host.run(models(&gateway, &client)).unwrap();
    let ids: Vec<&str> = list.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids, ["fast", "gemini-2.5-flash"]);
}

#[test]
fn requests_and_tokens_of_a_minute_and_of_a_day_are_limited() {
    // Each answer costs two tokens.
    for (change, allowed) in [
        (
            (|record| record.rpm = Some(2)) as fn(&mut ClientKeyRecord),
            2,
        ),
        (|record| record.tpm = Some(3), 2),
        (|record| record.tokens_per_day = Some(5), 3),
    ] {
        let host = FakeHost::new((0..4).map(|_| ok()));
        scene(&host, |_| {}, change);
        let gateway = gateway(&host);
        for number in 0..4 {
            let answered = chat(&host, &gateway);
            assert_eq!(answered.is_ok(), number < allowed, "{number}: {answered:?}");
            if let Err(failure) = answered {
                assert_eq!(failure.status(), StatusCode::TOO_MANY_REQUESTS);
                assert!(failure.retry_after().is_some());
            }
        }
        assert_eq!(host.sent().len(), allowed);
    }
}

#[test]
fn a_pools_limit_is_of_all_its_clients_together() {
    let host = FakeHost::new([ok(), ok()]);
    scene(&host, |config| config.rpm = Some(1), |_| {});
    let gateway = gateway(&host);
    chat(&host, &gateway).unwrap();
    let failure = chat(&host, &gateway).unwrap_err();
    assert!(failure.to_error().message.contains("the pool's requests"));
    host.pass(Duration::from_secs(60));
    assert!(chat(&host, &gateway).is_ok());
}

#[test]
fn a_limit_counts_what_other_instances_let_through() {
    let host = FakeHost::new((0..4).map(|_| ok()));
    scene(&host, |_| {}, |record| record.rpm = Some(3));
    let (one, other) = (gateway(&host), gateway(&host));
    chat(&host, &one).unwrap();
    chat(&host, &one).unwrap();
    host.settle();
    // The first here is let through, and its flush brings what the other instance counted.
    chat(&host, &other).unwrap();
    host.settle();
    assert!(chat(&host, &other).is_err());
}

#[test]
fn a_client_that_must_be_paid_for_gets_no_key_that_is_not_known_to_be() {
    let host = FakeHost::new([ok()]);
    scene(&host, |_| {}, |record| record.paid_only = true);
    let failure = chat(&host, &gateway(&host)).unwrap_err();
    assert_eq!(failure.to_error().code.as_deref(), Some("no_paid_key"));
    shelf::set_tier(&host, "team-a", "stored-1", gempool_pool::Tier::Paid);
    assert!(chat(&host, &gateway(&host)).is_ok());
}

#[test]
fn a_clients_own_threshold_goes_before_the_deployments() {
    let host = FakeHost::new([ok(), ok()]);
    scene(
        &host,
        |_| {},
        |record| record.safety = Some("BLOCK_ONLY_HIGH".to_owned()),
    );
    chat(&host, &gateway(&host)).unwrap();
    assert_eq!(host.sent()[0].body.matches("BLOCK_ONLY_HIGH").count(), 4);
}

/// What the gateway makes of a record as it is stored.
fn can(record: &serde_json::Value, model: &str) -> bool {
    let Ok(record) = serde_json::from_value::<ClientKeyRecord>(record.clone()) else {
        return false;
    };
    crate::client::ClientPolicy::from(&record).can(model, START)
}

proptest! {
    #[test]
    fn removing_a_field_of_a_record_never_widens_access(
        disabled: bool,
        expires in prop::option::of(START.0 - 1..START.0 + 2),
        models in prop::option::of(prop::collection::vec("gemini-(2|\\*)", 0..3)),
        paid_only: bool,
        limit in prop::option::of(0_u32..3),
        model in "gemini-(2|3)",
        removed in 0_usize..20,
    ) {
        let mut record = serde_json::json!({
            "id": "000102030405060708090a0b0c0d0e0f", "pool": "a", "name": "", "head": "",
            "disabled": disabled, "expires_at": expires, "allowed_models": models, "rpm": limit,
            "tpm": limit, "tokens_per_day": limit, "paid_only": paid_only, "safety": null,
            "created_at": 0, "stamp": 0,
        });
        let before = can(&record, &model);
        let fields: Vec<String> = record.as_object().unwrap().keys().cloned().collect();
        if let Some(field) = fields.get(removed) {
            record.as_object_mut().unwrap().remove(field);
        }
        prop_assert!(before || !can(&record, &model), "{record}");
    }
}
