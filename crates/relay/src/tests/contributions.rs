//! The shared pool: who brings a key uses it, and what becomes of the key (seed 004).

use std::rc::Rc;
use std::time::Duration;

use gempool_translate::native::{NativeCall, NativeMethod, NativeRequest};
use http::StatusCode;

use super::pools::{gateway_with, ok};
use super::shelf::{self, put_pool};
use super::{drain, error, invalid_key, keys_used, minute_quota};
use crate::fakes::{FakeHost, Scripted};
use crate::{
    Account, Client, Failure, Gateway, OwnedExchange, Presented, Reply, contribution, exchange,
    key_count, withdraw,
};

fn gateway(host: &Rc<FakeHost>) -> Rc<Gateway> {
    gateway_with(host, &[("contribute_pool", "shared")])
}

fn bring(host: &FakeHost, gateway: &Rc<Gateway>, key: &str) -> Result<Option<Client>, Failure> {
    host.run(gateway.identify(key, Presented::AsGeminiKey))
}

/// What Google's own client gets that sends `key`.
fn generate(host: &FakeHost, gateway: &Rc<Gateway>, key: &str) -> Result<String, Failure> {
    generate_with(host, gateway, key, r#"{"contents":[]}"#)
}

fn generate_with(
    host: &FakeHost,
    gateway: &Rc<Gateway>,
    key: &str,
    body: &str,
) -> Result<String, Failure> {
    let client = bring(host, gateway, key)?.ok_or(Failure::KeyClosed)?;
    let call = NativeCall {
        model: "gemini-2.5-flash",
        method: NativeMethod::Generate,
    };
    let request = OwnedExchange::read(body.to_owned().into(), |body| {
        Ok(Box::new(NativeRequest::new(call, None, body)?))
    })?;
    match host.run(exchange(gateway, client, request))? {
        Reply::Whole { body, .. } => Ok(drain(host, body).0),
        Reply::Stream { .. } => panic!("streamed"),
    }
}

/// Lets everybody hear of what happened.
fn rest(host: &FakeHost) {
    host.settle();
    host.pass(Duration::from_secs(2));
}

fn account(host: &FakeHost, gateway: &Rc<Gateway>, key: &str) -> Account {
    let client = bring(host, gateway, key).unwrap().unwrap();
    host.run(contribution(gateway, &client)).unwrap().unwrap()
}

fn count(host: &FakeHost, gateway: &Rc<Gateway>) -> u64 {
    host.run(key_count(gateway, None)).unwrap()
}

#[test]
fn a_new_key_serves_its_owner_alone_and_joins_after_it_has_worked() {
    let host = FakeHost::new([ok()]);
    let one = gateway(&host);
    assert_eq!(count(&host, &one), 0);
    generate(&host, &one, "AIza-mine").unwrap();
    assert_eq!(keys_used(&host), ["AIza-mine"]);
    rest(&host);
    assert_eq!(count(&host, &one), 1);
    // Another instance, and another contributor: each is served by the pool as soon as it is in it.
    let other = gateway(&host);
    host.then(ok());
    generate(&host, &other, "AIza-yours").unwrap();
    assert_eq!(keys_used(&host)[1], "AIza-yours");
    rest(&host);
    assert_eq!(count(&host, &other), 2);
    for _ in 0..4 {
        host.then(ok());
        generate(&host, &other, "AIza-mine").unwrap();
    }
    let served = &keys_used(&host)[2..];
    assert!(served.contains(&"AIza-yours".to_owned()), "{served:?}");
}

#[test]
fn a_key_that_does_not_work_does_not_join_and_its_owner_hears_google() {
    for (answer, status, heard) in [
        (invalid_key(), 400, "API key not valid"),
        (minute_quota("30s"), 429, ""),
        (
            error(400, "INVALID_ARGUMENT", "bad request"),
            400,
            "bad request",
        ),
    ] {
        let host = FakeHost::new([answer]);
        let gateway = gateway(&host);
        let failure = generate(&host, &gateway, "AIza-new").unwrap_err();
        assert_eq!(failure.status(), status, "{failure:?}");
        assert!(format!("{failure:?}").contains(heard), "{failure:?}");
        rest(&host);
        assert_eq!(count(&host, &gateway), 0);
        assert_eq!(host.sent().len(), 1, "no other key is tried");
    }
}

#[test]
fn a_key_that_died_in_the_pool_lives_again_when_it_works() {
    let host = FakeHost::new([ok()]);
    let gateway = gateway(&host);
    generate(&host, &gateway, "AIza-mine").unwrap();
    rest(&host);
    // The pool's only key is refused: its owner hears so, and the key is dead.
    host.then(invalid_key());
    assert!(generate(&host, &gateway, "AIza-mine").is_err());
    rest(&host);
    assert_eq!(account(&host, &gateway, "AIza-mine").state, "dead");
    // It was a mistake of Google's.
    host.then(ok());
    generate(&host, &gateway, "AIza-mine").unwrap();
    rest(&host);
    assert_eq!(account(&host, &gateway, "AIza-mine").state, "living");
}

#[test]
fn what_cannot_be_a_gemini_key_never_goes_to_google() {
    let host = FakeHost::new([ok(), ok()]);
    let gateway = gateway(&host);
    let long = "A".repeat(2_000);
    for key in [
        "",
        " ",
        "two words",
        "schl\u{fc}ssel",
        &long,
        "sk-pool-revoked",
    ] {
        assert!(bring(&host, &gateway, key).unwrap().is_none(), "{key}");
    }
    // Only where Google's clients put their keys.
    assert!(
        super::identify(&host, &gateway, "AIza-mine")
            .unwrap()
            .is_none()
    );
    // And only where the deployment wants it.
    let closed = gateway_with(
        &host,
        &[("gemini_api_keys", "k"), ("valid_auth_tokens", "c")],
    );
    assert!(bring(&host, &closed, "AIza-mine").unwrap().is_none());
    assert!(host.sent().is_empty());
}

#[test]
fn nothing_is_stored_at_google_whatever_a_request_says() {
    let host = FakeHost::new([ok(), ok(), ok()]);
    let gateway = gateway(&host);
    for body in [
        r#"{"contents":[],"store":true}"#,
        r#"{"contents":[],"store":null}"#,
        r#"{"contents":[]}"#,
    ] {
        generate_with(&host, &gateway, "AIza-mine", body).unwrap();
    }
    for sent in host.sent() {
        assert!(sent.body.contains(r#""store":false"#), "{}", sent.body);
        assert!(!sent.body.contains("true"), "{}", sent.body);
    }
}

#[test]
fn each_contributor_has_an_account_and_may_leave_at_once() {
    let host = FakeHost::new([ok(), ok(), ok()]);
    let one = gateway(&host);
    generate(&host, &one, "AIza-mine").unwrap();
    rest(&host);
    generate(&host, &one, "AIza-mine").unwrap();
    generate(&host, &one, "AIza-mine").unwrap();
    rest(&host);
    let mine = account(&host, &gateway(&host), "AIza-mine");
    assert_eq!((mine.pool.as_str(), mine.state), ("shared", "living"));
    assert!(!mine.key.contains("mine"));
    // Two tokens each.
    assert_eq!((mine.used.requests, mine.used.tokens), (3, 6));
    assert_eq!((mine.served.requests, mine.served.tokens), (3, 6));

    let client = bring(&host, &one, "AIza-mine").unwrap().unwrap();
    host.run(withdraw(&one, &client)).unwrap();
    assert_eq!(count(&host, &one), 0);
    assert_eq!(account(&host, &one, "AIza-mine").state, "unknown");
    host.pass(Duration::from_secs(2));
    assert_eq!(count(&host, &gateway(&host)), 0);
}

#[test]
fn an_admin_may_close_the_pool_to_strangers_or_a_key_out() {
    let host = FakeHost::new([ok()]);
    put_pool(&host, "shared", "AIza-admin", |_| {});
    assert!(bring(&host, &gateway(&host), "AIza-new").unwrap().is_none());

    put_pool(&host, "shared", "", |config| {
        config.contribute = true;
        config.disabled = true;
    });
    let failure = bring(&host, &gateway(&host), "AIza-new").unwrap_err();
    assert_eq!(failure.status(), StatusCode::FORBIDDEN);

    put_pool(&host, "shared", "", |config| config.contribute = true);
    shelf::disable(&host, "shared", "AIza-admin");
    let failure = bring(&host, &gateway(&host), "AIza-admin").unwrap_err();
    assert_eq!(failure.status(), StatusCode::UNAUTHORIZED);
    assert!(host.sent().is_empty());
}

#[test]
fn a_pool_of_strangers_keeps_no_files() {
    let host = FakeHost::new([Scripted::whole(200, "{}")]);
    let gateway = gateway(&host);
    let client = bring(&host, &gateway, "AIza-mine").unwrap().unwrap();
    let request = crate::ResourceRequest::CreateCache("{}".into());
    let failure = host
        .run(crate::resource(&gateway, &client, request))
        .unwrap_err();
    assert_eq!(failure.status(), StatusCode::FORBIDDEN);
    assert!(host.sent().is_empty());
}
