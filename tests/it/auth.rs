//! Who may use the pool: client keys in every accepted place, and refusals that teach nothing.

use http::Method;
use serde_json::Value;

use crate::support::chat;
use crate::support::client::{CHAT, Client};
use crate::support::scene::Scene;
use crate::support::secrets::{CLIENT_KEYS, UPSTREAM_KEYS};

/// A key nobody has, of characters that no error text contains by chance.
const UNKNOWN: &str = "zq7#xj3%kv9@wq5~";

async fn chat_with(client: &Client, headers: &[(&str, &str)]) -> crate::support::client::Answer {
    let mut call = client
        .anonymous()
        .request(Method::POST, CHAT)
        .json(&chat::unary());
    for (name, value) in headers {
        call = call.header(name, value);
    }
    call.answer().await
}

#[tokio::test]
async fn a_client_key_is_accepted_wherever_a_client_may_put_it() {
    let scene = Scene::start().await;
    let client = scene.client();
    for (name, value) in [
        ("authorization", format!("Bearer {}", CLIENT_KEYS[0])),
        ("authorization", format!("bearer {}", CLIENT_KEYS[1])),
        ("authorization", CLIENT_KEYS[0].to_owned()),
        ("x-api-key", CLIENT_KEYS[0].to_owned()),
        ("x-goog-api-key", CLIENT_KEYS[1].to_owned()),
    ] {
        let answer = chat_with(&client, &[(name, &value)]).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
    }
}

#[tokio::test]
async fn every_refusal_reads_the_same_and_nothing_goes_upstream() {
    let scene = Scene::start().await;
    let client = scene.client();
    let overlong = format!("Bearer {}", "k".repeat(8 * 1024));
    let unknown = format!("Bearer {UNKNOWN}");
    let almost = format!("Bearer {}x", CLIENT_KEYS[0]);
    let upper = format!("Bearer {}", CLIENT_KEYS[0].to_uppercase());
    let upstream = format!("Bearer {}", UPSTREAM_KEYS[0]);
    let cases: [&[(&str, &str)]; 9] = [
        &[],
        &[("authorization", &unknown)],
        &[("authorization", "Bearer ")],
        &[("authorization", "Basic dXNlcjpwYXNz")],
        &[("authorization", &almost)],
        &[("authorization", &upper)],
        &[("authorization", &upstream)],
        &[("authorization", &overlong)],
        &[("x-goog-api-key", UNKNOWN)],
    ];

    let mut bodies = Vec::new();
    for headers in cases {
        let answer = chat_with(&client, headers).await;
        let error = answer.error(401);
        assert_eq!(error["code"], "invalid_api_key", "{headers:?}");
        let text = answer.text();
        for fragment in UNKNOWN
            .as_bytes()
            .windows(4)
            .filter_map(|bytes| std::str::from_utf8(bytes).ok())
        {
            assert!(
                !text.contains(fragment),
                "the answer echoes `{fragment}`: {text}"
            );
        }
        bodies.push(text);
    }

    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert!(
        scene.sim().requests().is_empty(),
        "an unknown client reached the upstream"
    );
}

#[tokio::test]
async fn contradicting_credentials_are_refused() {
    let scene = Scene::start().await;
    let client = scene.client();
    let first = format!("Bearer {}", CLIENT_KEYS[0]);
    let second = format!("Bearer {}", CLIENT_KEYS[1]);
    let cases: [&[(&str, &str)]; 3] = [
        &[("authorization", &first), ("authorization", &second)],
        &[
            ("authorization", &first),
            ("x-goog-api-key", CLIENT_KEYS[1]),
        ],
        &[("authorization", &first), ("x-api-key", UNKNOWN)],
    ];
    for headers in cases {
        chat_with(&client, headers).await.error(400);
    }
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn a_key_in_the_query_opens_nothing() {
    let scene = Scene::start().await;
    let client = scene.client().anonymous();
    let path = format!("{CHAT}?key={}", CLIENT_KEYS[0]);
    client.post(&path, &chat::unary()).await.error(401);
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn every_client_route_wants_a_key() {
    let scene = Scene::start().await;
    let client = scene.client().anonymous();
    for (method, path) in [
        (Method::POST, CHAT),
        (Method::GET, "/v1/models"),
        (Method::GET, "/v1/status"),
    ] {
        client.request(method, path).answer().await.error(401);
    }
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn unknown_paths_are_not_found_with_and_without_a_key() {
    let scene = Scene::start().await;
    for path in [
        "/v1/nothing",
        "/v1//chat/completions",
        "/v1/chat/completions/",
        "/v1/chat/completions;a=b",
        "/v1/%2e%2e/chat/completions",
        "/v1/chat%2fcompletions",
        "/v1/chat/completions%00",
        "/v1/proxy/chat/completions",
        "/v1/..",
    ] {
        for client in [scene.client(), scene.client().anonymous()] {
            let answer = client.post(path, &chat::unary()).await;
            assert!(
                [400, 404].contains(&answer.status.as_u16()),
                "{path}: {}",
                answer.status
            );
            let error = answer.error(answer.status.as_u16());
            assert_ne!(error["message"], Value::Null, "{path}");
        }
    }
    for path in [
        "/V1/chat/completions",
        "//v1/chat/completions",
        "/v1beta/../v1/chat/completions",
    ] {
        let status = scene.client().post(path, &chat::unary()).await.status;
        assert!(status.is_client_error(), "{path}: {status}");
    }
    assert!(scene.sim().requests().is_empty());
}

#[tokio::test]
async fn a_wrong_method_is_answered_with_the_right_one() {
    let scene = Scene::start().await;
    for (method, path, allowed) in [
        (Method::GET, CHAT, "POST"),
        (Method::DELETE, CHAT, "POST"),
        (Method::POST, "/v1/models", "GET"),
        (Method::PUT, "/v1/status", "GET"),
    ] {
        let answer = scene.client().request(method.clone(), path).answer().await;
        answer.error(405);
        assert!(
            answer.header("allow").contains(allowed),
            "{method} {path}: {:?}",
            answer.headers
        );
    }
}
