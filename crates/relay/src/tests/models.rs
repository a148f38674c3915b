//! The model list: paged, merged, kept, stored; and what happens without a store or a key.

use std::rc::Rc;
use std::time::Duration;

use gempool_translate::Model;

use super::{client, error, gateway, invalid_key, keys_used};
use crate::fakes::{FakeHost, Scripted};
use crate::{Failure, Gateway, MODELS_FRESH_FOR};

fn page(names: &[&str], next: Option<&str>) -> Scripted {
    let models: Vec<_> = names
        .iter()
        .map(|name| {
            serde_json::json!({
                "name": format!("models/{name}"),
                "supportedGenerationMethods": ["generateContent"],
            })
        })
        .collect();
    let mut page = serde_json::json!({ "models": models });
    if let Some(next) = next {
        page["nextPageToken"] = next.into();
    }
    Scripted::whole(200, page.to_string())
}

fn listed(host: &FakeHost, gateway: &Rc<Gateway>) -> Result<Rc<[Model]>, Failure> {
    let client = client(host, gateway);
    host.run(crate::models(gateway, &client))
}

fn ids(models: &[Model]) -> Vec<&str> {
    models.iter().map(|model| model.id.as_str()).collect()
}

#[test]
fn pages_are_read_to_the_end_and_keys_are_merged() {
    let host = FakeHost::new([
        page(&["gemini-b"], Some("more")),
        page(&["gemini-a", "gemini-b"], None),
        page(&["gemini-c"], None),
    ]);
    let gateway = gateway(&host, &[]);
    let list = listed(&host, &gateway).unwrap();
    assert_eq!(ids(&list), ["gemini-a", "gemini-b", "gemini-c"]);
    assert!(
        host.sent()
            .iter()
            .any(|sent| sent.url.ends_with("&pageToken=more"))
    );
}

#[test]
fn a_fresh_list_costs_no_call_and_an_old_one_is_asked_again() {
    let host = FakeHost::new([page(&["one"], None), page(&["one"], None)]);
    let gateway = gateway(&host, &[]);
    for _ in 0..5 {
        assert_eq!(ids(&listed(&host, &gateway).unwrap()), ["one"]);
    }
    assert_eq!(keys_used(&host).len(), 2);
    host.pass(MODELS_FRESH_FOR);
    host.then(page(&["two"], None));
    host.then(page(&["two"], None));
    assert_eq!(ids(&listed(&host, &gateway).unwrap()), ["two"]);
}

#[test]
fn another_instance_reads_the_list_from_the_store() {
    let host = FakeHost::new([page(&["one"], None), page(&["one"], None)]);
    let list = listed(&host, &gateway(&host, &[])).unwrap();
    let calls = keys_used(&host).len();
    assert_eq!(listed(&host, &gateway(&host, &[])).unwrap(), list);
    assert_eq!(keys_used(&host).len(), calls);
}

#[test]
fn another_pool_does_not_see_this_ones_list() {
    let host = FakeHost::new([page(&["one"], None), page(&["one"], None)]);
    listed(&host, &gateway(&host, &[])).unwrap();
    host.then(page(&["other"], None));
    let other = gateway(&host, &[("gemini_api_keys", "key-z")]);
    assert_eq!(ids(&listed(&host, &other).unwrap()), ["other"]);
}

#[test]
fn a_store_that_is_away_or_corrupt_costs_a_call_and_nothing_else() {
    let host = FakeHost::new([page(&["one"], None), page(&["one"], None)]);
    host.store_away.set(true);
    let away = gateway(&host, &[]);
    assert_eq!(ids(&listed(&host, &away).unwrap()), ["one"]);

    host.store_away.set(false);
    host.then(page(&["one"], None));
    host.then(page(&["one"], None));
    listed(&host, &gateway(&host, &[])).unwrap();
    for document in host.documents.borrow_mut().values_mut() {
        document.truncate(10);
    }
    host.then(page(&["two"], None));
    host.then(page(&["two"], None));
    assert_eq!(ids(&listed(&host, &gateway(&host, &[])).unwrap()), ["two"]);
}

#[test]
fn one_key_that_answers_is_enough() {
    let host = FakeHost::new([invalid_key(), page(&["one"], None)]);
    let gateway = gateway(&host, &[]);
    assert_eq!(ids(&listed(&host, &gateway).unwrap()), ["one"]);
}

#[test]
fn without_any_answer_the_failure_is_told_and_not_kept() {
    let host = FakeHost::new([
        error(500, "INTERNAL", "boom"),
        error(500, "INTERNAL", "boom"),
        page(&["one"], None),
        page(&["one"], None),
    ]);
    let gateway = gateway(&host, &[]);
    assert!(
        listed(&host, &gateway)
            .unwrap_err()
            .status()
            .is_server_error()
    );
    assert_eq!(ids(&listed(&host, &gateway).unwrap()), ["one"]);
}

#[test]
fn a_page_token_that_repeats_does_not_loop() {
    let host = FakeHost::new((0..20).map(|_| page(&["one"], Some("again"))));
    let gateway = gateway(&host, &[("gemini_api_keys", "only-key")]);
    listed(&host, &gateway).unwrap();
    assert_eq!(keys_used(&host).len(), 2);
}

#[test]
fn a_list_that_hangs_is_given_up() {
    let mut hanging = page(&["one"], None);
    hanging.delay = Duration::from_secs(3_600);
    let host = FakeHost::new([hanging]);
    let gateway = gateway(&host, &[("gemini_api_keys", "only-key")]);
    let failure = listed(&host, &gateway).unwrap_err();
    assert_eq!(failure.status(), http::StatusCode::GATEWAY_TIMEOUT);
}
