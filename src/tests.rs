//! Routes against a scripted host: statuses, headers, error shapes. What use cases do is tested in
//! `gempool-relay`, the real component in `tests/`.

mod resources;

use std::rc::Rc;

use bytes::Bytes;
use gempool_relay::fakes::{FakeHost, Scripted};
use gempool_relay::{Body, Settings};
use http::{Method, Request, Response};
use serde_json::Value;

use crate::app::App;
use crate::request_body::BODY_BYTES_MAX;
use crate::router::Access;
use crate::router::tests::examples;

const CLIENT_KEY: &str = "sk-pool-test";

fn app(host: &Rc<FakeHost>, variables: &[(&str, &str)]) -> App {
    let settings = Settings::parse(|name| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    });
    App::new(settings, Rc::clone(host) as _)
}

fn ready(host: &Rc<FakeHost>) -> App {
    app(
        host,
        &[
            ("gemini_api_keys", "key-a,key-b"),
            ("valid_auth_tokens", CLIENT_KEY),
        ],
    )
}

fn request(method: &Method, path: &str) -> http::request::Builder {
    Request::builder().method(method).uri(path)
}

fn authorized(method: &Method, path: &str) -> http::request::Builder {
    request(method, path).header("authorization", format!("Bearer {CLIENT_KEY}"))
}

fn send(host: &FakeHost, app: &App, request: Request<Body>) -> Response<Bytes> {
    let (head, body) = host.run(app.respond(request)).into_parts();
    let bytes = match body {
        Body::Full(bytes) => bytes.unwrap_or_default(),
        Body::Stream(_) => Bytes::from_static(b"(stream)"),
    };
    Response::from_parts(head, bytes)
}

fn json(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

fn chat(body: impl Into<Bytes>) -> Request<Body> {
    authorized(&Method::POST, "/v1/chat/completions")
        .body(Body::full(body))
        .unwrap()
}

#[test]
fn every_route_but_health_is_closed_without_a_client_key() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    for (path, route) in examples() {
        for credential in [
            None,
            Some("Bearer wrong"),
            Some("Bearer "),
            Some("Bearer key-a"),
        ] {
            let mut builder = request(&route.methods()[0], path);
            if let Some(credential) = credential {
                builder = builder.header("authorization", credential);
            }
            let response = send(&host, &app, builder.body(Body::empty()).unwrap());
            let expected = if route.access() == Access::Anyone {
                200
            } else {
                401
            };
            assert_eq!(response.status(), expected, "{path} {credential:?}");
        }
    }
    assert!(host.sent().is_empty());
}

#[test]
fn every_wrong_client_key_gets_the_same_answer_without_an_echo() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    let long = "x".repeat(9_000);
    let mut bodies = Vec::new();
    for key in [
        "wrong-canary",
        "sk-pool-tesT",
        "' OR '1'='1",
        &long,
        "sk-pool-test2",
    ] {
        let request = request(&Method::GET, "/v1/models")
            .header("authorization", format!("Bearer {key}"))
            .body(Body::empty())
            .unwrap();
        let response = send(&host, &app, request);
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        bodies.push(response.into_body());
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    assert!(!String::from_utf8_lossy(&bodies[0]).contains("canary"));
}

#[test]
fn unknown_paths_and_methods_are_refused_in_openais_shape() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    for (method, path, status) in [
        (Method::GET, "/v1/unknown", 404),
        (Method::GET, "/v1/chat/completions", 405),
        (Method::POST, "/v1/models", 405),
        (Method::DELETE, "/health", 405),
    ] {
        let response = send(
            &host,
            &app,
            authorized(&method, path).body(Body::empty()).unwrap(),
        );
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(json(&response)["error"]["type"], "invalid_request_error");
        assert_eq!(response.headers().contains_key("allow"), status == 405);
    }
}

#[test]
fn every_answer_carries_an_id_and_is_never_stored() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    let mut ids = Vec::new();
    for path in ["/health", "/v1/status", "/v1/models", "/nowhere"] {
        let response = send(
            &host,
            &app,
            authorized(&Method::GET, path).body(Body::empty()).unwrap(),
        );
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        ids.push(response.headers()["x-request-id"].clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[test]
fn a_gateway_without_keys_says_what_to_set() {
    let host = FakeHost::new([]);
    let app = app(&host, &[("gemini_api_keys", "key-a")]);
    let health = send(
        &host,
        &app,
        request(&Method::GET, "/health")
            .body(Body::empty())
            .unwrap(),
    );
    assert_eq!(json(&health)["status"], "setup_required");
    assert_eq!(json(&health)["missing"][0], "VALID_AUTH_TOKENS");
    let response = send(&host, &app, chat("{}"));
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["x-should-retry"], "false");
    assert!(
        json(&response)["error"]["message"]
            .as_str()
            .unwrap()
            .contains("VALID_AUTH_TOKENS")
    );
}

#[test]
fn a_variable_that_cannot_be_used_is_named_everywhere() {
    let host = FakeHost::new([]);
    let app = app(&host, &[("load_balance_strategy", "fastest")]);
    let health = send(
        &host,
        &app,
        request(&Method::GET, "/health")
            .body(Body::empty())
            .unwrap(),
    );
    assert_eq!(health.status(), 200);
    assert_eq!(json(&health)["status"], "misconfigured");
    let response = send(&host, &app, chat("{}"));
    assert_eq!(response.status(), 500);
    assert!(
        json(&response)["error"]["message"]
            .as_str()
            .unwrap()
            .contains("load_balance_strategy")
    );
}

#[test]
fn a_body_over_the_limit_is_refused_announced_or_not() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    let announced = authorized(&Method::POST, "/v1/chat/completions")
        .header("content-length", BODY_BYTES_MAX + 1)
        .body(Body::empty())
        .unwrap();
    for request in [announced, chat(vec![b' '; BODY_BYTES_MAX + 1])] {
        let response = send(&host, &app, request);
        assert_eq!(response.status(), 413);
        assert_eq!(json(&response)["error"]["code"], "request_too_large");
    }
    assert!(host.sent().is_empty());
}

#[test]
fn a_compressed_body_is_refused() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    let request = authorized(&Method::POST, "/v1/chat/completions")
        .header("content-encoding", "gzip")
        .body(Body::full("x"))
        .unwrap();
    assert_eq!(send(&host, &app, request).status(), 415);
}

#[test]
fn nonsense_is_a_400_that_names_the_field_and_never_goes_upstream() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    let deep = format!(r#"{{"model":"m","messages":{}"#, "[".repeat(10_000));
    for (body, param) in [
        ("not json", None),
        ("", None),
        ("[]", None),
        (deep.as_str(), None),
        (r#"{"model":"gemini-2.5-flash"}"#, Some("messages")),
        (
            r#"{"model":"gemini-2.5-flash","messages":[]}"#,
            Some("messages"),
        ),
        (
            r#"{"model":"gemini-2.5-flash","messages":"hi"}"#,
            Some("messages"),
        ),
        (
            r#"{"model":"gemini-2.5-flash","messages":[{"role":"wizard","content":"hi"}]}"#,
            Some("messages[0].role"),
        ),
        (
            r#"{"model":"../x","messages":[{"role":"user","content":"hi"}]}"#,
            Some("model"),
        ),
        (
            r#"{"model":"gemini-2.5-flash","temperature":"hot","messages":[{"role":"user","content":"hi"}]}"#,
            Some("temperature"),
        ),
    ] {
        let response = send(&host, &app, chat(body.to_owned()));
        assert_eq!(response.status(), 400, "{body}");
        let error = &json(&response)["error"];
        assert_eq!(error["type"], "invalid_request_error", "{body}");
        if let Some(param) = param {
            assert_eq!(error["param"], param, "{body}");
        }
    }
    let bad_utf8 = b"{\"model\":\"\xff\"}".to_vec();
    assert_eq!(send(&host, &app, chat(bad_utf8)).status(), 400);
    assert!(host.sent().is_empty());
}

#[test]
fn a_limit_of_every_key_is_a_429_with_whole_seconds() {
    let limit = || {
        Scripted::whole(
            429,
            r#"{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"30.5s"}]}}"#,
        )
    };
    let host = FakeHost::new([limit(), limit()]);
    let app = ready(&host);
    let body = r#"{"model":"gemini-2.5-flash","messages":[{"role":"user","content":"hi"}]}"#;
    let response = send(&host, &app, chat(body));
    assert_eq!(response.status(), 429);
    let seconds: u64 = response.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((31..=60).contains(&seconds), "{seconds}");
    assert_eq!(json(&response)["error"]["code"], "rate_limit_exceeded");
}

#[test]
fn head_is_answered_like_get_without_a_body() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    let response = send(
        &host,
        &app,
        request(&Method::HEAD, "/health")
            .body(Body::empty())
            .unwrap(),
    );
    assert_eq!(response.status(), 200);
    assert!(response.body().is_empty());
}

#[test]
fn status_has_the_shape_that_scripts_know() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    let response = send(
        &host,
        &app,
        authorized(&Method::GET, "/v1/status")
            .body(Body::empty())
            .unwrap(),
    );
    let status = json(&response);
    assert_eq!(status["status"], "healthy");
    assert_eq!(status["timestamp"], "2026-11-21T12:00:00Z");
    assert_eq!(status["keyPool"]["totalKeys"], 2);
    assert_eq!(status["keyPool"]["availableKeys"], 2);
    assert_eq!(status["keyPool"]["failedKeys"], 0);
    assert_eq!(status["keyPool"]["coolingKeys"], 0);
    assert_eq!(status["keyPool"]["strategy"], "weighted");
    assert!(status["keyPool"].get("coolingDetails").is_none());
    assert_eq!(status["auth"]["validTokens"], 1);
    assert!(status["version"].is_string() && status["features"].is_array());
}

#[test]
fn keys_are_counted_for_everybody_only_where_everybody_may_bring_one() {
    let master_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    let host = FakeHost::new([]);
    let count = |app: &App, request: http::request::Builder| {
        let response = send(&host, app, request.body(Body::empty()).unwrap());
        let count = json(&response)["keyCount"].as_u64();
        (response.status().as_u16(), count)
    };
    let closed = ready(&host);
    let get = Method::GET;
    assert_eq!(count(&closed, request(&get, "/keycount")), (401, None));
    assert_eq!(
        count(&closed, authorized(&get, "/keycount")),
        (200, Some(2))
    );
    let variables = [("contribute_pool", "shared"), ("master_key", master_key)];
    let open = app(&host, &variables);
    assert_eq!(count(&open, request(&get, "/keycount")), (200, Some(0)));
}

#[test]
fn a_gemini_key_joins_by_googles_own_path_and_leaves_by_itself() {
    let master_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    let answer = r#"{"candidates":[{"content":{"parts":[{"text":"ok"}]},"finishReason":"STOP"}]}"#;
    let host = FakeHost::new([Scripted::whole(200, answer)]);
    let app = app(
        &host,
        &[("contribute_pool", "shared"), ("master_key", master_key)],
    );
    let with_key = |method: &Method, path: &str, header: &str| {
        let key = request(method, path).header(header, "AIza-mine");
        send(
            &host,
            &app,
            key.body(Body::full(r#"{"contents":[]}"#)).unwrap(),
        )
    };
    let path = "/v1beta/models/gemini-2.5-flash:generateContent";
    // A Gemini key is one only where Google's clients put it.
    for (header, path) in [
        ("x-api-key", path),
        ("x-goog-api-key", "/v1/chat/completions"),
    ] {
        assert_eq!(with_key(&Method::POST, path, header).status(), 401);
    }
    assert!(host.sent().is_empty());
    let post = Method::POST;
    assert_eq!(with_key(&post, path, "x-goog-api-key").status(), 200);
    host.settle();
    host.pass(std::time::Duration::from_secs(2));
    let account = with_key(&Method::GET, "/contribution", "x-goog-api-key");
    assert_eq!(json(&account)["state"], "living");
    assert_eq!(json(&account)["used"]["requests"], 1);
    let left = with_key(&Method::DELETE, "/contribution", "x-goog-api-key");
    assert_eq!(json(&left)["state"], "unknown");
    let refused = authorized(&Method::GET, "/contribution");
    let refused = send(&host, &app, refused.body(Body::empty()).unwrap());
    assert_eq!(refused.status(), 401);
}

#[test]
fn health_tells_whether_the_store_answers() {
    let host = FakeHost::new([]);
    let app = ready(&host);
    let health = || {
        let request = request(&Method::GET, "/health");
        json(&send(&host, &app, request.body(Body::empty()).unwrap()))
    };
    assert_eq!(health()["store"], "ok");
    host.store_away.set(true);
    host.pass(std::time::Duration::from_secs(3));
    let health = health();
    assert_eq!(
        (&health["status"], &health["store"]),
        (&"ok".into(), &"away".into())
    );
}
